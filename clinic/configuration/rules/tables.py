"""Decisions that are tables: check-in cadence, windows, crisis numbers, session kinds, holidays."""

from dataclasses import dataclass
from datetime import date, time

from clinic.configuration.rules.kinds import Column, Kind, Table


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


LAST_DAY = 3650  # ten years; the default ends with day 728 (C8.4)
CADENCE = (
    CadenceColumn(1, 14, tuple(range(1, 15)), 1, (1, 3, 7, 14)),
    CadenceColumn(15, 28, tuple(range(16, 29, 2)), 2, (21, 28)),
    CadenceColumn(29, 56, tuple(range(35, 57, 7)), 7, (42, 56)),
    CadenceColumn(57, 182, tuple(range(70, 183, 14)), 14, (84, 112, 140, 168)),
    CadenceColumn(183, 364, tuple(range(210, 351, 28)), 28, (252, 336)),
    CadenceColumn(365, 728, tuple(range(455, 729, 91)), 91, (455, 546, 637, 728)),
)
CADENCE_TABLE = Table(
    CadenceColumn,
    (
        Column("first_day", "First day", Kind.WHOLE, 1, LAST_DAY),
        Column("last_day", "Last day", Kind.WHOLE, 1, LAST_DAY),
        Column("check_in_days", "Check-ins on day", Kind.DAYS, 1, LAST_DAY, optional=True),
        Column("spacing_days", "Spacing in days", Kind.WHOLE, 1, 365),
        Column("call_days", "Calls on day", Kind.DAYS, 1, LAST_DAY, optional=True),
    ),
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


LONGEST_WINDOW = 72  # hours: no link lives longer (P5.1)
WINDOWS = (Window(0, 28, 4, time(9), None), Window(29, 728, 24, None, LONGEST_WINDOW))
WINDOWS_TABLE = Table(
    Window,
    (
        Column("first_day", "First day", Kind.WHOLE, 0, LAST_DAY),
        Column("last_day", "Last day", Kind.WHOLE, 0, LAST_DAY),
        Column("nudge_after_hours", "Nudge after hours", Kind.WHOLE, 1, LONGEST_WINDOW),
        Column("closes_at", "Closes next day at", Kind.CLOCK, optional=True),
        Column("closes_after_hours", "Or closes after hours", Kind.WHOLE, 2, LONGEST_WINDOW, optional=True),
    ),
)


@dataclass(frozen=True)
class SilenceStep:
    """A step of the ladder of silence after the first call: days after the missed check-in's date (C8.8).

    `action` is one of SILENCE_ACTIONS; a day that is None: no such step in that column.
    """

    action: str
    early_days: int | None
    later_days: int | None


SILENCE_ACTIONS = ("second_call", "support_person", "letter", "review")
SILENCE_LADDER = (
    SilenceStep("second_call", 2, 7),
    SilenceStep("support_person", 3, None),
    SilenceStep("letter", None, 14),
    SilenceStep("review", 4, 30),
)
LADDER = Table(
    SilenceStep,
    (
        Column("action", "Step", Kind.TEXT, 1, 30),
        Column("early_days", "Weeks 0 to 4, on day", Kind.WHOLE, 2, 60, optional=True),
        Column("later_days", "Later, on day", Kind.WHOLE, 4, 180, optional=True),
    ),
)


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
CRISIS_TABLE = Table(
    CrisisLine,
    (
        Column("country", "Country code", Kind.TEXT, 2, 2),
        Column("emergency", "Emergency number", Kind.YES_NO),
        Column("label", "Words beside it", Kind.TEXT, 1, 80),
        Column("number", "Number", Kind.TEXT, 2, 20),
    ),
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
SESSION_TABLE = Table(
    SessionKind,
    (
        Column("code", "Code", Kind.TEXT, 1, 30),
        Column("label", "Name", Kind.TEXT, 1, 60),
        Column("least", "At least", Kind.WHOLE, 1, 100),
        Column("most", "At most", Kind.WHOLE, 1, 100),
        Column("minutes", "Minutes", Kind.WHOLE, 15, 240),
        Column("sessions", "Sessions", Kind.WHOLE, 1, 365),
        Column("needs_clinician", "Needs a clinician", Kind.YES_NO),
        Column("counts_as_treatment", "Counts as treatment", Kind.YES_NO),
    ),
)


@dataclass(frozen=True)
class ScaleInterval:
    """After how many days a scale, by the id of its file, is to be taken again (BAM: monthly, bam.toml)."""

    instrument_id: str
    days: int


INTERVALS = (ScaleInterval("bam", 30),)
INTERVALS_TABLE = Table(
    ScaleInterval,
    (
        Column("instrument_id", "Scale", Kind.TEXT, 1, 40),
        Column("days", "Again after days", Kind.WHOLE, 1, 365),
    ),
)


@dataclass(frozen=True)
class Holiday:
    """A day on which the clinic does not work (C4.8)."""

    on: date
    name: str


HOLIDAYS_TABLE = Table(
    Holiday, (Column("on", "Day", Kind.DAY), Column("name", "What it is", Kind.TEXT, 1, 60))
)
