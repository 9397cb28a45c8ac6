"""When a plan counts as made, until when it is made, and what hinders a signature (C8.12)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.core.rules import local
from clinic.safety.rules import (
    Agreement,
    Helper,
    Means,
    Service,
    Signature,
    Spoken,
    State,
    Words,
    problem,
    same_day,
    state,
)

NEW_YORK = "America/New_York"
STATES = {
    "nothing asks and nothing is written": (None, False, State.NONE),
    "danger and no plan": (None, True, State.MISSING),
    "means not talked about": (Means.OPEN, False, State.MISSING),
    "means filled": (Means.FILLED, False, State.STANDS),
    "means declined with a reason": (Means.DECLINED, False, State.STANDS),
    "danger after a whole plan": (Means.FILLED, True, State.REVIEW),
    "danger after a declined one": (Means.DECLINED, True, State.REVIEW),
}


@pytest.mark.parametrize(("means", "due", "expected"), STATES.values(), ids=STATES)
def test_missing_until_means_safety_is_filled_or_declined(
    means: Means | None, due: bool, expected: State
) -> None:
    assert state(means, due=due) is expected


@given(at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_it_is_due_the_same_local_day_and_never_before_it_was_asked(at: datetime) -> None:
    due = same_day(at, NEW_YORK)
    assert due >= at
    assert local(due, NEW_YORK).date() == local(at, NEW_YORK).date()


DUE = {
    "in the morning until the evening": ("2026-11-24T14:00", "2026-11-24T22:00"),
    "late in the afternoon within four hours": ("2026-11-24T21:00", "2026-11-25T01:00"),
    "at night before midnight": ("2026-11-25T03:00", "2026-11-25T04:59"),
}


@pytest.mark.parametrize(("at", "due"), DUE.values(), ids=DUE)
def test_until_when(at: str, due: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert same_day(moment, NEW_YORK) == datetime.fromisoformat(due).replace(tzinfo=UTC)


SAID = Words(signs=["I walk at night"], named=["Pills"], kept=["Ada, today"])
AGREED = Signature(Agreement.AGREED, "Owen Whitfield")
PROBLEMS = {
    "whole": (Spoken(SAID, Means.FILLED), AGREED, None),
    "means open is signed, and stays missing": (Spoken(SAID, Means.OPEN), AGREED, None),
    "nothing in own words": (Spoken(Words(), Means.OPEN), AGREED, "signs"),
    "means named and nobody keeps them": (
        Spoken(Words(["x"], named=["Pills"]), Means.FILLED),
        AGREED,
        "kept",
    ),
    "means filled without a word": (Spoken(Words(["x"]), Means.FILLED), AGREED, "named"),
    "declined without a reason": (Spoken(SAID, Means.DECLINED), AGREED, "means_reason"),
    "agreed without a name": (Spoken(SAID, Means.FILLED), Signature(Agreement.AGREED), "signed_name"),
    "not signed without a reason": (Spoken(SAID, Means.FILLED), Signature(Agreement.REFUSED), "refusal"),
    "not signed with one": (Spoken(SAID, Means.FILLED), Signature(Agreement.REFUSED, refusal="Later"), None),
}


@pytest.mark.parametrize(("spoken", "signature", "field"), PROBLEMS.values(), ids=PROBLEMS)
def test_what_hinders_a_signature(spoken: Spoken, signature: Signature, field: str | None) -> None:
    found = problem(spoken, signature)
    assert (found[0] if found else None) == field


lines = st.lists(st.text(max_size=20), max_size=3)


@given(
    words=st.builds(
        Words, lines, lines, lines,
        st.lists(st.builds(Helper, st.text(max_size=9), st.none() | st.text(max_size=9), st.booleans())),
        st.lists(st.builds(Service, st.text(max_size=9), st.none() | st.text(max_size=9))), lines, lines,
        st.none() | st.text(max_size=9),
    )
)  # fmt: skip
def test_words_are_read_as_they_were_kept(words: Words) -> None:
    assert Words.read(words.plain()) == words
