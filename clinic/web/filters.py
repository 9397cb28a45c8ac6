"""How pages write days, times, waits and phone numbers (design, section 7): 24 h clock, American order."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Flask
from markupsafe import Markup

from clinic.core import clock as core_clock
from clinic.core.settings import current


def init_app(app: Flask) -> None:
    """Make the filters known to templates."""
    app.jinja_env.filters.update(
        day=day,
        clock=clock,
        to_the_second=to_the_second,
        moment=moment,
        near=near,
        elapsed=elapsed,
        phone=phone,
        iso=iso,
        close_empty_cells=close_empty_cells,
    )


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(current().zone))


def day(on: date | None) -> str:
    """Tue Nov 24; with the year only if it is another one. An instant is read in the clinic's zone."""
    if on is None:
        return "Not known"
    return _day(_local(on).date() if isinstance(on, datetime) else on, _local(core_clock.now()).date())


def _day(on: date, today: date) -> str:
    return f"{on:%a %b} {on.day}" + (f", {on.year}" if on.year != today.year else "")


def clock(at: datetime | time | None) -> str:
    """14:05. An instant is read in the clinic's zone."""
    if at is None:
        return "Not known"
    return f"{_local(at) if isinstance(at, datetime) else at:%H:%M}"


def to_the_second(at: datetime) -> str:
    """14:05:09 for what was saved today, else as a moment."""
    return f"{_local(at):%H:%M:%S}" if day(at) == day(core_clock.now()) else moment(at)


def moment(at: datetime | None) -> str:
    """Tue Nov 24, 14:05."""
    return "Not known" if at is None else f"{day(at)}, {clock(at)}"


def near(at: datetime | None) -> str:
    """For tight columns: Today 14:05, else only the day: Mon Nov 23."""
    if at is None:
        return "Not known"
    here, today = _local(at), _local(core_clock.now()).date()
    return f"Today {here:%H:%M}" if here.date() == today else _day(here.date(), today)


def elapsed(wait: timedelta) -> str:
    """28 min, 4 h 06 min, 3 days 2 h. What has not begun counts as 0 min."""
    minutes = max(int(wait.total_seconds() // 60), 0)
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} days {hours % 24} h"
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def phone(number: str | None) -> str:
    """(202) 555-0143 for a number of our own region, +44 20 … for others; short numbers stay as they are."""
    if not number:
        return "Not known"
    try:
        parsed = phonenumbers.parse(number, current().region)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    home = phonenumbers.country_code_for_region(current().region) == parsed.country_code
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def iso(at: date | datetime | time) -> str:
    """For the datetime attribute of <time>."""
    return at.isoformat()


def close_empty_cells(rows: Markup) -> Markup:
    """A cell that holds only blanks becomes empty, so that its card on a phone leaves it out (`td:empty`)."""
    return Markup(re.sub(r">\s+</td>", "></td>", rows))  # noqa: S704  # it was safe and only blanks go
