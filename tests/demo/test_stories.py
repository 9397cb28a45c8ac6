"""Invented check-ins are answered while they are open, at whatever hour the demo is loaded."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules.windows import times
from clinic.configuration.rules.tables import WINDOWS
from clinic.demo.rules.stories import Ending, answered_at

ZONE = "America/New_York"


@given(
    st.integers(0, 100),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 7 * 24 * 60),
    st.sampled_from([None, *Ending]),
    st.integers(0, 99),
)
def test_an_answer_comes_while_the_check_in_is_open(
    day: int, on: date, minutes: int, ending: Ending | None, seed: int
) -> None:
    open_for = times(day, on, time(10), ZONE, WINDOWS)
    now = open_for.due_at + timedelta(minutes=minutes)
    at = answered_at(open_for.due_at, open_for.closes_at, now, ending, Random(seed))
    assert open_for.due_at <= at <= now
    assert at < open_for.closes_at - timedelta(minutes=2)


def test_risk_was_said_lately() -> None:
    due_at = datetime(2026, 11, 24, 15, tzinfo=UTC)
    now = due_at + timedelta(hours=5)
    at = answered_at(due_at, due_at + timedelta(hours=23), now, Ending.ACUTE, Random(1))
    assert timedelta(0) < now - at < timedelta(hours=1)
