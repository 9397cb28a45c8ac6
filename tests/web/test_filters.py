"""How days, times, waits and numbers are written."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from clinic.core import clock
from clinic.web import filters

WAITS = {
    timedelta(seconds=-5): "0 min",
    timedelta(minutes=28, seconds=59): "28 min",
    timedelta(hours=1): "1 h 00 min",
    timedelta(hours=4, minutes=6): "4 h 06 min",
    timedelta(hours=47, minutes=59): "47 h 59 min",
    timedelta(days=3, hours=2, minutes=40): "3 days 2 h",
}
NUMBERS = {
    "+12025550143": "(202) 555-0143",
    "+442079460123": "+44 20 7946 0123",
    "988": "988",
    "": "Not known",
    "call the desk": "call the desk",
}


@pytest.mark.parametrize(("wait", "words"), WAITS.items())
def test_elapsed(wait: timedelta, words: str) -> None:
    assert filters.elapsed(wait) == words


@pytest.mark.parametrize(("number", "words"), NUMBERS.items())
def test_phone(make_shell: Callable[..., Flask], number: str, words: str) -> None:
    with make_shell().app_context():
        assert filters.phone(number) == words


def test_days_and_times_are_of_the_clinic(make_shell: Callable[..., Flask]) -> None:
    with make_shell().app_context():
        year = clock.now().year
        late = datetime(year, 7, 5, 2, 5, tzinfo=UTC)  # still the evening before in New York
        assert filters.moment(late).endswith("Jul 4, 22:05")
        assert filters.clock(late) == "22:05"
        assert filters.clock(time(9, 5)) == "09:05"
        assert filters.day(date(2019, 2, 3)) == "Sun Feb 3, 2019"
        assert str(year) not in filters.day(date(year, 2, 3))
        assert filters.day(None) == "Not known"
