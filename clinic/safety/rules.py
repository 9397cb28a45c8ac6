"""When a safety plan is owed, what stands in its seven parts, and when it counts as made (C8.12). Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from clinic.core.rules import instant, local

DAY_ENDS, LAST_MINUTE = time(17), time(23, 59)  # local: by when it should be made; the day itself
WITHIN = timedelta(hours=4)  # where less of the working day is left: as a call at high risk (C8.6)
LONG = 1_200  # characters from which a plan is printed in smaller type, to stay on one page


class Cause(enum.StrEnum):
    """What asks for a plan or for its review (C8.12)."""

    PHQ9 = "phq9"
    CSSRS = "cssrs"
    HARM = "harm"
    OVERDOSE = "overdose"
    ANSWER = "answer"
    LEVEL_OF_CARE = "level_of_care"
    DISCHARGE = "discharge"

    @property
    def label(self) -> str:
        """In words for staff."""
        return _CAUSES[self]


_CAUSES = {
    Cause.PHQ9: "PHQ-9 item 9 above zero",
    Cause.CSSRS: "C-SSRS positive",
    Cause.HARM: "Check-in: thoughts of self-harm",
    Cause.OVERDOSE: "Check-in: overdosed or nearly",
    Cause.ANSWER: "Check-in: acute or high answer",
    Cause.LEVEL_OF_CARE: "Level of care changed",
    Cause.DISCHARGE: "Discharged",
}


class Means(enum.StrEnum):
    """How far making the place safe was talked about. `OPEN` leaves the whole plan counted as missing."""

    FILLED = "filled"
    DECLINED = "declined"
    OPEN = "open"

    @property
    def label(self) -> str:
        """As the form asks it."""
        return _MEANS[self]


_MEANS = {
    Means.FILLED: "Talked about, and written here",
    Means.DECLINED: "The person declines to talk about it",
    Means.OPEN: "Not talked about yet: the plan stays counted as missing",
}


class Agreement(enum.StrEnum):
    """How the person signed."""

    AGREED = "agreed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """As the form asks it."""
        return {"agreed": "Read aloud and agreed", "refused": "The person does not sign"}[self.value]


class State(enum.StrEnum):
    """Where a person's plan stands."""

    NONE = "none"
    MISSING = "missing"
    REVIEW = "review"
    STANDS = "stands"

    @property
    def label(self) -> str:
        """In words."""
        return _STATES[self]

    @property
    def tag(self) -> str | None:
        """The kind of tag that says it; None where a word is enough."""
        return {State.MISSING: "danger", State.REVIEW: "warning"}.get(self)


_STATES = {
    State.NONE: "Not asked for",
    State.MISSING: "Missing",
    State.REVIEW: "To review",
    State.STANDS: "In force",
}


def state(means: Means | None, *, due: bool) -> State:
    """Where a plan stands: `means` is that of the newest signed version, None without one (C8.12).

    `due`: something has asked for a plan or a review since.
    """
    if means in (Means.FILLED, Means.DECLINED):
        return State.REVIEW if due else State.STANDS
    return State.MISSING if due or means is Means.OPEN else State.NONE


def same_day(at: datetime, zone: str) -> datetime:
    """Until when (UTC) a plan that is asked for at `at` should be made: the evening of the same local day."""
    day = local(at, zone).date()
    evening, midnight = instant(day, DAY_ENDS, zone), instant(day, LAST_MINUTE, zone)
    return max(at, min(max(evening, at + WITHIN), midnight))


@dataclass(frozen=True)
class Helper:
    """Somebody the person can ask for help; `phone` E.164. `may_be_told`: the patient consents."""

    name: str
    phone: str | None = None
    may_be_told: bool = False


@dataclass(frozen=True)
class Service:
    """Somebody whose work it is to help, or a place; `number` as it is dialled, or an address."""

    name: str
    number: str | None = None


@dataclass(frozen=True)
class Words:
    """The parts of a plan that the person speaks; lines are in the person's own order."""

    signs: Sequence[str] = ()
    alone: Sequence[str] = ()
    away: Sequence[str] = ()
    helpers: Sequence[Helper] = ()
    services: Sequence[Service] = ()
    named: Sequence[str] = ()
    kept: Sequence[str] = ()
    naloxone: str | None = None

    def plain(self) -> dict[str, Any]:
        """For sealing as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "Words":
        """What `plain` kept."""
        helpers = [Helper(**one) for one in plain["helpers"]]
        return cls(**{**plain, "helpers": helpers, "services": [Service(**one) for one in plain["services"]]})

    @property
    def long(self) -> bool:
        """Whether it needs small type to be printed on one page."""
        lines = (*self.signs, *self.alone, *self.away, *self.named, *self.kept)
        return sum(map(len, lines)) + 40 * len((*lines, *self.helpers, *self.services)) > LONG


PARTS = {
    "signs": "Warning signs",
    "alone": "What I can do alone",
    "away": "People and places that take my mind off it",
    "helpers": "People I can ask for help",
    "services": "Professionals and services",
    "means": "Making the place safe",
}


@dataclass(frozen=True)
class Spoken:
    """What was written down with the person, and how far making the place safe was talked about."""

    words: Words
    means: Means
    means_reason: str | None = None


@dataclass(frozen=True)
class Signature:
    """How the person signed: the name typed after the plan was read aloud, or why not; and the copy."""

    agreement: Agreement
    name: str | None = None
    refusal: str | None = None
    copy_given: bool = False


def problem(spoken: Spoken, signature: Signature) -> tuple[str, str] | None:
    """Field and words of what hinders a signature; None where it may be signed."""
    words = spoken.words
    if not (words.signs or words.alone or words.away or words.helpers):
        return "signs", "Enter warning signs, or another part in the person’s own words"
    if spoken.means is Means.FILLED and not (words.named and words.kept):
        missing = ("named", "Enter what could do harm") if not words.named else ("kept", "Enter who keeps it")
        return missing[0], f"{missing[1]}, or choose that it was not talked about"
    if spoken.means is Means.DECLINED and not spoken.means_reason:
        return "means_reason", "Enter why the person declines"
    if signature.agreement is Agreement.AGREED and not signature.name:
        return "signed_name", "Enter name of the person, as a signature"
    if signature.agreement is Agreement.REFUSED and not signature.refusal:
        return "refusal", "Enter why the person does not sign"
    return None
