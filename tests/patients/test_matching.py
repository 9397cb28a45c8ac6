"""Whether two descriptions are of one person: the rules alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.patients.rules import evidence
from clinic.patients.rules.birth import BirthMatch, Born, births
from clinic.patients.rules.blocking import keys, probes
from clinic.patients.rules.matching import Identifiers, compare
from clinic.patients.rules.names import Closeness, closeness, edits, sound

OWEN = Identifiers(
    family_name="Whitfield",
    given_names=("Owen",),
    born=Born(1992, 5, 3),
    phones=frozenset(("+12025550143",)),
    street="12 North Main Street, Apt 4",
    city="Newark",
    postcode="07102",
)
ALONE = replace(OWEN, phones=frozenset(), street=None, city=None, postcode=None)  # name and birth date only
SAME = {
    "every field": (OWEN, OWEN),
    "a slip in the family name": (ALONE, replace(ALONE, family_name="Whitfeild")),
    "a family name as it sounds": (ALONE, replace(ALONE, family_name="Whytfild")),
    "an accent": (replace(ALONE, family_name="Núñez"), replace(ALONE, family_name="NUNEZ")),
    "an apostrophe": (replace(ALONE, family_name="O’Connor"), replace(ALONE, family_name="OConnor")),
    "half of a double-barrelled name": (ALONE, replace(ALONE, family_name="Whitfield-Okafor")),
    "a former name": (ALONE, replace(ALONE, family_name="Okafor", former_names=("Whitfield",))),
    "a short form": (replace(ALONE, given_names=("William",)), replace(ALONE, given_names=("Bill",))),
    "an initial": (ALONE, replace(ALONE, given_names=("O.",))),
    "the called name": (ALONE, replace(ALONE, given_names=("Percival", "Owen"))),
    "names swapped": (ALONE, replace(ALONE, family_name="Owen", given_names=("Whitfield",))),
    "day and month swapped": (ALONE, replace(ALONE, born=Born(1992, 3, 5))),
    "one digit of the birth date, same phone": (OWEN, replace(OWEN, born=Born(1992, 5, 8))),
    "year of birth only, same phone": (OWEN, replace(OWEN, born=Born(1992))),
    "another phone and address": (
        OWEN,
        replace(
            OWEN, phones=frozenset(("+12025550177",)), street="9 Elm Road", city="Camden", postcode="08101"
        ),
    ),
    "married, same phone": (OWEN, replace(OWEN, family_name="Okafor")),
    "no birth date, same address": (OWEN, replace(OWEN, born=None, phones=frozenset())),
}
OTHERS = {
    "somebody else": (OWEN, Identifiers("Okafor", ("Miriam",), born=Born(1980, 1, 2))),
    "a namesake of another age": (ALONE, replace(ALONE, born=Born(1961, 11, 20))),
    "a brother in one household": (OWEN, replace(OWEN, given_names=("Liam",), born=Born(1995, 8, 14))),
    "a wife in one household": (OWEN, replace(OWEN, given_names=("Grace",), born=Born(1990, 2, 27))),
    "a father of one name in one household": (OWEN, replace(OWEN, born=Born(1964, 8, 21))),
    "a father of one name and birthday": (OWEN, replace(OWEN, born=Born(1964, 5, 3))),
    "the same birth date alone": (ALONE, replace(ALONE, family_name="Okafor", given_names=("Miriam",))),
    "the same family name alone": (OWEN, Identifiers("Whitfield")),
    "the same phone alone": (OWEN, Identifiers("Okafor", ("Miriam",), phones=OWEN.phones)),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_perhaps_the_same_person(one: Identifiers, other: Identifiers) -> None:
    assert compare(one, other).alarming, compare(one, other)


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_who_is_the_same_is_looked_at(one: Identifiers, other: Identifiers) -> None:
    assert keys(one) & probes(other)
    assert keys(other) & probes(one)


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_another_person(one: Identifiers, other: Identifiers) -> None:
    assert not compare(one, other).alarming, compare(one, other)


def test_reasons_say_what_speaks_for_and_against_the_weightiest_first() -> None:
    found = compare(OWEN, replace(OWEN, born=Born(1992, 3, 5), phones=frozenset(("+12025550177",))))
    assert found.reasons == [
        "Day and month of birth are swapped",
        "Same address",
        "Same family name",
        "Same given name",
        "Different phones",
    ]
    assert found.words == "Almost certainly the same person"


ALIKE = ["Stephen Steven", "Clarke Klark", "Catherine Kathryn", "Gonzalez Gonzales", "Wright Right"]


@pytest.mark.parametrize("pair", ALIKE)
def test_names_that_sound_alike_share_a_code(pair: str) -> None:
    one, other = pair.lower().split()
    assert sound(one) == sound(other)


CLOSE = {
    ("smith", "smith"): Closeness.SAME,
    ("smith", "smtih"): Closeness.ALIKE,
    ("smith", "smyth"): Closeness.ALIKE,
    ("washington", "washignon"): Closeness.SIMILAR,
    ("ana", "al"): Closeness.OTHER,
    ("smith", "jones"): Closeness.OTHER,
}


@pytest.mark.parametrize(("pair", "close"), CLOSE.items())
def test_how_near_two_words_are(pair: tuple[str, str], close: Closeness) -> None:
    assert closeness(*pair) is close


BIRTHS = {
    ("1992-05-03", "1992-05-03"): BirthMatch.SAME,
    ("1992-05-03", "1992-03-05"): BirthMatch.SWAPPED,
    ("1992-05-03", "1992-05-08"): BirthMatch.DIGIT,
    ("1992-05-13", "1992-05-31"): BirthMatch.DIGIT,
    ("1992-05-03", "1992-05-27"): BirthMatch.PART,
    ("1992-05-03", "1989-05-03"): BirthMatch.PART,
    ("1992-05-03", "1961-05-03"): BirthMatch.OTHER,
    ("1992-05-03", "1992"): BirthMatch.YEAR,
    ("1992-05-03", "1992-01-01"): BirthMatch.YEAR,
    ("1992-05-03", "1993"): BirthMatch.NEAR,
    ("1992", "1992"): BirthMatch.YEAR,
    ("1992-05-03", "1980"): BirthMatch.OTHER,
    ("1992-05-03", "1970-11-20"): BirthMatch.OTHER,
}


@pytest.mark.parametrize(("pair", "match"), BIRTHS.items())
def test_how_two_birth_dates_go_together(pair: tuple[str, str], match: BirthMatch) -> None:
    one, other = (Born(*map(int, text.split("-"))) for text in pair)
    assert births(one, other) is match
    assert births(other, one) is match


words = st.text("abcdeé' -.", max_size=8)
people = st.builds(
    Identifiers,
    family_name=words,
    given_names=st.lists(words, max_size=2).map(tuple),
    former_names=st.lists(words, max_size=1).map(tuple),
    born=st.none() | st.dates().map(Born.on) | st.integers(1900, 2026).map(Born),
    phones=st.frozensets(st.sampled_from(("+12025550143", "+12025550144", "+4915112345678")), max_size=2),
    street=st.none() | st.sampled_from(("1 Main St", "1 main street #4", "2 Elm Rd", "", "Hill")),
    city=st.none() | words,
    postcode=st.none() | st.sampled_from(("07102", "07102-1234", "W1A 1AA")),
)


@given(people, people)
def test_a_score_is_one_number_whoever_is_asked_about(one: Identifiers, other: Identifiers) -> None:
    found = compare(one, other)
    assert 0 <= found.score <= 1
    assert found.bits == pytest.approx(compare(other, one).bits)


@given(people, people)
def test_what_is_not_known_says_nothing(one: Identifiers, other: Identifiers) -> None:
    found = compare(one, replace(other, born=None, phones=frozenset())).findings
    unsaid = {words for name, words in vars(evidence).items() if name.startswith(("BORN_", "PHONE_"))}
    assert not unsaid.intersection(found)


@given(people)
def test_everybody_is_found_by_own_keys(one: Identifiers) -> None:
    assert keys(one) <= probes(one)


@given(words, words)
def test_edits_are_a_distance(one: str, two: str) -> None:
    assert edits(one, two) == edits(two, one)
    assert (edits(one, two) == 0) == (one == two)
