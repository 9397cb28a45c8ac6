"""Levels of urgency, outcomes of a contact, and kinds of work. Pure."""

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How urgent, most urgent first; risk levels of C8.5. `none` is ordinary work."""

    ACUTE = "acute"
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(Level).index(self)

    @property
    def label(self) -> str:
        """The word beside the mark."""
        return self.value.capitalize()


class Outcome(enum.StrEnum):
    """How a contact or a piece of work ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    EMERGENCY = "emergency"
    DONE = "done"
    NOT_NEEDED = "not_needed"

    @property
    def label(self) -> str:
        """In words for people."""
        return OUTCOMES[self]


OUTCOMES = {
    Outcome.REACHED: "Reached and talked",
    Outcome.NO_ANSWER: "No answer",
    Outcome.VOICEMAIL: "Left a voicemail",
    Outcome.WRONG_NUMBER: "Wrong number",
    Outcome.EMERGENCY: "Emergency services called",
    Outcome.DONE: "Done",
    Outcome.NOT_NEEDED: "No longer needed",
}
CONTACT = (Outcome.REACHED, Outcome.EMERGENCY)  # somebody talked with the person
TRIED = (Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.WRONG_NUMBER)  # somebody tried and must try again


def unanswered(level: Level, outcome: Outcome, note: str | None) -> tuple[str, str] | None:
    """(field, what to do) where work of that level may not be closed with this outcome; None where it may.

    Acute and high ask for a call by a person (C8.6): a try is none, and whatever else ends one says why.
    """
    if level not in (Level.ACUTE, Level.HIGH) or outcome in CONTACT:
        return None
    if outcome in TRIED:
        return "close", "Leave this item open. Nobody has talked with the person yet"
    return None if note else ("note", "Enter what was said or agreed, and why this item may be closed")


class Event(enum.StrEnum):
    """A step of one item, kept for good."""

    RAISED = "raised"
    PAGED = "paged"
    ACKNOWLEDGED = "acknowledged"
    ATTEMPT = "attempt"
    OUTCOME = "outcome"
    CLOSED = "closed"
    REASSIGNED = "reassigned"


EVENTS = {
    Event.RAISED: "Raised",
    Event.PAGED: "Person on call paged",
    Event.ACKNOWLEDGED: "Page acknowledged",
    Event.ATTEMPT: "Contact tried",
    Event.OUTCOME: "Outcome recorded",
    Event.CLOSED: "Closed",
    Event.REASSIGNED: "Given to someone else",
}


@dataclass(frozen=True)
class WorkKind:
    """What a kind of work is called, whether it answers a risk, whose it is while nobody owns it.

    `roles` are the roles at the site that see an item without an owner. `endpoint` names the page where it is
    done, which takes `endpoint_id` ("patient_id" or "subject_id"); without one it is done on its own page.
    """

    label: str
    risk: bool = False
    roles: tuple[str, ...] = ()
    endpoint: str | None = None
    endpoint_id: str = "patient_id"


@dataclass(frozen=True)
class Beside:
    """A page (`endpoint` takes `patient_id`) that belongs beside an item, with how it stands in words.

    `missing` names what is not there yet, as "a safety plan": then a person who closes the item says why.
    """

    label: str
    endpoint: str
    missing: str | None = None
