"""Use cases of the schedule."""

from clinic.scheduling.services.groups import NewSeries, create_series, enrol, extend, leave
from clinic.scheduling.services.sessions import (
    Marked,
    Plan,
    add_room,
    amend_attendance,
    book_individual,
    cancel_session,
    move_session,
    sign_again,
    sign_session,
)

__all__ = [
    "Marked",
    "NewSeries",
    "Plan",
    "add_room",
    "amend_attendance",
    "book_individual",
    "cancel_session",
    "create_series",
    "enrol",
    "extend",
    "leave",
    "move_session",
    "sign_again",
    "sign_session",
]
