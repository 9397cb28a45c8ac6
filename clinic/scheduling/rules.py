"""Pure rules of the schedule: terms, dates of a series, places on the week, when a reminder is due."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic.core.rules import instant, local
from clinic.messaging.rules.timing import Hours, opening, reminder_expires


class Resource(enum.StrEnum):
    """What cannot be in two places at one time."""

    THERAPIST = "therapist"
    ROOM = "room"
    PATIENT = "patient"


class State(enum.StrEnum):
    """Where a session stands; held = signed."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class CancelReason(enum.StrEnum):
    """Why a session does not take place."""

    PATIENT_ASKED = "patient_asked"
    STAFF_AWAY = "staff_away"
    CLINIC_CLOSED = "clinic_closed"
    MISTAKE = "mistake"

    @property
    def label(self) -> str:
        """In words for people."""
        return _CANCEL_REASONS[self]


_CANCEL_REASONS = {
    CancelReason.PATIENT_ASKED: "The person asked for it",
    CancelReason.STAFF_AWAY: "Staff away",
    CancelReason.CLINIC_CLOSED: "Clinic closed",
    CancelReason.MISTAKE: "Booked by mistake",
}


class Mark(enum.StrEnum):
    """How somebody attended (C6.1)."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    CANCELLED_BY_CLINIC = "cancelled_by_clinic"

    @property
    def label(self) -> str:
        """In words for people."""
        return self.value.replace("_", " ").capitalize()

    @property
    def attended(self) -> bool:
        """Whether the person was there, for some of the time at least."""
        return self in (Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY)


class Lead(enum.StrEnum):
    """How long before a session its reminder goes out (reliability 2)."""

    DAY_BEFORE = "day_before"


class Reply(enum.StrEnum):
    """What a digit answers to a reminder (P5.1)."""

    CONFIRM = "confirm"
    CHANGE = "change"


REPLIES = {1: Reply.CONFIRM, 2: Reply.CHANGE}


def weekly(first: date, weeks: int) -> list[date]:
    """The dates of a weekly series."""
    return [first + timedelta(weeks=week) for week in range(weeks)]


def reminder_at(
    starts_at: datetime, booked_at: datetime, *, zone: str, day_before: time, least: timedelta, hours: Hours
) -> datetime | None:
    """When the reminder of a session is due, by the patient's `zone`; None where there is none (R8).

    The day before at `day_before`; at once in `hours` when booked later than that; never when booked with
    less than `least` to go, or too late to be of use.
    """
    if starts_at - booked_at < least:
        return None
    planned = instant(local(starts_at, zone).date() - timedelta(days=1), day_before, zone)
    due = opening(max(planned, booked_at), zone, hours)
    return due if due is not None and due < reminder_expires(starts_at) else None


def lowest_free(taken: Iterable[int], capacity: int) -> int | None:
    """The lowest seat number from 1 that nobody has; None when all are taken."""
    held = set(taken)
    return next((seat for seat in range(1, capacity + 1) if seat not in held), None)


@dataclass(frozen=True)
class Week:
    """A calendar week, Monday first; its code is like 2026-W48."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week that a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, code: str) -> "Week | None":
        """The week of a code; None if it is no code of a week."""
        year, mark, number = code.partition("-W")
        if not (mark and year.isascii() and year.isdecimal() and number.isascii() and number.isdecimal()):
            return None
        try:
            return cls(date.fromisocalendar(int(year), int(number), 1))
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """As it stands in an address."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def number(self) -> int:
        """The week of the year."""
        return self.monday.isocalendar().week

    def shifted(self, weeks: int) -> "Week":
        """The week so many weeks later."""
        return Week(self.monday + timedelta(weeks=weeks))

    def days(self, count: int = 7) -> list[date]:
        """Its first `count` days."""
        return [self.monday + timedelta(days=day) for day in range(count)]


def place(at: time, minutes: int) -> tuple[int, int]:
    """Where a session stands on the week: quarters of an hour after 07:00 (0 to 55) and long (1 to 16)."""
    first = (at.hour * 60 + at.minute - 7 * 60) // 15
    return min(max(first, 0), 55), min(max(-(-minutes // 15), 1), 16)
