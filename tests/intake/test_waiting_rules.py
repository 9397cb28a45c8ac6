"""Who waits before whom, in words, and which limits run since somebody asked (C4.5)."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic.intake.rules.waiting import Place, Told, ago, clocks, place, reason

YES, NO, NOT_KNOWN, DECLINED = Told
ASKED = datetime(2026, 11, 24, 15, tzinfo=UTC)

PLACES = {
    (YES, YES): Place.PREGNANT_AND_INJECTING,
    (YES, NO): Place.PREGNANT,
    (YES, None): Place.PREGNANT,
    (NO, YES): Place.INJECTING,
    (NOT_KNOWN, YES): Place.INJECTING,
    (None, None): Place.NOT_KNOWN,
    (NO, None): Place.NOT_KNOWN,
    (DECLINED, NO): Place.NOT_KNOWN,
    (NO, NOT_KNOWN): Place.NOT_KNOWN,
    (NO, NO): Place.OTHERS,
}


@pytest.mark.parametrize(("told", "expected"), PLACES.items(), ids=str)
def test_place_by_what_is_known(told: tuple[Told | None, Told | None], expected: Place) -> None:
    assert place(*told) is expected


def test_unknown_never_stands_behind_known_no() -> None:
    for other in (*Told, None):
        for unknown in (NOT_KNOWN, DECLINED, None):
            assert place(unknown, other) <= place(NO, other)
            assert place(other, unknown) <= place(other, NO)


WORDS = {
    (YES, YES): "Pregnant and injecting",
    (YES, None): "Pregnant, injecting not asked yet",
    (None, None): "Pregnancy and injecting not asked yet",
    (NO, NO): "Neither pregnant nor injecting",
    (DECLINED, YES): "Pregnancy not told, injecting",
    (NOT_KNOWN, NOT_KNOWN): "Pregnancy not known, injecting not known",
    (NO, YES): "Not pregnant, injecting",
}
AGO = {
    timedelta(days=3, hours=20): "3 days ago",
    timedelta(days=1): "1 day ago",
    timedelta(hours=23, minutes=59): "23 hours ago",
    timedelta(minutes=1): "1 minute ago",
    timedelta(seconds=59): "just now",
    timedelta(hours=-1): "just now",  # a clock set back
}


@pytest.mark.parametrize(("told", "words"), WORDS.items(), ids=str)
def test_place_is_explained_in_words(told: tuple[Told | None, Told | None], words: str) -> None:
    assert reason(*told, timedelta(days=3)) == f"{words}; asked 3 days ago"


@pytest.mark.parametrize(("waited", "words"), AGO.items(), ids=str)
def test_wait_is_told_in_its_largest_unit(waited: timedelta, words: str) -> None:
    assert ago(waited) == words


CLOCKS = {
    (YES, NO): [("48 h", True)],
    (YES, YES): [("48 h", True), ("14 d", True), ("120 d", True)],
    (None, YES): [("48 h", True), ("14 d", True), ("120 d", True)],
    (NO, None): [("48 h", False)],
    (None, None): [("48 h", False)],
    (NO, NO): [],
}


@pytest.mark.parametrize(("told", "expected"), CLOCKS.items(), ids=str)
def test_limits_that_run(told: tuple[Told | None, Told | None], expected: list[tuple[str, bool]]) -> None:
    assert [(clock.limit.label, clock.certain) for clock in clocks(*told, ASKED)] == expected


def test_limits_run_from_the_request() -> None:
    due = [clock.due_at - ASKED for clock in clocks(YES, YES, ASKED)]
    assert due == [timedelta(hours=48), timedelta(days=14), timedelta(days=120)]
