"""Pure rules of time: what is planned is local date, time and zone; the instant is derived (P7.1)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def instant(on: date, at: time, zone: str) -> datetime:
    """The UTC instant of a planned local time.

    A time that does not exist moves forward by the gap; of a time that comes twice the first is meant.
    """
    wall = datetime.combine(on, at, tzinfo=ZoneInfo(zone))  # fold=0
    return wall.astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the clocks of `zone` (IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


def exists(on: date, at: time, zone: str) -> bool:
    """Whether the clocks of `zone` show this time on this day at all."""
    there = local(instant(on, at, zone), zone)
    return there.date() == on and there.time().replace(tzinfo=None) == at
