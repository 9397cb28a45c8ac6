"""The ladder of silence: what follows when nobody answers, step by step to a supervisor's decision (C8.8)."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.aftercare.rules.windows import CALLS_AT
from clinic.configuration.rules import SilenceStep
from clinic.core.rules import instant

LATEST_LOOK = 60  # days: a supervisor may wait no longer before looking again


class Action(enum.StrEnum):
    """What a person does in one step. The first call is made by the close of the check-in itself."""

    CALL = "call"
    SECOND_CALL = "second_call"
    SUPPORT_PERSON = "support_person"
    LETTER = "letter"
    REVIEW = "review"

    @property
    def label(self) -> str:
        """As the ladder names it."""
        return _ACTIONS[self]


_ACTIONS = {
    Action.CALL: "First call",
    Action.SECOND_CALL: "Second call",
    Action.SUPPORT_PERSON: "Agreed support person",
    Action.LETTER: "Letter",
    Action.REVIEW: "Supervisor decides",
}


class Decision(enum.StrEnum):
    """What a supervisor decides about somebody who cannot be reached."""

    OUTREACH = "outreach"
    WELFARE_CHECK = "welfare_check"
    KEEP_WAITING = "keep_waiting"
    CLOSE = "close"

    @property
    def label(self) -> str:
        """As the page offers it."""
        return _DECISIONS[self]


_DECISIONS = {
    Decision.OUTREACH: "Outreach: somebody goes and looks",
    Decision.WELFARE_CHECK: "Welfare check, as the clinic’s policy says",
    Decision.KEEP_WAITING: "Keep waiting, and look again",
    Decision.CLOSE: "End the search. Check-ins go on as planned",
}


@dataclass(frozen=True)
class Planned:
    """One step, dated: it becomes work at `due_at` (UTC), the morning of its local date."""

    action: Action
    on: date
    due_at: datetime


def ladder(missed_on: date, zone: str, steps: Sequence[SilenceStep], *, early: bool) -> list[Planned]:
    """The steps after the first call, for a check-in of that local date; `early` in weeks 0 to 4.

    Days are local: a change of the clocks moves no step.
    """
    days = [(Action(step.action), step.early_days if early else step.later_days) for step in steps]
    return [planned(action, missed_on + timedelta(days=day), zone) for action, day in days if day is not None]


def planned(action: Action, on: date, zone: str) -> Planned:
    """A step on the morning of a local date."""
    return Planned(action, on, instant(on, CALLS_AT, zone))


@dataclass(frozen=True)
class Tried:
    """What became of an earlier step: its outcomes as words, oldest first; none where nobody tried."""

    action: Action
    on: date
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What a step's words stand on: names that may be said, and the other channel agreed to."""

    missed_on: date
    tried: tuple[Tried, ...]
    first_name: str = ""
    channel: str | None = None
    supporters: tuple[str, ...] = ()
    clinic_phone: str = ""


def words(action: Action, known: Known) -> str:
    """The reason of a step's work item: what to do, the very words that may be said, what came before."""
    return f"{_TO_DO[action](known)} {_before(known)}"


def _second_call(known: Known) -> str:
    if known.channel:
        return f"Call again. A message by {known.channel} that asks for a call goes out as well."
    return "Call again. No other channel is agreed."


def _support_person(known: Known) -> str:
    if not known.supporters:
        return "Call again. No support person may be told that we cannot reach this person."
    say = f"“Please ask {known.first_name} to call {known.clinic_phone}.”"
    return f"Call {' or '.join(known.supporters)}. Say your first name and only: {say}"


def _letter(_: Known) -> str:
    return "Print the letter on the Aftercare tab and send it in a plain envelope."


def _review(_: Known) -> str:
    return "Decide: outreach, welfare check, keep waiting, or end the search."


_TO_DO = {
    Action.CALL: lambda _: "Call.",
    Action.SECOND_CALL: _second_call,
    Action.SUPPORT_PERSON: _support_person,
    Action.LETTER: _letter,
    Action.REVIEW: _review,
}


def _before(known: Known) -> str:
    tried: Iterable[str] = (
        f"{each.action.label.lower()} {_day(each.on)}: {', '.join(each.outcomes).lower() or 'not tried'}"
        for each in known.tried
    )
    return f"Silent since {_day(known.missed_on)}. Before: {'; '.join(tried)}."


def _day(on: date) -> str:
    return f"{on:%a %b} {on.day}"
