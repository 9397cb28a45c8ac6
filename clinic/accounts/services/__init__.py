"""Staff, their sign-ins, forms that came too late, the on-call roster."""

from clinic.accounts.services.drafts import drop_draft, keep_draft
from clinic.accounts.services.kept_forms import NEVER_KEPT, form_for, keep_form
from clinic.accounts.services.leave import cancel_leave, plan_leave, plan_leave_again, set_hours
from clinic.accounts.services.roster import add_shift, cancel_shift, cancel_shifts_of, put_back
from clinic.accounts.services.sessions import (
    NoMatch,
    end_session,
    end_sessions,
    forget_old,
    saw,
    sign_in,
    sign_out,
)
from clinic.accounts.services.staff import (
    create_user,
    disable_user,
    first_password,
    prove_password,
    reset_password,
    update_user,
)
from clinic.accounts.services.throttle import TooManyAttempts
from clinic.accounts.services.zones import rezone

__all__ = [
    "NEVER_KEPT",
    "NoMatch",
    "TooManyAttempts",
    "add_shift",
    "cancel_leave",
    "cancel_shift",
    "cancel_shifts_of",
    "create_user",
    "disable_user",
    "drop_draft",
    "end_session",
    "end_sessions",
    "first_password",
    "forget_old",
    "form_for",
    "keep_draft",
    "keep_form",
    "plan_leave",
    "plan_leave_again",
    "prove_password",
    "put_back",
    "reset_password",
    "rezone",
    "saw",
    "set_hours",
    "sign_in",
    "sign_out",
    "update_user",
]
