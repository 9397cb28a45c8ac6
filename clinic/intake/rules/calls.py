"""How a call about a referral went, and what may come next."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic.intake.rules.waiting import Told

TRIES_BEFORE_CLOSING = 3


class CallOutcome(enum.StrEnum):
    """How a call went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"
    EMERGENCY = "emergency"

    @property
    def label(self) -> str:
        """In words."""
        return _OUTCOMES[self]

    @property
    def talked(self) -> bool:
        """Whether somebody talked with who asked."""
        return self in (CallOutcome.REACHED, CallOutcome.DECLINED, CallOutcome.EMERGENCY)


_OUTCOMES = {
    CallOutcome.REACHED: "Reached and talked",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.VOICEMAIL: "Left a voicemail",
    CallOutcome.WRONG_NUMBER: "Wrong number",
    CallOutcome.DECLINED: "Reached, declined help",
    CallOutcome.EMERGENCY: "Emergency services called",
}


@dataclass(frozen=True)
class Ways:
    """By what who asked can be reached. What was not said to be safe is not safe."""

    phone: bool
    email: bool
    texts_safe: bool
    voicemail_safe: bool


def offered(ways: Ways) -> list[CallOutcome]:
    """The outcomes that a call may have: a voicemail only where that was said to be safe."""
    return [one for one in CallOutcome if one is not CallOutcome.VOICEMAIL or ways.voicemail_safe]


class Step(enum.StrEnum):
    """What may come next."""

    CALL = "call"
    WRITE = "write"
    REGISTER = "register"
    CLOSE = "close"
    CLOSE_DECLINED = "close_declined"

    @property
    def words(self) -> str:
        """As a sentence."""
        return _STEPS[self]


_STEPS = {
    Step.CALL: "Call, and record how it went.",
    Step.WRITE: "Send neutral words by a way that was said to be safe.",
    Step.REGISTER: "Register the person.",
    Step.CLOSE: f"{TRIES_BEFORE_CLOSING} tries or more reached nobody: leave neutral words and close.",
    Step.CLOSE_DECLINED: "Help was declined: close, and say that the door stays open.",
}


def tries(outcomes: Sequence[CallOutcome]) -> int:
    """How many calls in a row reached nobody. `outcomes` newest first."""
    talked = (place for place, one in enumerate(outcomes) if one.talked)
    return next(talked, len(outcomes))


def next_steps(outcomes: Sequence[CallOutcome], ways: Ways) -> list[Step]:
    """What is allowed next, the likeliest first. `outcomes` of all calls, newest first."""
    last = outcomes[0] if outcomes else None
    if last is CallOutcome.DECLINED:
        return [Step.CLOSE_DECLINED, Step.REGISTER]
    if last is CallOutcome.REACHED:
        return [Step.REGISTER]
    can_call = ways.phone and last is not CallOutcome.WRONG_NUMBER
    can_write = ways.email or (ways.texts_safe and can_call)
    wanted = (
        (Step.CLOSE, tries(outcomes) >= TRIES_BEFORE_CLOSING or not (can_call or can_write)),
        (Step.CALL, can_call),
        (Step.WRITE, can_write and bool(outcomes or not can_call)),
    )
    return [step for step, holds in wanted if holds]


class Again(enum.StrEnum):
    """When to try next."""

    SOON = "soon"
    WORKING_DAY = "working_day"
    OTHER = "other"

    @property
    def label(self) -> str:
        """As the form says it."""
        return _AGAIN[self]


_AGAIN = {
    Again.SOON: "In 2 hours",
    Again.WORKING_DAY: "Next working day at 10:00",
    Again.OTHER: "On the day and at the time below",
}


def next_try(again: Again, here: datetime, next_working_day: date) -> tuple[date, time] | None:
    """Day and time of the next try on the site's clocks, where it is `here` now; None: to be told."""
    if again is Again.SOON:
        then = here.replace(second=0, microsecond=0, tzinfo=None) + timedelta(hours=2)
        return then.date(), then.time()
    return (next_working_day, time(10)) if again is Again.WORKING_DAY else None


@dataclass(frozen=True)
class Called:
    """How a call went. `next_on` and `next_time`, in the site's zone, are the next try that is `again.OTHER`.

    `pregnant` and `injecting` are None where that was not asked: what was told before stays.
    """

    outcome: CallOutcome
    words: str | None = None
    pregnant: Told | None = None
    injecting: Told | None = None
    again: Again | None = None
    next_on: date | None = None
    next_time: time | None = None
