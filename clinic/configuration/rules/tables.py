"""Decisions that are tables: check-in cadence, windows, crisis numbers, session kinds."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class CadenceColumn:
    """One stretch of days since discharge (day 0 = local date of discharge), both ends included (C8.4).

    `spacing_days` comes into force for 14 days in the column after it when an answer shows risk.
    """

    first_day: int
    last_day: int
    check_in_days: tuple[int, ...]
    spacing_days: int
    call_days: tuple[int, ...]


CADENCE = (
    CadenceColumn(1, 14, tuple(range(1, 15)), 1, (1, 3, 7, 14)),
    CadenceColumn(15, 28, tuple(range(16, 29, 2)), 2, (21, 28)),
    CadenceColumn(29, 56, tuple(range(35, 57, 7)), 7, (42, 56)),
    CadenceColumn(57, 182, tuple(range(70, 183, 14)), 14, (84, 112, 140, 168)),
    CadenceColumn(183, 364, tuple(range(210, 351, 28)), 28, (252, 336)),
    CadenceColumn(365, 728, tuple(range(455, 729, 91)), 91, (455, 546, 637, 728)),
)


@dataclass(frozen=True)
class Window:
    """How long a check-in of these days stays open (C8.4): until `closes_at` local time of the next day,

    or `closes_after_hours` after it was due; exactly one of the two is set. One nudge.
    """

    first_day: int
    last_day: int
    nudge_after_hours: int
    closes_at: time | None
    closes_after_hours: int | None


WINDOWS = (Window(0, 28, 4, time(9), None), Window(29, 728, 24, None, 72))


@dataclass(frozen=True)
class CrisisLine:
    """A number to call now, by country (ISO 3166 code), in the order shown (P5.4)."""

    country: str
    emergency: bool
    label: str
    number: str


CRISIS_LINES = (
    CrisisLine("US", True, "Emergency", "911"),
    CrisisLine("US", False, "Suicide and crisis line, call or text", "988"),
    CrisisLine("US", False, "Treatment referral helpline", "1-800-662-4357"),
    CrisisLine("US", False, "Poison help", "1-800-222-1222"),
    CrisisLine("US", False, "Crisis text line, text HOME to", "741741"),
    CrisisLine("CA", True, "Emergency", "911"),
    CrisisLine("CA", False, "Suicide crisis helpline, call or text", "988"),
    CrisisLine("GB", True, "Emergency", "999"),
    CrisisLine("GB", False, "Samaritans", "116 123"),
    CrisisLine("GB", False, "NHS mental health, option 2", "111"),
    CrisisLine("GB", False, "Crisis text line, text SHOUT to", "85258"),
    CrisisLine("IE", True, "Emergency", "112"),
    CrisisLine("IE", False, "Samaritans", "116 123"),
    CrisisLine("AU", True, "Emergency", "000"),
    CrisisLine("AU", False, "Lifeline", "13 11 14"),
    CrisisLine("NZ", True, "Emergency", "111"),
    CrisisLine("NZ", False, "Need to talk, call or text", "1737"),
    CrisisLine("IN", True, "Emergency", "112"),
    CrisisLine("IN", False, "Tele-MANAS", "14416"),
)


@dataclass(frozen=True)
class SessionKind:
    """A kind of session with its usual course and size (C6.1). `most` is a hard cap."""

    code: str
    label: str
    least: int
    most: int
    minutes: int
    sessions: int
    needs_clinician: bool
    counts_as_treatment: bool

    @property
    def group(self) -> bool:
        """Whether more than one patient takes part."""
        return self.most > 1


SESSION_KINDS = (
    SessionKind("individual", "Individual session (CBT)", 1, 1, 50, 12, True, True),
    SessionKind("motivational", "Motivational interviewing", 1, 1, 50, 4, True, True),
    SessionKind("twelve_step", "12-step facilitation", 1, 1, 60, 12, True, True),
    SessionKind("relapse_prevention", "Relapse-prevention skills group", 8, 12, 90, 12, True, True),
    SessionKind("process", "Process group", 6, 12, 90, 12, True, True),
    SessionKind("psychoeducation", "Psychoeducation group", 1, 15, 60, 8, True, True),
    SessionKind("mindfulness", "Mindfulness-based relapse prevention", 6, 12, 120, 8, True, True),
    SessionKind("matrix", "Intensive outpatient group (Matrix)", 8, 12, 90, 48, True, True),
    SessionKind("family", "Family education", 2, 12, 90, 12, True, True),
    SessionKind("yoga", "Yoga", 1, 12, 60, 12, False, False),
    SessionKind("meditation", "Meditation", 1, 12, 30, 12, False, False),
    SessionKind("art", "Art or music workshop", 6, 12, 90, 12, False, False),
)
