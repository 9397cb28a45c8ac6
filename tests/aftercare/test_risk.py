"""The table of C8.5, response times of C8.6, and digits by text."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules.questions import Item
from clinic.aftercare.rules.replies import Way, read
from clinic.aftercare.rules.response import response_due
from clinic.aftercare.rules.risk import Colour, judge
from clinic.configuration.rules import SETTINGS, add_working_days
from clinic.worklist.rules import Level

ALL_WELL = {
    Item.TODAY: "8",
    Item.PULL: "1",
    Item.USED: "no",
    Item.SLEEP: "good",
    Item.ENERGY: "good",
    Item.SAFE_PLACE: "yes",
    Item.HARM: "no",
    Item.OVERDOSE: "no",
    Item.CALL: "no",
}

Case = tuple[dict[Item, str], Level, str]
LEVELS: dict[str, Case] = {
    "all well": ({}, Level.NONE, ""),
    "today 6 is well": ({Item.TODAY: "6"}, Level.NONE, ""),
    "today 5": ({Item.TODAY: "5"}, Level.LOW, "Today 5 of 10"),
    "today 3": ({Item.TODAY: "3"}, Level.LOW, "Today 3 of 10"),
    "today 2": ({Item.TODAY: "2"}, Level.HIGH, "Today 2 of 10"),
    "pull 3 is well": ({Item.PULL: "3"}, Level.NONE, ""),
    "pull 4": ({Item.PULL: "4"}, Level.LOW, "Pull 4 of 10"),
    "pull 6": ({Item.PULL: "6"}, Level.LOW, "Pull 6 of 10"),
    "pull 7": ({Item.PULL: "7"}, Level.HIGH, "Pull 7 of 10"),
    "used something else": ({Item.USED: "other"}, Level.LOW, "Returned to use: alcohol or other"),
    "used an opioid": ({Item.USED: "opioid"}, Level.HIGH, "Returned to use: opioid"),
    "medicine as planned": ({Item.MEDICINE: "yes"}, Level.NONE, ""),
    "medicine missed once": ({Item.MEDICINE: "missed_once"}, Level.LOW, "Medicine missed once"),
    "medicine missed more": ({Item.MEDICINE: "missed_more"}, Level.HIGH, "Medicine missed twice or more"),
    "medicine stopped": ({Item.MEDICINE: "stopped"}, Level.HIGH, "Medicine stopped"),
    "poor sleep": ({Item.SLEEP: "poor"}, Level.LOW, "Slept badly"),
    "hardly slept": ({Item.SLEEP: "very_poor"}, Level.HIGH, "Hardly slept"),
    "energy is a trend only": ({Item.ENERGY: "low"}, Level.NONE, ""),
    "unsure of the night": ({Item.SAFE_PLACE: "unsure"}, Level.LOW, "Not sure of being safe tonight"),
    "no safe place": ({Item.SAFE_PLACE: "no"}, Level.HIGH, "No safe place tonight"),
    "no support is never high": ({Item.SUPPORT: "no"}, Level.LOW, "No contact with a supporter this week"),
    "harm not now": ({Item.HARM: "yes_not_now"}, Level.HIGH, "Thoughts of self-harm, not now"),
    "harm now": ({Item.HARM: "yes_now"}, Level.ACUTE, "Thoughts of self-harm now"),
    "overdose": ({Item.OVERDOSE: "yes"}, Level.ACUTE, "Overdose or nearly"),
    "a call": ({Item.CALL: "yes"}, Level.LOW, "Would like a call"),
    "a call soon": ({Item.CALL: "urgent"}, Level.ACUTE, "Needs a call soon"),
    "two ambers": ({Item.TODAY: "4", Item.CALL: "yes"}, Level.MODERATE, "Today 4 of 10; Would like a call"),
    "the gravest first": (
        {Item.TODAY: "5", Item.PULL: "9", Item.HARM: "yes_now"},
        Level.ACUTE,
        "Thoughts of self-harm now; Pull 9 of 10; Today 5 of 10",
    ),
}


@pytest.mark.parametrize(("said", "level", "words"), LEVELS.values(), ids=LEVELS)
def test_level_and_reasons(said: dict[Item, str], level: Level, words: str) -> None:
    found = judge({**ALL_WELL, **said}, {**ALL_WELL, **said})
    assert (found.level, found.words) == (level, words)


RISES = {
    "a rise of 4 within green": (0, "3", None),
    "a rise of 4": (0, "4", "Pull 4 of 10, up from 0"),
    "a rise of 3": (2, "5", "Pull 5 of 10"),
    "up to red": (3, "7", "Pull 7 of 10, up from 3"),
    "no earlier answer": (None, "4", "Pull 4 of 10"),
}


@pytest.mark.parametrize(("last", "now", "words"), RISES.values(), ids=RISES)
def test_a_rise_of_the_pull_is_told(last: int | None, now: str, words: str | None) -> None:
    found = judge({**ALL_WELL, Item.PULL: now}, ALL_WELL, last_pull=last)
    assert [reason.words for reason in found.reasons] == ([words] if words else [])


def test_a_rise_from_a_low_threshold_counts_once() -> None:
    assert judge({**ALL_WELL, Item.PULL: "5"}, ALL_WELL, last_pull=1).level is Level.LOW


@given(st.sets(st.sampled_from([item for item in ALL_WELL if item is not Item.ENERGY]), min_size=1))
def test_unknown_is_never_green(missing: set[Item]) -> None:
    found = judge({item: value for item, value in ALL_WELL.items() if item not in missing}, ALL_WELL)
    assert found.colour is Colour.UNKNOWN
    assert found.unknown == missing


@given(st.dictionaries(st.sampled_from(list(ALL_WELL)), st.just("")), st.sampled_from(list(LEVELS.values())))
def test_more_answers_never_lower_the_level(known: dict[Item, str], case: Case) -> None:
    said, level, _ = case
    rest = {item: ALL_WELL[item] for item in known if item not in said}
    assert judge({**rest, **said}, ALL_WELL).level == (level if said else Level.NONE)


def _next_working_day(day: date, count: int) -> date:
    return add_working_days(day, count, range(5), ())


DUE = {
    "acute in 15 minutes": (Level.ACUTE, "2026-11-24T15:00", "2026-11-24T15:15"),
    "high in 4 hours": (Level.HIGH, "2026-11-24T15:00", "2026-11-24T19:00"),
    "high the same local day": (Level.HIGH, "2026-11-25T03:00", "2026-11-25T05:00"),
    "moderate the next working day": (Level.MODERATE, "2026-11-24T15:00", "2026-11-25T22:00"),
    "moderate on a Friday is Monday": (Level.MODERATE, "2026-11-27T15:00", "2026-11-30T22:00"),
    "low within 3 working days": (Level.LOW, "2026-11-27T15:00", "2026-12-02T22:00"),
    "acute stays 15 minutes over a change of the clocks": (
        Level.ACUTE,
        "2026-11-01T05:50",
        "2026-11-01T06:05",
    ),
}


@pytest.mark.parametrize(("level", "at", "due"), DUE.values(), ids=DUE)
def test_response_times(level: Level, at: str, due: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    settings = {key: setting.default for key, setting in SETTINGS.items()}
    found = response_due(level, moment, "America/New_York", _next_working_day, settings)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


REPLIES = {
    "a digit to one open check-in": ((7, 1, 1, 0), Way.CHECK_IN),
    "ten": ((10, 1, 1, 0), Way.CHECK_IN),
    "eleven": ((11, 1, 1, 0), Way.NOT_OURS),
    "words": ((None, 1, 1, 0), Way.NOT_OURS),
    "nothing open": ((1, 1, 0, 1), Way.NOT_OURS),
    "a number of nobody": ((1, 0, 0, 0), Way.NOT_OURS),
    "a shared number": ((1, 2, 1, 0), Way.NOT_OURS),
    "a reminder is open too": ((2, 1, 1, 1), Way.PERSON),
    "two check-ins": ((0, 1, 2, 0), Way.PERSON),
}


@pytest.mark.parametrize(("given", "way"), REPLIES.values(), ids=REPLIES)
def test_digits_by_text(given: tuple[int | None, int, int, int], way: Way) -> None:
    assert read(*given) is way
