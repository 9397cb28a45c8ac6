"""Windows of check-ins on ordinary days, at both changes of the clocks and with a gap at midnight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.aftercare.rules.windows import Times, allowed_time, link_dies_at, times
from clinic.configuration.rules import SETTINGS

NEW_YORK = "America/New_York"
WINDOWS = SETTINGS["windows"].default
Case = tuple[int, str, str, str, str, str]


def window(day: int, on: date, at: time, zone: str) -> Times:
    return times(day, on, at, zone, WINDOWS)


CASES: dict[str, Case] = {
    "an early day": (
        1,
        "2026-11-25T10:00",
        NEW_YORK,
        "2026-11-25T15:00",
        "2026-11-25T19:00",
        "2026-11-26T14:00",
    ),
    "day 28 is still early": (
        28,
        "2026-12-22T10:00",
        NEW_YORK,
        "2026-12-22T15:00",
        "2026-12-22T19:00",
        "2026-12-23T14:00",
    ),
    "later": (35, "2026-12-29T10:00", NEW_YORK, "2026-12-29T15:00", "2026-12-30T15:00", "2027-01-01T15:00"),
    "the night of the spring change is an hour shorter": (
        2,
        "2027-03-13T10:00",
        NEW_YORK,
        "2027-03-13T15:00",
        "2027-03-13T19:00",
        "2027-03-14T13:00",
    ),
    "the night of the autumn change is an hour longer": (
        2,
        "2027-11-06T10:00",
        NEW_YORK,
        "2027-11-06T14:00",
        "2027-11-06T18:00",
        "2027-11-07T14:00",
    ),
    "72 hours stay 72 hours over a change": (
        35,
        "2027-03-13T10:00",
        NEW_YORK,
        "2027-03-13T15:00",
        "2027-03-14T15:00",
        "2027-03-16T15:00",
    ),
    "a time that does not exist moves forward": (
        3,
        "2027-03-14T02:30",
        NEW_YORK,
        "2027-03-14T07:30",
        "2027-03-14T11:30",
        "2027-03-15T13:00",
    ),
    "a gap at midnight": (
        3,
        "2026-09-06T00:00",
        "America/Santiago",
        "2026-09-06T04:00",
        "2026-09-06T08:00",
        "2026-09-07T12:00",
    ),
    "a gap of 30 minutes": (
        3,
        "2027-10-03T02:15",
        "Australia/Lord_Howe",
        "2027-10-02T15:45",
        "2027-10-02T19:45",
        "2027-10-03T22:00",
    ),
}


@pytest.mark.parametrize(("day", "local", "zone", "due", "nudge", "close"), CASES.values(), ids=CASES)
def test_window(day: int, local: str, zone: str, due: str, nudge: str, close: str) -> None:
    wall = datetime.fromisoformat(local)
    found = window(day, wall.date(), wall.time(), zone)
    assert [found.due_at, found.nudge_at, found.closes_at] == [
        datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (due, nudge, close)
    ]


def test_messages_are_useless_four_hours_after_due_or_half_an_hour_before_the_close() -> None:
    late = window(1, date(2026, 11, 25), time(19), NEW_YORK)
    assert late.invite_expires_at == late.due_at + timedelta(hours=4)
    assert late.nudge_expires_at == late.nudge_at + timedelta(hours=4)
    early = window(1, date(2026, 11, 25), time(23), NEW_YORK)
    assert early.nudge_expires_at == early.nudge_at + timedelta(hours=4)
    night = window(1, date(2026, 11, 25), time(23, 59), NEW_YORK)
    assert night.nudge_expires_at <= night.closes_at - timedelta(minutes=30)


@given(
    st.integers(1, 728),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(
        [NEW_YORK, "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Honolulu"]
    ),
)
def test_everything_ends_before_the_close(day: int, on: date, at: time, zone: str) -> None:
    found = window(day, on, at, zone)
    assert found.due_at < found.closes_at
    assert found.due_at < found.nudge_at
    assert max(found.invite_expires_at, found.nudge_expires_at) <= found.closes_at - timedelta(minutes=30)
    assert found.closes_at - found.due_at <= timedelta(hours=72)


TIMES = {
    "at the opening": (time(9), True),
    "in the middle": (time(10), True),
    "at the close there is no opening left": (time(20), False),
    "before the opening": (time(8, 59), False),
    "at night": (time(3), False),
}


@pytest.mark.parametrize(("at", "allowed"), TIMES.values(), ids=TIMES)
def test_a_check_in_is_planned_within_the_hours(at: time, allowed: bool) -> None:
    assert allowed_time(at, time(9), time(20)) is allowed


def test_links_die_15_minutes_after_the_last_page_and_never_after_the_close() -> None:
    close = datetime(2026, 11, 26, 14, tzinfo=UTC)
    assert link_dies_at(close, None) == close
    assert link_dies_at(close, close - timedelta(hours=2)) == close - timedelta(hours=1, minutes=45)
    assert link_dies_at(close, close - timedelta(minutes=3)) == close
