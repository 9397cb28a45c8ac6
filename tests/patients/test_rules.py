"""Identity, rights and safe hours, by their tables."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.accounts.rules import Role
from clinic.patients.rules import (
    RIGHTS,
    ConsentEventKind,
    RelationKind,
    Right,
    WhyNot,
    age,
    birth_date_problem,
    caseload_kinds,
    folded,
    is_record_number,
    kinds,
    record_number,
    rights,
    safe_hours_problem,
    sounds_like,
    spaced,
    why_not,
)

SEVEN_DIGITS = st.text("0123456789", min_size=7, max_size=7)


@given(SEVEN_DIGITS)
def test_record_number_is_recognised(digits: str) -> None:
    assert is_record_number(record_number(digits))


@given(SEVEN_DIGITS, st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(digits: str, place: int, wrong: str) -> None:
    number = record_number(digits)
    mistyped = number[:place] + wrong + number[place + 1 :]
    assert is_record_number(mistyped) == (mistyped == number)


@given(SEVEN_DIGITS, st.integers(0, 6))
def test_swapped_neighbours_are_noticed(digits: str, place: int) -> None:
    number = record_number(digits)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_record_number(swapped) == (swapped == number)


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567x", "١٢٣٤٥٦٧٨"])
def test_what_is_no_record_number(text: str) -> None:
    assert not is_record_number(text)


def test_record_number_is_read_in_two_groups() -> None:
    assert spaced("48217306") == "4821 7306"


ALIKE = [
    ("Whitfield", "Whitfeld"),
    ("Clarke", "Klark"),
    ("O'Connor", "OConner"),
    ("García", "Garcia"),
    ("Schmidt", "Schmitt"),
    ("Nguyen", "Nguyên"),
    ("Müller", "Mueller"),
    ("حداد", "حداد"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sounds_like(one) == sounds_like(other)


@pytest.mark.parametrize(("one", "other"), [("Whitfield", "Okafor"), ("Smith", "Jones"), ("حداد", "سليم")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert sounds_like(one) != sounds_like(other)


@given(st.text())
def test_any_text_has_a_sound_and_a_folded_form(name: str) -> None:
    assert isinstance(sounds_like(name), str)
    assert folded(folded(name)) == folded(name)


AGES = {
    "the day before the birthday": (date(1992, 5, 3), date(2026, 5, 2), 33),
    "on the birthday": (date(1992, 5, 3), date(2026, 5, 3), 34),
    "born on a leap day, the day before March": (date(2004, 2, 29), date(2026, 2, 28), 21),
    "born on a leap day, in March": (date(2004, 2, 29), date(2026, 3, 1), 22),
}


@pytest.mark.parametrize(("birth_date", "today", "years"), AGES.values(), ids=AGES)
def test_age(birth_date: date, today: date, years: int) -> None:
    assert age(birth_date, today) == years


def test_birth_date_is_neither_future_nor_older_than_people_get() -> None:
    today = date(2026, 11, 24)
    assert birth_date_problem(date(2026, 11, 25), today)
    assert birth_date_problem(date(1905, 11, 23), today)
    assert birth_date_problem(date(1906, 11, 24), today) is None
    assert birth_date_problem(today, today) is None


HOURS = {
    "the clinic's own": (time(9), time(20), None),
    "narrower": (time(16), time(17, 30), None),
    "as wide as the law": (time(8), time(21), None),
    "too early": (time(7, 59), time(20), "between 08:00 and 21:00"),
    "too late": (time(9), time(21, 1), "between 08:00 and 21:00"),
    "backwards": (time(18), time(10), "end after they start"),
    "no time at all": (time(10), time(10), "end after they start"),
    "before the clinic sends": (time(8), time(9), "leave time to send between 09:00 and 20:00"),
    "after the clinic sends": (time(20), time(21), "leave time to send between 09:00 and 20:00"),
}


@pytest.mark.parametrize(("start", "end", "wrong"), HOURS.values(), ids=HOURS)
def test_safe_hours(start: time, end: time, wrong: str | None) -> None:
    problem = safe_hours_problem(start, end, time(9), time(20))
    assert (problem is None) if wrong is None else (wrong in (problem or ""))


OPT_IN, NARROWED, OPT_OUT, PAUSED, WRONG_CONTACT = ConsentEventKind
STANDING = {
    "never asked": (None, False, True, WhyNot.NO_CONSENT),
    "agreed": (OPT_IN, False, True, None),
    "agreed to a number of the past": (OPT_IN, False, False, WhyNot.NO_CONTACT),
    "agreed to fewer kinds": (NARROWED, False, True, None),
    "another's number": (WRONG_CONTACT, False, True, WhyNot.WRONG_CONTACT),
    "stopped": (OPT_OUT, False, True, WhyNot.OPTED_OUT),
    "paused": (PAUSED, False, True, WhyNot.PAUSED),
    "died": (OPT_IN, True, True, WhyNot.DECEASED),
}


@pytest.mark.parametrize(("last", "deceased", "in_use", "why"), STANDING.values(), ids=STANDING)
def test_why_nothing_may_be_sent(
    last: ConsentEventKind | None, deceased: bool, in_use: bool, why: WhyNot | None
) -> None:
    assert why_not(last, deceased=deceased, in_use=in_use) == why


def test_every_role_is_in_the_table() -> None:
    assert set(RIGHTS) == set(Role)


NEVER = {
    Role.COORDINATOR: {Right.NOTES, Right.AFTERCARE},
    Role.NURSE: {Right.NOTES},
    Role.DESK: {Right.INTAKE, Right.CLINICAL, Right.NOTES, Right.AFTERCARE},
    Role.PEER: {Right.INTAKE, Right.CLINICAL, Right.NOTES},
    Role.PRIVACY: set(Right),
    Role.ADMINISTRATOR: set(Right),
}


@pytest.mark.parametrize("role", NEVER)
def test_what_a_role_never_sees_by_any_relation(role: Role) -> None:
    assert not rights(role, RelationKind) & NEVER[role]


def test_who_has_no_role_has_no_relation_that_counts() -> None:
    assert all(kinds(right, None) == () for right in Right)
    assert rights(None, RelationKind) == frozenset()
    assert caseload_kinds(None) == ()


def test_the_desk_relation_makes_a_caseload_only_for_the_desk() -> None:
    assert RelationKind.DESK in caseload_kinds(Role.DESK)
    assert RelationKind.DESK not in caseload_kinds(Role.COORDINATOR)


@given(
    st.sampled_from(list(Role)), st.sampled_from(list(Right)), st.sets(st.sampled_from(list(RelationKind)))
)
def test_a_right_is_held_exactly_by_one_of_its_kinds(
    role: Role, right: Right, held: set[RelationKind]
) -> None:
    assert (right in rights(role, held)) == bool(held & set(kinds(right, role)))
