"""The pages of intake, in the order of a person's way."""

from clinic.intake.views import admission, assessment, placement, public, referrals, registration
from clinic.intake.views.blueprint import bp

__all__ = ["admission", "assessment", "bp", "placement", "public", "referrals", "registration"]
