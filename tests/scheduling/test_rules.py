"""When a reminder is due, on both days the clocks change too; seats; weeks; places on the week."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.messaging.rules.timing import Hours
from clinic.scheduling.rules import Week, lowest_free, place, reminder_at, weekly

NEW_YORK = "America/New_York"
HOURS = Hours(time(9), time(20))

# session starts, booked, patient's zone: reminder due
DUE = {
    "the day before at ten": (
        "2026-11-24T14:00-05:00", "2026-11-01T12:00-05:00", NEW_YORK, "2026-11-23T10:00-05:00"),
    "the day before by local date, not 24 hours": (
        "2026-11-24T09:00-05:00", "2026-11-01T12:00-05:00", NEW_YORK, "2026-11-23T10:00-05:00"),
    "booked after ten the day before: at once": (
        "2026-11-24T14:00-05:00", "2026-11-23T15:30-05:00", NEW_YORK, "2026-11-23T15:30-05:00"),
    "booked at night: when texts may go out again": (
        "2026-11-24T14:00-05:00", "2026-11-23T22:00-05:00", NEW_YORK, "2026-11-24T09:00-05:00"),
    "booked with four hours to go: at once": (
        "2026-11-24T14:00-05:00", "2026-11-24T10:00-05:00", NEW_YORK, "2026-11-24T10:00-05:00"),
    "booked with less than four hours to go: none": (
        "2026-11-24T14:00-05:00", "2026-11-24T10:00:01-05:00", NEW_YORK, None),
    "no opening before it would be useless: none": (
        "2026-11-24T09:30-05:00", "2026-11-23T21:00-05:00", NEW_YORK, None),
    "clocks go forward in the night between": (
        "2027-03-14T09:00-04:00", "2027-03-01T12:00-05:00", NEW_YORK, "2027-03-13T10:00-05:00"),
    "clocks go forward on the day before": (
        "2027-03-15T09:00-04:00", "2027-03-01T12:00-05:00", NEW_YORK, "2027-03-14T10:00-04:00"),
    "clocks go back in the night between": (
        "2027-11-07T09:00-05:00", "2027-10-20T12:00-04:00", NEW_YORK, "2027-11-06T10:00-04:00"),
    "clocks go back on the day before": (
        "2027-11-08T09:00-05:00", "2027-10-20T12:00-04:00", NEW_YORK, "2027-11-07T10:00-05:00"),
    "the patient lives further west": (
        "2026-11-24T14:00-05:00", "2026-11-01T12:00-05:00", "America/Los_Angeles", "2026-11-23T10:00-08:00"),
    "it is the day before already where the patient is": (
        "2026-11-24T14:00-05:00", "2026-11-01T12:00-05:00", "Asia/Tokyo", "2026-11-24T10:00+09:00"),
}  # fmt: skip


@pytest.mark.parametrize(("starts", "booked", "zone", "due"), DUE.values(), ids=DUE)
def test_reminder_is_due(starts: str, booked: str, zone: str, due: str | None) -> None:
    found = reminder_at(
        datetime.fromisoformat(starts),
        datetime.fromisoformat(booked),
        zone=zone,
        day_before=time(10),
        least=timedelta(hours=4),
        hours=HOURS,
    )
    assert found == (datetime.fromisoformat(due) if due else None)


@given(st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_lowest_free_seat_is_free_and_lowest(taken: set[int], capacity: int) -> None:
    seat = lowest_free(taken, capacity)
    wanted = set(range(1, capacity + 1)) - taken
    assert seat == (min(wanted) if wanted else None)


def test_weekly_dates_keep_the_weekday() -> None:
    dates = weekly(date(2026, 10, 6), 12)
    assert len(dates) == 12
    assert {day.weekday() for day in dates} == {1}
    assert dates[-1] == date(2026, 12, 22)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_code_of_a_week_reads_back(day: date) -> None:
    week = Week.of(day)
    assert Week.read(week.code) == week
    assert day in week.days()


@pytest.mark.parametrize("code", ["", "2026", "2026-W00", "2026-W99", "2027-W53", "2026-W٤", "x-W1"])
def test_what_is_no_week_is_refused(code: str) -> None:
    assert Week.read(code) is None


PLACES = {
    "seven": (time(7), 60, (0, 4)),
    "half past ten": (time(10, 30), 50, (14, 4)),
    "before the week begins": (time(5), 30, (0, 2)),
    "late": (time(23), 480, (55, 16)),
}


@pytest.mark.parametrize(("at", "minutes", "wanted"), PLACES.values(), ids=PLACES)
def test_place_on_the_week(at: time, minutes: int, wanted: tuple[int, int]) -> None:
    assert place(at, minutes) == wanted
