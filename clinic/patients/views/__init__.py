"""Pages of patients."""

from clinic.patients.views import contacts, details, finding
from clinic.patients.views.blueprint import bp

__all__ = ["bp", "contacts", "details", "finding"]
