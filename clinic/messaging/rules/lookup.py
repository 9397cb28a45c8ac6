"""Looking before sending again: what a provider's list proves (reliability 6)."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SLACK = timedelta(minutes=2)  # between the provider's clock and ours


@dataclass(frozen=True)
class Listed:
    """One text that the provider says it took."""

    provider_id: str
    body: str
    sender: str
    created_at: datetime | None


class Proof(enum.StrEnum):
    """What an empty list proves so far."""

    NOT_YET = "not_yet"
    ABSENT = "absent"


def alike(
    listed: Iterable[Listed], *, says_the_same: Callable[[str], bool], sender: str, since: datetime
) -> list[Listed]:
    """The listed texts with our words and sender, made since our attempt."""
    return [
        text
        for text in listed
        if text.sender == sender
        and (text.created_at is None or text.created_at >= since - SLACK)
        and says_the_same(text.body)
    ]


def proof(first_empty_at: datetime | None, now: datetime, *, gap: timedelta) -> Proof:
    """Lists lag: only a second empty answer, at least `gap` after the first, proves that nothing went out."""
    if first_empty_at is None or now - first_empty_at < gap:
        return Proof.NOT_YET
    return Proof.ABSENT
