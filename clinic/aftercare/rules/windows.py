"""From when to when a check-in is open, and when its messages are useless (C8.4, reliability 7 and 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from clinic.configuration.rules import Window
from clinic.core.rules import instant
from clinic.messaging.rules.timing import invite_expires

EARLY_DAYS = 28  # "weeks 0 to 4" after discharge (C8.8)
LINK_OUTLIVES = timedelta(minutes=15)  # after the last page, reliability 2
CALLS_AT = time(9)  # local: from when a planned call is work
DAY_ENDS = time(17)  # local: by when it should be done


@dataclass(frozen=True)
class Times:
    """The instants (UTC) of one check-in."""

    due_at: datetime
    nudge_at: datetime
    closes_at: datetime

    @property
    def invite_expires_at(self) -> datetime:
        """The last moment to send the first message."""
        return invite_expires(self.due_at, self.closes_at)

    @property
    def nudge_expires_at(self) -> datetime:
        """The last moment to send the one nudge."""
        return invite_expires(self.nudge_at, self.closes_at)


def times(day: int, on: date, at: time, zone: str, windows: Sequence[Window]) -> Times:
    """The instants of the check-in of `day` (days since discharge) planned for a local date and time.

    A close at a time of the next day is local; the other limits are elapsed hours.
    """
    row = next((row for row in windows if day <= row.last_day), windows[-1])
    due_at = instant(on, at, zone)
    nudge_at = due_at + timedelta(hours=row.nudge_after_hours)
    if row.closes_at is not None:
        return Times(due_at, nudge_at, instant(on + timedelta(days=1), row.closes_at, zone))
    return Times(due_at, nudge_at, due_at + timedelta(hours=row.closes_after_hours or 0))


def link_dies_at(closes_at: datetime, completed_at: datetime | None) -> datetime:
    """When all links of a check-in die: at its close, or a little after its last page."""
    return closes_at if completed_at is None else min(closes_at, completed_at + LINK_OUTLIVES)


def allowed_time(at: time, opens: time, closes: time) -> bool:
    """Whether a check-in may be planned for this local time: within the hours, an opening left (P3.4)."""
    return opens <= at < closes
