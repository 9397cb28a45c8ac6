"""What no clinic may decide: each value by itself, and values that must agree with each other."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from clinic.configuration.rules.kinds import Kind, Setting
from clinic.configuration.rules.settings import SETTINGS, plain
from clinic.configuration.rules.tables import (
    SILENCE_ACTIONS,
    CadenceColumn,
    CrisisLine,
    Holiday,
    SessionKind,
    SilenceStep,
    Window,
)

Values = Mapping[str, Any]


def problem(key: str, values: Values) -> str | None:
    """What is wrong with the value of `key` among all `values` of the clinic, in words; None if nothing."""
    setting = SETTINGS[key]
    return _alone(setting, values[key]) or next(
        (why for rule in _RULES.get(key, ()) if (why := rule(values))), None
    )


def _alone(setting: Setting, value: Any) -> str | None:
    low, high = plain(setting.low), plain(setting.high)
    if setting.kind in (Kind.WHOLE, Kind.CLOCK) and not setting.low <= value <= setting.high:
        what = "a time" if setting.kind is Kind.CLOCK else "a whole number"
        return f"Enter {setting.label} as {what} from {low} to {high}"
    if setting.kind is Kind.TEXT and not low <= len(value.strip()) <= high:
        return f"Enter {setting.label} with {low} to {high} characters"
    if setting.kind is Kind.TABLE and not low <= len(value) <= high:
        return f"Enter {setting.label} with {low} to {high} rows"
    if setting.kind is Kind.WEEKDAYS and not value:
        return f"Choose at least one day for {setting.label}"
    return None


def _ordered(lower: str, higher: str) -> Callable[[Values], str | None]:
    """One of two whole numbers must stay below the other."""

    def rule(values: Values) -> str | None:
        if values[lower] < values[higher]:
            return None
        low, high = SETTINGS[lower], SETTINGS[higher]
        return f"{low.label} ({values[lower]}) must be below {high.label} ({values[higher]})"

    return rule


def _hours(values: Values) -> str | None:
    if values["quiet_hours_from"] >= values["quiet_hours_until"]:
        return "Texts to patients must start before they end"
    for planned in ("check_in_time", "reminder_day_before_time"):
        if not values["quiet_hours_from"] <= values[planned] < values["quiet_hours_until"]:
            return f"{SETTINGS[planned].label} must be a time at which patients may be texted"
    return None


def _response(values: Values) -> str | None:
    if values["response_acute_minutes"] > values["response_high_hours"] * 60:
        return "Acute risk must be answered no later than high risk"
    if values["response_moderate_days"] > values["response_low_days"]:
        return "Moderate risk must be answered no later than low risk"
    if values["on_call_page_minutes"] > values["response_acute_minutes"]:
        return "The next person must be paged before acute risk has to be answered"
    return None


def _cadence(values: Values) -> str | None:
    columns: tuple[CadenceColumn, ...] = values["cadence"]
    day = 1
    for column in columns:
        if column.first_day != day or column.last_day < day:
            return f"Check-in days: the column from day {column.first_day} must begin on day {day}"
        for days in (column.check_in_days, column.call_days):
            if list(days) != sorted(set(days)) or any(not day <= one <= column.last_day for one in days):
                return f"Check-in days: each day from {day} to {column.last_day} at most once, in order"
        day = column.last_day + 1
    return None


def _windows(values: Values) -> str | None:
    rows: tuple[Window, ...] = values["windows"]
    day = 0
    for row in rows:
        if row.first_day != day or row.last_day < day:
            return f"Open check-ins: the row from day {row.first_day} must begin on day {day}"
        if (row.closes_at is None) == (row.closes_after_hours is None):
            return f"Open check-ins: from day {day} enter a time of the next day or hours, one of the two"
        if row.nudge_after_hours >= _open_hours(row, values["check_in_time"]):
            return f"Open check-ins: from day {day} the nudge must come before the check-in closes"
        day = row.last_day + 1
    return None


def _open_hours(row: Window, sent: time) -> float:
    """How long a check-in sent at this time stays open, in hours of an ordinary day."""
    if row.closes_at is None:
        return row.closes_after_hours or 0
    on = date(2026, 1, 1)
    opened, closed = datetime.combine(on, sent, UTC), datetime.combine(on, row.closes_at, UTC)
    return (closed + timedelta(days=1) - opened).total_seconds() / 3600


def _crisis_lines(values: Values) -> str | None:
    lines: tuple[CrisisLine, ...] = values["crisis_lines"]
    for line in lines:
        ours = [one for one in lines if one.country == line.country]
        if not (line.country.isascii() and line.country.isalpha() and line.country.isupper()):
            return f"Crisis numbers: enter {line.country} as two capital letters, like US"
        if not any(sign.isdigit() for sign in line.number) or set(line.number) - set("0123456789 -+()"):
            return f"Crisis numbers: enter {line.label} of {line.country} as a number that can be dialed"
        if [one.emergency for one in ours] != [True, *[False] * (len(ours) - 1)]:
            return f"Crisis numbers: {line.country} needs one emergency number, and it comes first"
    return None


def _session_kinds(values: Values) -> str | None:
    rows: tuple[SessionKind, ...] = values["session_kinds"]
    codes = [row.code for row in rows]
    for row in rows:
        if codes.count(row.code) > 1 or not row.code.replace("_", "").isalnum() or not row.code.islower():
            return f"Kinds of sessions: enter a code of its own for {row.label}, in small letters"
        if row.least > row.most:
            return f"Kinds of sessions: {row.label} needs at most as many people as fit"
    return None


def _holidays(values: Values) -> str | None:
    rows: tuple[Holiday, ...] = values["holidays"]
    days = [row.on for row in rows]
    twice = next((day for day in days if days.count(day) > 1), None)
    return f"Holidays: enter {twice.isoformat()} once only" if twice else None


def _ladder(values: Values) -> str | None:
    """Both columns go up, and end with the supervisor's review: nobody is left in silence (C8.8)."""
    rows: tuple[SilenceStep, ...] = values["silence_ladder"]
    actions = [row.action for row in rows]
    if wrong := next((action for action in actions if action not in SILENCE_ACTIONS), None):
        return f"Steps when nobody answers: {wrong} is none of {', '.join(SILENCE_ACTIONS)}"
    if len(set(actions)) != len(actions) or actions[-1] != "review" or None in (
        rows[-1].early_days, rows[-1].later_days
    ):  # fmt: skip
        return "Steps when nobody answers: each step once, and last the review, with a day in both columns"
    for column in ("early_days", "later_days"):
        days = [day for row in rows if (day := getattr(row, column)) is not None]
        if days != sorted(set(days)):
            return "Steps when nobody answers: each step on a later day than the one before"
    return None


_MOOD = _ordered("mood_red_at_most", "mood_amber_at_most")
_PULL = _ordered("pull_amber_from", "pull_red_from")
_COWS = _ordered("placement_cows_moderate", "placement_cows_severe")
_RULES: Mapping[str, tuple[Callable[[Values], str | None], ...]] = {
    "quiet_hours_from": (_hours,),
    "quiet_hours_until": (_hours,),
    "reminder_day_before_time": (_hours,),
    "check_in_time": (_hours, _windows),
    "windows": (_windows,),
    "silence_ladder": (_ladder,),
    "cadence": (_cadence,),
    "crisis_lines": (_crisis_lines,),
    "session_kinds": (_session_kinds,),
    "holidays": (_holidays,),
    "mood_red_at_most": (_MOOD,),
    "mood_amber_at_most": (_MOOD,),
    "pull_amber_from": (_PULL,),
    "pull_red_from": (_PULL,),
    "response_acute_minutes": (_response,),
    "response_high_hours": (_response,),
    "response_moderate_days": (_response,),
    "response_low_days": (_response,),
    "on_call_page_minutes": (_response,),
    "placement_cows_moderate": (_COWS,),
    "placement_cows_severe": (_COWS,),
}
