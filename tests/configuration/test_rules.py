"""Defaults by their facts, limits, and the working calendar."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.configuration.rules import SETTINGS, add_working_days, is_working_day, plain, problem, typed
from clinic.configuration.rules.facts import FACTS
from clinic.configuration.rules.settings import LAW
from clinic.configuration.rules.tables import CADENCE, CRISIS_LINES, SESSION_KINDS, WINDOWS, Holiday
from clinic.configuration.rules.words import days_text, in_words, range_words, read_days

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
    "moderate COWS at the severe limit": ("placement_cows_moderate", 25, "(25) must be below D2"),
    "severe COWS below the moderate limit": ("placement_cows_severe", 12, "must be below D2: COWS from (12)"),
    "red above amber": ("mood_red_at_most", 5, "must be below How are you: low risk up to (5)"),
    "a weak pull that is high risk": ("pull_red_from", 4, "must be below Pull: high risk from (4)"),
    "low risk before moderate": ("response_moderate_days", 4, "no later than low risk"),
    "acute after high": ("response_acute_minutes", 4, "before acute risk has to be answered"),
    "a window with no end": ("windows", (replace(WINDOWS[0], closes_at=None),), "one of the two"),
    "a window with two ends": ("windows", (replace(WINDOWS[0], closes_after_hours=9),), "one of the two"),
    "a window shut before its nudge": ("windows", (replace(WINDOWS[0], nudge_after_hours=23),), "the nudge"),
    "windows with a hole": ("windows", (WINDOWS[1],), "must begin on day 0"),
    "no emergency number": ("crisis_lines", CRISIS_LINES[1:], "needs one emergency number"),
    "a number of letters": ("crisis_lines", (replace(CRISIS_LINES[0], number="call us"),), "can be dialed"),
    "a code twice": ("session_kinds", (*SESSION_KINDS, SESSION_KINDS[0]), "a code of its own"),
    "more people than fit": ("session_kinds", (replace(SESSION_KINDS[4], most=5),), "as many people as fit"),
    "a holiday twice": ("holidays", (Holiday(date(2026, 12, 25), "a"),) * 2, "2026-12-25 once only"),
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


@given(st.sets(st.integers(0, 3650), max_size=60))
def test_days_are_read_as_they_are_written(days: set[int]) -> None:
    ascending = tuple(sorted(days))
    assert read_days(days_text(ascending)) == ascending


@pytest.mark.parametrize("text", ["a", "1-", "5-1", "-3", "1.5", "99999", "٣"])
def test_what_is_no_list_of_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_days(text)


@given(st.times(), st.times())
def test_no_decision_reaches_beyond_the_law(first: time, until: time) -> None:
    """P3.4: whatever a clinic decides, nobody is texted before 08:00 or after 21:00."""
    decided = {**DEFAULTS, "quiet_hours_from": first, "quiet_hours_until": until}
    if not any(problem(key, decided) for key in ("quiet_hours_from", "quiet_hours_until")):
        assert LAW[0] <= first <= decided["check_in_time"] < until <= LAW[1]


def test_each_setting_stands_on_a_fact_of_the_documents() -> None:
    documents = {file.name: file.read_text() for file in Path("docs/facts").glob("*.md")}
    pages = {fact.id for fact in FACTS.values() if fact.places}
    assert {setting.fact for setting in SETTINGS.values()} | pages == set(FACTS)
    for fact in FACTS.values():
        heading = f"## {fact.id[1:]}. {fact.title}" if fact.id[0] == "R" else f"### {fact.id} {fact.title}"
        assert heading in documents[fact.file], fact.id


def test_words() -> None:
    moderate, cadence = SETTINGS["response_moderate_days"], SETTINGS["cadence"]
    assert (in_words(moderate, 1), in_words(moderate, 3)) == ("1 working day", "3 working days")
    assert (in_words(cadence, CADENCE), range_words(moderate)) == ("6 rows", "1 to 5 working days")
    assert in_words(SETTINGS["clinic_phone"], None) == "Not known"
