"""The states of a message, and the only table that knows which moves are allowed (reliability 3)."""

import enum
from itertools import pairwise

from clinic.patients.rules import Channel


class State(enum.StrEnum):
    """Where a message stands."""

    SCHEDULED = "scheduled"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


MOVES: dict[State, frozenset[State]] = {
    State.SCHEDULED: frozenset({State.CLAIMED, State.CANCELLED, State.SKIPPED}),
    State.CLAIMED: frozenset({State.SCHEDULED, State.CANCELLED, State.SKIPPED, State.SENDING, State.FAILED}),
    State.SENDING: frozenset({State.ACCEPTED, State.SCHEDULED, State.FAILED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.ACCEPTED, State.SCHEDULED, State.FAILED}),
    State.ACCEPTED: frozenset({State.DELIVERED, State.FAILED}),
    State.FAILED: frozenset({State.DELIVERED}),
    State.DELIVERED: frozenset(),
    State.SKIPPED: frozenset(),
    State.CANCELLED: frozenset(),
}
UNSENT = frozenset({State.SCHEDULED, State.CLAIMED})
WITHHELD = frozenset({State.SKIPPED, State.CANCELLED})
TRACKED = frozenset({Channel.SMS})  # channels that tell what became of a message, and can be asked
ENDED = frozenset({State.DELIVERED, State.FAILED, State.SKIPPED, State.CANCELLED})


# Failed, but not for want of a way to the person: in doubt, or by a fault of ours.
STAYS = frozenset({"unknown", "no_receipt", "poison"})
NO_WAY = frozenset({"no_consent", "opted_out", "no_contact", "wrong_contact", "not_agreed"})


def may_go_by_another(state: State, reason: str | None) -> bool:
    """Whether a message ended so that it definitely did not arrive, for want of a way to the person."""
    if state in WITHHELD:
        return reason in NO_WAY
    return state is State.FAILED and reason not in STAYS


class IllegalMove(Exception):
    """A programming error or a message from a broken provider: this move is not in the table."""

    def __init__(self, before: State, after: State) -> None:
        super().__init__(f"{before} to {after}")


def before(after: State) -> frozenset[State]:
    """The states from which a message may move to `after`."""
    return frozenset(state for state, allowed in MOVES.items() if after in allowed)


def check(*path: State) -> None:
    """Raise IllegalMove unless every step of the path is in the table."""
    for start, end in pairwise(path):
        if end not in MOVES[start]:
            raise IllegalMove(start, end)
