"""Pages of sign-in, of one's own sign-ins, of staff and of the on-call roster."""

from clinic.accounts.views import leave, roster, sign_in, staff, staff_edit
from clinic.accounts.views.blueprint import bp

__all__ = ["bp", "leave", "roster", "sign_in", "staff", "staff_edit"]
