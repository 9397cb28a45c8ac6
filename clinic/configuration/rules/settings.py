"""Every decision of a clinic by its key: fact id, label, kind, default, limits."""

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from clinic.configuration.rules import tables


class Kind(enum.StrEnum):
    """What a value is: str, E.164 str or None, int, datetime.time, bool, tuple of int, tuple of rows."""

    TEXT = "text"
    PHONE = "phone"
    WHOLE = "whole"
    CLOCK = "clock"
    YES_NO = "yes_no"
    WEEKDAYS = "weekdays"
    TABLE = "table"


@dataclass(frozen=True)
class Setting:
    """One decision. `low` and `high` are both allowed; `rows` is the dataclass of a table's rows."""

    key: str
    fact: str
    label: str
    kind: Kind
    default: Any
    low: Any = None
    high: Any = None
    unit: str = ""
    rows: type[Any] | None = None


def _whole(key: str, fact: str, label: str, default: int, low: int, high: int, unit: str) -> Setting:
    return Setting(key, fact, label, Kind.WHOLE, default, low, high, unit)


def _clock(
    key: str, fact: str, label: str, default: time, low: time = time.min, high: time = time(23, 59)
) -> Setting:
    return Setting(key, fact, label, Kind.CLOCK, default, low, high)


def _table(key: str, fact: str, label: str, default: tuple[Any, ...]) -> Setting:
    return Setting(key, fact, label, Kind.TABLE, default, rows=type(default[0]))


LAW = (time(8), time(21))  # no clinic may text patients outside these hours (P3.4)

_ALL = (
    Setting("clinic_name", "P5.1", "Name of the clinic", Kind.TEXT, "Clinic", 1, 60),
    Setting("clinic_phone", "P5.4", "Phone of the clinic", Kind.PHONE, None),
    _table("crisis_lines", "P5.4", "Crisis numbers", tables.CRISIS_LINES),
    Setting("working_days", "C4.8", "Days the clinic works", Kind.WEEKDAYS, (0, 1, 2, 3, 4)),
    _clock("referral_due_time", "C4.8", "Referrals are due on the next working day by", time(17)),
    _whole("referral_urgent_minutes", "C4.8", "Urgent referrals are due within", 60, 5, 1440, "minutes"),
    _clock("quiet_hours_from", "P3.4", "Texts to patients from", time(9), *LAW),
    _clock("quiet_hours_until", "P3.4", "Texts to patients until", time(20), *LAW),
    _clock("check_in_time", "C8.4", "Check-ins go out at", time(10), *LAW),
    _table("cadence", "C8.4", "Check-in days after discharge", tables.CADENCE),
    _table("windows", "C8.4", "How long a check-in stays open", tables.WINDOWS),
    _whole("closer_for_days", "C8.4", "After a risk answer check-ins are closer for", 14, 1, 60, "days"),
    _whole("materialise_days", "R8", "Check-ins are laid out ahead for", 14, 2, 60, "days"),
    _whole("invite_gap_hours", "R8", "Least time between two check-ins", 8, 1, 24, "hours"),
    _whole("mood_red_at_most", "C8.5", "How are you: high risk up to", 2, 0, 10, "points"),
    _whole("mood_amber_at_most", "C8.5", "How are you: low risk up to", 5, 0, 10, "points"),
    _whole("pull_amber_from", "C8.5", "Pull: low risk from", 4, 0, 10, "points"),
    _whole("pull_red_from", "C8.5", "Pull: high risk from", 7, 0, 10, "points"),
    _whole("pull_rise", "C8.5", "Pull: low risk after a rise of", 4, 1, 10, "points"),
    _whole("response_acute_minutes", "C8.6", "Acute risk: call within", 15, 1, 60, "minutes"),
    _whole("response_high_hours", "C8.6", "High risk: call within", 4, 1, 24, "hours"),
    _whole("response_moderate_days", "C8.6", "Moderate risk: call within", 1, 1, 5, "working days"),
    _whole("response_low_days", "C8.6", "Low risk: call within", 3, 1, 10, "working days"),
    _whole("on_call_page_minutes", "C8.6", "Page the next person after", 5, 1, 30, "minutes"),
    _clock("reminder_day_before_time", "R8", "Reminders of the day before go out at", time(10), *LAW),
    _whole("reminder_least_hours", "R8", "No reminder when booked later than", 4, 0, 24, "hours before"),
    _whole("series_weeks", "C6.1", "Weekly groups are laid out ahead for", 12, 1, 52, "weeks"),
    _table("session_kinds", "C6.1", "Kinds of sessions", tables.SESSION_KINDS),
    Setting("countersign_includes_therapists", "C4.7", "Therapists may countersign", Kind.YES_NO, False),
    _whole("placement_breathing_low", "C4.4", "E1: breaths per minute below", 10, 4, 20, "per minute"),
    _whole("placement_oxygen_low", "C4.4", "E1: oxygen saturation below", 90, 70, 100, "%"),
    _whole("placement_drinks", "C4.4", "D1: drinks a day from", 8, 1, 40, "US drinks"),
    _whole("placement_ciwa", "C4.4", "D1: CIWA-Ar from", 10, 1, 67, "points"),
    _whole("placement_cows_moderate", "C4.4", "D3: COWS from", 13, 1, 48, "points"),
    _whole("placement_cows_severe", "C4.4", "D2: COWS from", 25, 1, 48, "points"),
    _whole("placement_returns", "C4.4", "I2: returns to use in 12 months from", 2, 1, 20, "times"),
)
SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in _ALL}


def plain(value: Any) -> Any:
    """A typed value as JSON."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def typed(setting: Setting, value: Any) -> Any:
    """The typed value of stored JSON."""
    if setting.kind is Kind.CLOCK:
        return time.fromisoformat(value)
    if setting.kind is Kind.WEEKDAYS:
        return tuple(value)
    if setting.rows is not None:
        return tuple(_row(setting.rows, row) for row in value)
    return value


def _row(rows: type[Any], stored: Mapping[str, Any]) -> Any:
    ready: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in stored.items()
    }
    if rows is tables.Window and ready["closes_at"]:
        ready["closes_at"] = time.fromisoformat(ready["closes_at"])
    return rows(**ready)


def problem(key: str, values: Mapping[str, Any]) -> str | None:
    """What is wrong with the value of `key` among all `values` of the clinic, in words; None if nothing."""
    setting, value = SETTINGS[key], values[key]
    if setting.kind in (Kind.WHOLE, Kind.CLOCK) and not setting.low <= value <= setting.high:
        what = "a time" if setting.kind is Kind.CLOCK else "a whole number"
        return f"Enter {setting.label} as {what} from {plain(setting.low)} to {plain(setting.high)}"
    if setting.kind is Kind.TEXT and not setting.low <= len(value.strip()) <= setting.high:
        return f"Enter {setting.label} with {setting.low} to {setting.high} characters"
    if key == "working_days" and not value:
        return "Choose at least one day the clinic works"
    if values["quiet_hours_from"] >= values["quiet_hours_until"]:
        return "Texts to patients must start before they end"
    for planned in ("check_in_time", "reminder_day_before_time"):
        if not values["quiet_hours_from"] <= values[planned] < values["quiet_hours_until"]:
            return f"{SETTINGS[planned].label} must be a time at which patients may be texted"
    return _cadence_problem(values["cadence"])


def _cadence_problem(columns: tuple[tables.CadenceColumn, ...]) -> str | None:
    day = 1
    for column in columns:
        if column.first_day != day or column.last_day < day:
            return f"Check-in days: the column from day {column.first_day} must begin on day {day}"
        for days in (column.check_in_days, column.call_days):
            if list(days) != sorted(set(days)) or any(not day <= one <= column.last_day for one in days):
                return f"Check-in days: each day from {day} to {column.last_day} at most once, in order"
        day = column.last_day + 1
    return None
