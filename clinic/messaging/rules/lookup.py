"""Looking before sending again: what a provider's list proves (reliability 6)."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Listed:
    """One text that the provider says it took."""

    provider_id: str
    body: str
    sender: str


class Proof(enum.StrEnum):
    """What an empty list proves so far."""

    NOT_YET = "not_yet"
    ABSENT = "absent"


def alike(listed: Iterable[Listed], *, says_the_same: Callable[[str], bool], sender: str) -> list[Listed]:
    """The listed texts with our words and sender.

    By their time none is left out: with our clock fast, the very text we look for would seem older than our
    attempt, and a second one would go out. A clock may delay, never duplicate (reliability 1).
    """
    return [text for text in listed if text.sender == sender and says_the_same(text.body)]


def proof(first_empty_at: datetime | None, now: datetime, *, gap: timedelta) -> Proof:
    """Lists lag: only a second empty answer, at least `gap` after the first, proves that nothing went out."""
    if first_empty_at is None or now - first_empty_at < gap:
        return Proof.NOT_YET
    return Proof.ABSENT
