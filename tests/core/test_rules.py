"""Planned local times become instants, on both daylight-saving changes (P7.2)."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.core.ids import uuid7
from clinic.core.rules import exists, instant, local

CASES = {
    "an hour that does not exist moves forward": (
        "America/New_York",
        "2027-03-14T02:30",
        "2027-03-14T07:30+00:00",
    ),
    "of an hour that comes twice the first": (
        "America/New_York",
        "2027-11-07T01:30",
        "2027-11-07T05:30+00:00",
    ),
    "the day before the change": ("America/New_York", "2027-03-13T09:00", "2027-03-13T14:00+00:00"),
    "the day of the change": ("America/New_York", "2027-03-14T09:00", "2027-03-14T13:00+00:00"),
    "a law of this year": ("America/Vancouver", "2026-12-01T09:00", "2026-12-01T16:00+00:00"),
    "a gap of half an hour": ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45+00:00"),
}


@pytest.mark.parametrize(("zone", "wall", "moment"), CASES.values(), ids=CASES)
def test_planned_times_become_instants(zone: str, wall: str, moment: str) -> None:
    planned = datetime.fromisoformat(wall)
    assert instant(planned.date(), planned.time(), zone) == datetime.fromisoformat(moment)


def test_a_gap_is_known_as_one() -> None:
    assert not exists(date(2027, 3, 14), time(2, 30), "America/New_York")
    assert exists(date(2027, 11, 7), time(1, 30), "America/New_York")


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)),
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago"]),
)
def test_a_time_that_exists_comes_back_as_it_was(wall: datetime, zone: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    if exists(wall.date(), wall.time(), zone):
        assert local(instant(wall.date(), wall.time(), zone), zone).replace(tzinfo=None) == wall


def test_keys_are_version_7_and_sort_by_time() -> None:
    first = [uuid7() for _ in range(50)]
    assert {key.version for key in first} == {7}
    assert {key.variant for key in first} == {"specified in RFC 4122"}
    assert len(set(first)) == 50
    stamp = datetime.fromtimestamp((first[0].int >> 80) / 1000, UTC)
    assert abs((datetime.now(UTC) - stamp).total_seconds()) < 60
