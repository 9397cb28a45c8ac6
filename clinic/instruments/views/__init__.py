"""The pages of the scales."""

from clinic.instruments.views import amending, filling, results
from clinic.instruments.views.blueprint import bp

__all__ = ["amending", "bp", "filling", "results"]
