"""The days of C8.4."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules import cadence
from clinic.configuration.rules import SETTINGS

COLUMNS = SETTINGS["cadence"].default

BASE = cadence.check_in_days(COLUMNS)


def test_there_are_44_check_ins_on_the_days_of_the_table() -> None:
    assert len(BASE) == 44
    assert BASE[:14] == list(range(1, 15))
    assert BASE[-1] == 728


def test_calls_are_the_days_of_the_table() -> None:
    assert cadence.call_days(COLUMNS) == [
        1, 3, 7, 14, 21, 28, 42, 56, 84, 112, 140, 168, 252, 336, 455, 546, 637, 728,
    ]  # fmt: skip


RISK = {
    "in the first column daily goes on": (14, range(15, 29)),
    "in the second column it is daily for 14 days": (20, range(21, 35)),
    "in the third column every second day": (40, range(42, 55, 2)),
    "in the fourth every week, one date is planned already": (77, (84, 91)),
    "in the fifth one after 14 days": (190, (204,)),
    "in the sixth the spacing before it is longer than 14 days": (500, ()),
    "after the last day nothing": (728, ()),
}


@pytest.mark.parametrize(("day", "wanted"), RISK.values(), ids=RISK)
def test_a_risk_answer_brings_check_ins_closer(day: int, wanted: range | tuple[int, ...]) -> None:
    assert cadence.check_in_days(COLUMNS, [day]) == sorted({*BASE, *wanted})


@given(st.lists(st.integers(1, 728), max_size=6))
def test_denser_days_only_add_and_no_day_is_asked_twice(risk_days: list[int]) -> None:
    days = cadence.check_in_days(COLUMNS, risk_days)
    assert set(BASE) <= set(days)
    assert days == sorted(set(days))
    assert all(1 <= day <= 728 for day in days)
    assert set(days) - set(BASE) <= {risk + n for risk in risk_days for n in range(1, 15)}


def test_dates_are_counted_from_the_local_day_of_discharge() -> None:
    start = date(2026, 11, 24)
    dates = cadence.dates_between(start, BASE, start + timedelta(days=13), start + timedelta(days=18))
    assert dates == {
        date(2026, 12, 7): 13,
        date(2026, 12, 8): 14,
        date(2026, 12, 10): 16,
        date(2026, 12, 12): 18,
    }
