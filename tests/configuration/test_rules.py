"""Defaults by their facts, limits, and the working calendar."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.configuration.rules import SETTINGS, add_working_days, is_working_day, plain, problem, typed
from clinic.configuration.rules.tables import CADENCE

DEFAULTS = {key: setting.default for key, setting in SETTINGS.items()}
WEEK = (0, 1, 2, 3, 4)


@pytest.mark.parametrize("key", SETTINGS)
def test_defaults_are_allowed_and_survive_the_database(key: str) -> None:
    assert problem(key, DEFAULTS) is None
    assert typed(SETTINGS[key], plain(DEFAULTS[key])) == DEFAULTS[key]


def test_cadence_is_that_of_the_facts() -> None:
    check_ins = [day for column in CADENCE for day in column.check_in_days]
    calls = [day for column in CADENCE for day in column.call_days]
    assert len(check_ins) == 44
    assert check_ins[13:24] == [14, 16, 18, 20, 22, 24, 26, 28, 35, 42, 49]
    assert check_ins[-4:] == [455, 546, 637, 728]
    assert calls == [1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 140, 168, 252, 336, 455, 546, 637, 728]


WRONG: dict[str, tuple[str, Any, str]] = {
    "before the law's morning": ("quiet_hours_from", time(7, 59), "from 08:00 to 21:00"),
    "after the law's evening": ("quiet_hours_until", time(21, 1), "from 08:00 to 21:00"),
    "hours that leave nothing": ("quiet_hours_until", time(9), "must start before they end"),
    "a check-in nobody may get": ("check_in_time", time(20), "at which patients may be texted"),
    "a reminder nobody may get": ("reminder_day_before_time", time(8), "at which patients may be texted"),
    "no page in time": ("on_call_page_minutes", 0, "from 1 to 30"),
    "no name": ("clinic_name", "  ", "with 1 to 60 characters"),
    "no working day": ("working_days", (), "at least one day"),
    "a hole in the cadence": ("cadence", (CADENCE[0], CADENCE[2]), "must begin on day 15"),
    "a day twice": ("cadence", (replace(CADENCE[0], check_in_days=(1, 1)),), "at most once, in order"),
    "a day of another column": ("cadence", (replace(CADENCE[0], call_days=(15,)),), "at most once, in order"),
}


@pytest.mark.parametrize(("key", "value", "why"), WRONG.values(), ids=WRONG)
def test_what_no_clinic_may_decide(key: str, value: Any, why: str) -> None:
    assert why in (problem(key, {**DEFAULTS, key: value}) or "")


DAYS = {
    "from Monday to Tuesday": (date(2026, 11, 23), 1, date(2026, 11, 24)),
    "over the weekend": (date(2026, 11, 20), 1, date(2026, 11, 23)),
    "over Thanksgiving and the day after": (date(2026, 11, 25), 1, date(2026, 11, 30)),
    "three of them": (date(2026, 11, 24), 3, date(2026, 12, 1)),
    "none": (date(2026, 11, 22), 0, date(2026, 11, 22)),
}


@pytest.mark.parametrize(("day", "count", "due"), DAYS.values(), ids=DAYS)
def test_working_days(day: date, count: int, due: date) -> None:
    assert add_working_days(day, count, WEEK, {date(2026, 11, 26), date(2026, 11, 27)}) == due


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 20),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.dates(date(2020, 1, 1), date(2030, 6, 1)), max_size=20),
)
def test_a_due_day_is_a_working_day_and_as_many_lie_between(
    day: date, count: int, weekdays: set[int], holidays: set[date]
) -> None:
    due = add_working_days(day, count, weekdays, holidays)
    span = [date.fromordinal(number) for number in range(day.toordinal() + 1, due.toordinal() + 1)]
    assert is_working_day(due, weekdays, holidays)
    assert sum(is_working_day(one, weekdays, holidays) for one in span) == count
