"""The pages of intake, in the order of a person's way."""

from clinic.intake.views import admission, assessment, calls, placement, public, referrals, registration
from clinic.intake.views.blueprint import bp

__all__ = ["admission", "assessment", "bp", "calls", "placement", "public", "referrals", "registration"]
