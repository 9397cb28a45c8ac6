"""The course as a drawing: everything within the picture, in the order of time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.chart.rules import HEIGHT, WIDTH, Moment, Piece, draw, span_words

ZONE = "America/New_York"
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def stays_of(*days: float, closed: bool = False) -> list[Piece]:
    """Stays of so many days each, one after the other until now."""
    begin, found = NOW - timedelta(days=sum(days)), []
    for place, long in enumerate(days):
        end = begin + timedelta(days=long)
        last = place == len(days) - 1
        found.append(Piece("detox", "Detox", begin, None if last and not closed else end))
        begin = end
    return found


LENGTHS = st.lists(st.floats(0, 900), min_size=1, max_size=6)


@given(LENGTHS, st.booleans(), st.lists(st.floats(-100, 4000), max_size=5))
def test_everything_stays_within_the_picture(lengths: list[float], closed: bool, marks: list[float]) -> None:
    stays = stays_of(*lengths, closed=closed)
    moments = [Moment(stays[0].starts_at + timedelta(days=day), "Highest COWS 27") for day in marks]
    drawn = draw(stays, moments, NOW, ZONE)
    edges = [edge for bar in drawn.bars for edge in (bar.x, bar.x + bar.width)]
    edges += [x for x, _ in drawn.months] + [mark.x for mark in drawn.marks]
    edges += [drawn.now] if drawn.now is not None else []
    assert all(0 <= edge <= WIDTH for edge in edges)
    assert all(0 < mark.y < HEIGHT for mark in drawn.marks)
    assert [bar.x for bar in drawn.bars] == sorted(bar.x for bar in drawn.bars)
    assert (drawn.now is None) == (drawn.ahead is None) == closed


@given(LENGTHS)
def test_only_the_open_stay_is_current(lengths: list[float]) -> None:
    drawn = draw(stays_of(*lengths), [], NOW, ZONE)
    assert [bar.current for bar in drawn.bars] == [False] * (len(lengths) - 1) + [True]


def test_months_stand_at_their_first_and_january_names_the_year() -> None:
    drawn = draw(
        [Piece("outpatient", "Outpatient", datetime(2025, 11, 20, 15, tzinfo=UTC), None)], [], NOW, ZONE
    )
    assert [words for _, words in drawn.months][:3] == ["Dec", "Jan 2026", "Feb"]


def test_of_many_months_each_third_is_named() -> None:
    drawn = draw([Piece("aftercare", "Aftercare", NOW - timedelta(days=900), None)], [], NOW, ZONE)
    assert {words[:3] for _, words in drawn.months} == {"Jan", "Apr", "Jul", "Oct"}


SPANS = {
    "one day": (0.1, True, "Nov 24, 1 day"),
    "so far": (7, False, "Nov 17, 8 days so far"),
    "over the change of the clocks": (30, True, "Oct 25, 31 days"),
}


@pytest.mark.parametrize(("days", "closed", "words"), SPANS.values(), ids=SPANS)
def test_a_stay_in_words(days: float, closed: bool, words: str) -> None:
    assert span_words(stays_of(days, closed=closed)[0], NOW, ZONE) == words


def test_marks_outside_of_the_episode_are_left_out() -> None:
    stays = stays_of(10)
    early, late = Moment(NOW - timedelta(days=11), "early"), Moment(NOW + timedelta(days=40), "late")
    within = Moment(NOW - timedelta(days=5), "within")
    assert [mark.words for mark in draw(stays, [early, late, within], NOW, ZONE).marks] == ["within"]
