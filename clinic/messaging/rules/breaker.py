"""When to stop asking a provider that fails, and when to try again (reliability 7)."""

import enum
from datetime import timedelta

WINDOW = timedelta(seconds=60)
LEAST_FAILURES = 5
FIRST_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(minutes=10)


class Breaker(enum.StrEnum):
    """Whether calls go through: all, none, or one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


def trips(failures: int, total: int) -> bool:
    """Whether the failures of one family among all calls of the last minute are too many."""
    return failures >= LEAST_FAILURES and failures * 2 >= total


def pause(openings: int) -> timedelta:
    """How long it stays open the n-th time in a row (from 1): a minute, doubling to ten."""
    doublings: int = 2 ** (openings - 1)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doublings)
