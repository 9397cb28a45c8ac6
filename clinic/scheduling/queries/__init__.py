"""Reading the schedule."""

from clinic.scheduling.queries.groups import SeriesRow, group, groups, members
from clinic.scheduling.queries.reminders import ReminderDue, expecting_reply, open_reminders, reminders_due
from clinic.scheduling.queries.sessions import (
    Attendee,
    Coming,
    RoomRow,
    SessionRow,
    amendments,
    attendees,
    coming,
    next_for,
    of_patient,
    of_series,
    one,
    rooms,
    seated,
    today,
    week,
)

__all__ = [
    "Attendee",
    "Coming",
    "ReminderDue",
    "RoomRow",
    "SeriesRow",
    "SessionRow",
    "amendments",
    "attendees",
    "coming",
    "expecting_reply",
    "group",
    "groups",
    "members",
    "next_for",
    "of_patient",
    "of_series",
    "one",
    "open_reminders",
    "reminders_due",
    "rooms",
    "seated",
    "today",
    "week",
]
