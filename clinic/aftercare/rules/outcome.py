"""How a check-in ends when its window closes without an answer (C8.8, reliability 1)."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


class Outcome(enum.StrEnum):
    """The one outcome of a check-in."""

    ANSWERED = "answered"
    DID_NOT_ANSWER = "did_not_answer"
    NOT_REACHED = "not_reached"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


OUTCOME_WORDS = {
    Outcome.ANSWERED: "Answered",
    Outcome.DID_NOT_ANSWER: "No answer",
    Outcome.NOT_REACHED: "Not reached",
    Outcome.SKIPPED: "Not sent",
    Outcome.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Ending:
    """The outcome at close, its reason as a code, and whether somebody must act on it."""

    outcome: Outcome
    reason: str
    work: str | None  # kind of the work item


NO_ANSWER_WORK, NOT_REACHED_WORK = "aftercare.no_answer", "aftercare.not_reached"
REACHED = {"accepted", "delivered"}
WAITING = {"scheduled", "claimed", "sending"}
# What the person or a newer message decided: not a failure of ours to reach somebody.
CHOSEN = frozenset(
    {"opted_out", "no_consent", "not_agreed", "paused", "superseded", "deceased", "plan_ended"}
)


def at_close(messages: Iterable[Mapping[str, str | None]], *, chosen: str | None = None) -> Ending:
    """The ending of an unanswered check-in, from the `state` and `reason` of each of its messages.

    `chosen`: why the person does not want to be asked, who is not chased then.
    Accepted or delivered: the person did not answer. Withheld by the person's own choice: skipped.
    Everything else (failed, still unknown, no usable number, too late, never made): not reached.
    """
    if chosen is not None:
        return Ending(Outcome.SKIPPED, chosen, None)
    states = [(message["state"], message["reason"]) for message in messages]
    if any(state in REACHED for state, _ in states):
        return Ending(Outcome.DID_NOT_ANSWER, "no_answer", NO_ANSWER_WORK)
    reasons = [reason or state or "" for state, reason in states]
    own = [reason for reason in reasons if reason in CHOSEN]
    if own and len(own) == len(states):
        return Ending(Outcome.SKIPPED, own[0], None)
    if "unknown" in {state for state, _ in states}:
        return Ending(Outcome.NOT_REACHED, "unknown", NOT_REACHED_WORK)
    if not reasons or reasons[0] in WAITING:
        return Ending(Outcome.NOT_REACHED, "never_sent", NOT_REACHED_WORK)
    return Ending(Outcome.NOT_REACHED, reasons[0], NOT_REACHED_WORK)
