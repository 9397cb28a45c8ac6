"""By when a person answers (C8.6)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from clinic.aftercare.rules.windows import DAY_ENDS
from clinic.core.rules import instant, local
from clinic.worklist.rules import Level


def response_due(
    level: Level,
    at: datetime,
    zone: str,
    next_working_day: Callable[[date, int], date],
    settings: Mapping[str, Any],
) -> datetime:
    """When the call after an answer of that level, given at `at`, is due (UTC).

    High is due the same local day at the latest. `next_working_day(day, count)` gives the count-th one after
    `day`; `settings` holds the clinic's `response_…` decisions.
    """
    today = local(at, zone).date()
    if level is Level.ACUTE:
        return at + timedelta(minutes=settings["response_acute_minutes"])
    if level is Level.HIGH:
        by_hours = at + timedelta(hours=settings["response_high_hours"])
        return min(by_hours, instant(today + timedelta(days=1), time(0), zone))
    days = settings["response_moderate_days" if level is Level.MODERATE else "response_low_days"]
    return instant(next_working_day(today, days), DAY_ENDS, zone)
