"""Days on which the clinic works (C4.8)."""

from collections.abc import Collection
from datetime import date, timedelta


def is_working_day(day: date, weekdays: Collection[int], holidays: Collection[date]) -> bool:
    """Whether the clinic works on this day. `weekdays`: 0 is Monday."""
    return day.weekday() in weekdays and day not in holidays


def add_working_days(day: date, count: int, weekdays: Collection[int], holidays: Collection[date]) -> date:
    """The working day that is `count` working days after `day`. `weekdays` is not empty."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, weekdays, holidays)
    return day
