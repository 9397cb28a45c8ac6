"""Every decision of a clinic by its key: fact id, label, kind, default, limits; and how it is stored."""

import dataclasses
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from clinic.configuration.rules import tables
from clinic.configuration.rules.kinds import Kind, Setting, Table


def _whole(key: str, fact: str, label: str, default: int, low: int, high: int, unit: str) -> Setting:
    return Setting(key, fact, label, Kind.WHOLE, default, low, high, unit)


def _limit(flag: str, fact: str, label: str, default: int, high: int) -> Setting:
    """Where a flag of a scale, as SCALE_FLAG, begins to stand that its file does not vouch for."""
    return _whole(f"scale_limit_{flag}", fact, label, default, 1, high, "points")


def _clock(
    key: str, fact: str, label: str, default: time, low: time = time.min, high: time = time(23, 59)
) -> Setting:
    return Setting(key, fact, label, Kind.CLOCK, default, low, high)


def _table(
    key: str, fact: str, label: str, default: tuple[Any, ...], table: Table, low: int = 1, high: int = 60
) -> Setting:
    return Setting(key, fact, label, Kind.TABLE, default, low, high, "rows", table)


LAW = (time(8), time(21))  # no clinic may text patients outside these hours (P3.4)

GROUPS: Mapping[str, tuple[Setting, ...]] = {
    "Clinic and numbers": (
        Setting("clinic_name", "P5.1", "Name of the clinic", Kind.TEXT, "Clinic", 1, 60),
        Setting("clinic_phone", "P5.4", "Phone of the clinic", Kind.PHONE, None),
        _table("crisis_lines", "P5.4", "Crisis numbers", tables.CRISIS_LINES, tables.CRISIS_TABLE),
    ),
    "Disclosures with consent": (
        Setting("redisclosure_long", "P1.5", "Disclosures carry the long notice", Kind.YES_NO, False),
        Setting("redisclosure_long_words", "P1.5", "Words of the long notice", Kind.TEXT, "", 0, 2000),
        Setting("redisclosure_long_source", "P1.5", "Source and date of these words", Kind.TEXT, "", 0, 120),
    ),
    "Calendar and referrals": (
        Setting("working_days", "C4.8", "Days the clinic works", Kind.WEEKDAYS, (0, 1, 2, 3, 4)),
        _table("holidays", "C4.8", "Holidays", (), tables.HOLIDAYS_TABLE, 0, 200),
        _clock("referral_due_time", "C4.8", "Referrals are due on the next working day by", time(17)),
        _whole("referral_urgent_minutes", "C4.8", "Urgent referrals are due within", 60, 5, 1440, "minutes"),
    ),
    "Texts to patients": (
        _clock("quiet_hours_from", "P3.4", "Texts to patients from", time(9), *LAW),
        _clock("quiet_hours_until", "P3.4", "Texts to patients until", time(20), *LAW),
        _clock("reminder_day_before_time", "R8", "Reminders of the day before go out at", time(10), *LAW),
        _whole("reminder_least_hours", "R8", "No reminder when booked later than", 4, 0, 24, "hours before"),
    ),
    "Check-ins after discharge": (
        _clock("check_in_time", "C8.4", "Check-ins go out at", time(10), *LAW),
        _table("cadence", "C8.4", "Check-in days after discharge", tables.CADENCE, tables.CADENCE_TABLE),
        _table("windows", "C8.4", "How long a check-in stays open", tables.WINDOWS, tables.WINDOWS_TABLE),
        _table("silence_ladder", "C8.8", "Steps when nobody answers", tables.SILENCE_LADDER, tables.LADDER),
        _whole("pause_days_most", "C8.4", "A person may pause check-ins for up to", 14, 1, 28, "days"),
        _whole("closer_for_days", "C8.4", "After a risk answer check-ins are closer for", 14, 1, 60, "days"),
        _whole("materialise_days", "R8", "Check-ins are laid out ahead for", 14, 2, 60, "days"),
        _whole("invite_gap_hours", "R8", "Least time between two check-ins", 8, 1, 24, "hours"),
    ),
    "What counts as risk": (
        _whole("mood_red_at_most", "C8.5", "How are you: high risk up to", 2, 0, 10, "points"),
        _whole("mood_amber_at_most", "C8.5", "How are you: low risk up to", 5, 0, 10, "points"),
        _whole("pull_amber_from", "C8.5", "Pull: low risk from", 4, 0, 10, "points"),
        _whole("pull_red_from", "C8.5", "Pull: high risk from", 7, 0, 10, "points"),
        _whole("pull_rise", "C8.5", "Pull: low risk after a rise of", 4, 1, 10, "points"),
    ),
    "How soon we answer": (
        _whole("response_acute_minutes", "C8.6", "Acute risk: call within", 15, 1, 60, "minutes"),
        _whole("response_high_hours", "C8.6", "High risk: call within", 4, 1, 24, "hours"),
        _whole("response_moderate_days", "C8.6", "Moderate risk: call within", 1, 1, 5, "working days"),
        _whole("response_low_days", "C8.6", "Low risk: call within", 3, 1, 10, "working days"),
        _whole("on_call_page_minutes", "C8.6", "Page the next person after", 5, 1, 30, "minutes"),
    ),
    "Sessions": (
        _whole("series_weeks", "C6.1", "Weekly groups are laid out ahead for", 12, 1, 52, "weeks"),
        _table("session_kinds", "C6.1", "Kinds of sessions", tables.SESSION_KINDS, tables.SESSION_TABLE),
    ),
    "Scales": (
        _table("scale_intervals", "C8.5", "Scales to repeat", tables.INTERVALS, tables.INTERVALS_TABLE, 0),
        _limit("cows_buprenorphine_start_range", "C3.1", "COWS: first buprenorphine dose from", 12, 48),
        _limit("sows_home_induction_range", "C3.1", "SOWS: start at home from", 17, 64),
        _limit("craving_nrs_high_craving", "C8.5", "Craving: high from", 7, 10),
        _limit("audit_c_high_risk", "C4.4", "AUDIT-C: high risk from", 8, 12),
    ),
    "Placement": (
        Setting("countersign_includes_therapists", "C4.7", "Therapists may countersign", Kind.YES_NO, False),
        _whole("placement_breathing_low", "C4.4", "E1: breaths per minute below", 10, 4, 20, "per minute"),
        _whole("placement_oxygen_low", "C4.4", "E1: oxygen saturation below", 90, 70, 100, "%"),
        _whole("placement_drinks", "C4.4", "D1: drinks a day from", 8, 1, 40, "US drinks"),
        _whole("placement_ciwa", "C4.4", "D1: CIWA-Ar from", 10, 1, 67, "points"),
        _whole("placement_cows_moderate", "C4.4", "D3: COWS from", 13, 1, 48, "points"),
        _whole("placement_cows_severe", "C4.4", "D2: COWS from", 25, 1, 48, "points"),
        _whole("placement_returns", "C4.4", "I2: returns to use in 12 months from", 2, 1, 20, "times"),
    ),
}
SETTINGS: Mapping[str, Setting] = {setting.key: setting for group in GROUPS.values() for setting in group}


def plain(value: Any) -> Any:
    """A typed value as JSON."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def typed(setting: Setting, stored: Any) -> Any:
    """The typed value of stored JSON."""
    table = setting.table
    if table is None:
        return _typed(setting.kind, stored)
    return tuple(
        table.row(**{column.name: _typed(column.kind, row[column.name]) for column in table.columns})
        for row in stored
    )


def _typed(kind: Kind, stored: Any) -> Any:
    if stored is None:
        return None
    if kind is Kind.CLOCK:
        return time.fromisoformat(stored)
    if kind is Kind.DAY:
        return date.fromisoformat(stored)
    return tuple(stored) if isinstance(stored, list) else stored
