"""Reading staff, sign-ins and the roster."""

from clinic.accounts.queries.people import (
    StaffEntry,
    StaffRow,
    entries,
    entry,
    id_of,
    names,
    staff,
    supervisor_of,
    user_by_phone_index,
)
from clinic.accounts.queries.roster import OnCall, Shift, on_call, shifts
from clinic.accounts.queries.sign_ins import (
    Ended,
    SessionRow,
    SignedIn,
    draft_of,
    kept_form,
    sessions,
    signed_in,
    signed_out,
    token_hash,
)

__all__ = [
    "Ended",
    "OnCall",
    "SessionRow",
    "Shift",
    "SignedIn",
    "StaffEntry",
    "StaffRow",
    "draft_of",
    "entries",
    "entry",
    "id_of",
    "kept_form",
    "names",
    "on_call",
    "sessions",
    "shifts",
    "signed_in",
    "signed_out",
    "staff",
    "supervisor_of",
    "token_hash",
    "user_by_phone_index",
]
