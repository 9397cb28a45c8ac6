"""Receipts are ranked, not ordered: providers retry, repeat and reorder them (reliability 3; P4.3)."""

from clinic.messaging.rules.states import UNSENT, State, check

IN_FLIGHT = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
GOOD = frozenset({"delivered", "read"})
BAD = frozenset({"undelivered", "failed", "canceled"})
RANKED = IN_FLIGHT | GOOD | BAD


class NotApplied(Exception):
    """A receipt that changes nothing; its text is the reason that is kept with it."""


def path(state: State, status: str) -> tuple[State, ...]:
    """The states a message takes after a receipt, first to last. Raises NotApplied with a reason."""
    if status not in RANKED:
        raise NotApplied("unknown_status")
    steps = _steps(state, status)
    check(state, *steps)
    return steps


def _steps(state: State, status: str) -> tuple[State, ...]:
    if state in (State.SENDING, State.UNKNOWN):
        return (State.ACCEPTED, *_news(status))
    if state is State.ACCEPTED and (news := _news(status)):
        return news
    if state is State.FAILED and status in GOOD:
        return (State.DELIVERED,)  # a late good receipt corrects
    raise NotApplied("not_under_way" if state in UNSENT else "no_news")


def _news(status: str) -> tuple[State, ...]:
    if status in IN_FLIGHT:
        return ()
    return (State.DELIVERED,) if status in GOOD else (State.FAILED,)
