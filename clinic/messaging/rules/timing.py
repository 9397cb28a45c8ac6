"""When a message may go out, when to try again and when it is too late (reliability 5 and 7; P3.4)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic.core.rules import instant, local

LAW = (time(8), time(21))  # P3.4: never wider
LONGEST_PAUSE = timedelta(minutes=10)
MOST_ATTEMPTS = 6
LATE = timedelta(minutes=15)  # a message so long overdue was held up by an outage (reliability 11)
RECEIPT_PATIENCE = timedelta(hours=72)


@dataclass(frozen=True)
class Hours:
    """Local times from which and until which texts may go out."""

    from_: time
    until: time

    def narrowed(self, other: "Hours") -> "Hours":
        """The hours that lie in both; empty when `from_` is not before `until`."""
        return Hours(max(self.from_, other.from_), min(self.until, other.until))


def opening(now: datetime, zone: str, *wanted: Hours) -> datetime | None:
    """The first moment from `now` on inside all `wanted` hours and the law's, on the clocks of `zone`.

    `now` itself where it is inside; None where the hours leave no opening at all.
    """
    hours = Hours(*LAW)
    for more in wanted:
        hours = hours.narrowed(more)
    if hours.from_ >= hours.until:
        return None
    here = local(now, zone)
    for day in range(3):
        on = here.date() + timedelta(days=day)
        start, end = instant(on, hours.from_, zone), instant(on, hours.until, zone)
        if now < end and start < end:
            return max(now, start)
    return None


def backoff(attempt: int, *, base: float, chance: float) -> timedelta:
    """Full jitter: `chance` (0 to 1) of base * 2^(attempt - 1) seconds, 10 min at most; attempts from 1."""
    longest = min(LONGEST_PAUSE.total_seconds(), base * float(2 ** (attempt - 1)))
    return timedelta(seconds=longest * chance)


def invite_expires(due_at: datetime, closes_at: datetime) -> datetime:
    """The last moment to send an invite, or a nudge by its own due time."""
    return min(due_at + timedelta(hours=4), closes_at - timedelta(minutes=30))


def reminder_expires(starts_at: datetime) -> datetime:
    """The last moment to send a reminder of a session."""
    return starts_at - timedelta(hours=1)


def receipt_deadline(accepted_at: datetime, receipt_by: datetime) -> datetime:
    """When an accepted reminder without a receipt counts as failed (reliability 1)."""
    return max(receipt_by, accepted_at + RECEIPT_PATIENCE)


def unknown_deadline(expires_at: datetime, link_dies_at: datetime | None, proof_by: datetime) -> datetime:
    """When an unknown message is given up: no answer can come any more, and two look-ups had their time."""
    return max(expires_at, link_dies_at or expires_at, proof_by)
