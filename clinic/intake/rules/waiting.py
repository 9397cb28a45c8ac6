"""Who waits before whom, in words, and the clocks that run since somebody asked (C4.5)."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


class Told(enum.StrEnum):
    """The answer to a question about the person; None: nobody asked yet. Only `yes` and `no` are known."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"
    DECLINED = "declined"


class Place(enum.IntEnum):
    """Where somebody stands among all who wait; within a place who asked first is first (C4.5).

    Who may be pregnant or injecting, for all that is known, stands before who is known to be neither.
    """

    PREGNANT_AND_INJECTING = 1
    PREGNANT = 2
    INJECTING = 3
    NOT_KNOWN = 4
    OTHERS = 5


def place(pregnant: Told | None, injecting: Told | None) -> Place:
    """The place of somebody of whom this is known."""
    if pregnant is Told.YES:
        return Place.PREGNANT_AND_INJECTING if injecting is Told.YES else Place.PREGNANT
    if injecting is Told.YES:
        return Place.INJECTING
    return Place.OTHERS if pregnant is injecting is Told.NO else Place.NOT_KNOWN


_PREGNANT = {
    Told.YES: "pregnant",
    Told.NO: "not pregnant",
    Told.NOT_KNOWN: "pregnancy not known",
    Told.DECLINED: "pregnancy not told",
    None: "pregnancy not asked yet",
}
_INJECTING = {
    Told.YES: "injecting",
    Told.NO: "not injecting",
    Told.NOT_KNOWN: "injecting not known",
    Told.DECLINED: "injecting not told",
    None: "injecting not asked yet",
}
_BOTH = {
    Told.YES: "pregnant and injecting",
    Told.NO: "neither pregnant nor injecting",
    None: "pregnancy and injecting not asked yet",
}


def reason(pregnant: Told | None, injecting: Told | None, waited: timedelta) -> str:
    """Why somebody stands there: "Pregnant and injecting; asked 3 days ago"."""
    both = _BOTH.get(pregnant) if pregnant is injecting else None
    known = both or f"{_PREGNANT[pregnant]}, {_INJECTING[injecting]}"
    return f"{known[0].upper()}{known[1:]}; asked {ago(waited)}"


def ago(waited: timedelta) -> str:
    """In its largest unit, cut and never rounded up: 59 minutes ago, 23 hours ago, 3 days ago."""
    minutes = max(waited, timedelta(0)) // timedelta(minutes=1)
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if count := minutes // length:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


@dataclass(frozen=True)
class Limit:
    """What must have happened within a time since asking (C4.5), and whose limit it is."""

    label: str
    within: timedelta
    pregnant: bool
    injecting: bool
    what: str


LIMITS = (
    Limit("48 h", timedelta(hours=48), True, True, "placed, or interim services begun"),
    Limit("14 d", timedelta(days=14), False, True, "admitted"),
    Limit("120 d", timedelta(days=120), False, True, "admitted, if interim services began in time"),
)  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """A limit that runs for somebody. Not `certain`: it does if what nobody knows yet is so."""

    limit: Limit
    due_at: datetime
    certain: bool


def clocks(pregnant: Told | None, injecting: Told | None, asked_at: datetime) -> Iterator[Clock]:
    """The limits of somebody who asked then, shortest first; of what is not known only the shortest."""
    for limit in LIMITS:
        answers = {
            answer for answer, counts in ((pregnant, limit.pregnant), (injecting, limit.injecting)) if counts
        }
        certain = Told.YES in answers
        if certain or (limit is LIMITS[0] and answers != {Told.NO}):
            yield Clock(limit, asked_at + limit.within, certain)


class Show(enum.StrEnum):
    """Which of those who wait a list shows; the code stands in its address."""

    ALL = "all"
    URGENT = "urgent"
    LATE = "late"
    NOT_ASKED = "not_asked"
    UNREACHED = "unreached"
    DUE = "due"

    @property
    def label(self) -> str:
        """As the link says it."""
        return _SHOWN[self]


_SHOWN = {
    Show.ALL: "All",
    Show.URGENT: "Urgent",
    Show.LATE: "Late",
    Show.NOT_ASKED: "Not asked yet",
    Show.UNREACHED: "Not reached yet",
    Show.DUE: "To call again now",
}
