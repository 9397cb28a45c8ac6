"""Whether two descriptions are of one person: a score, and the reasons for it. Pure.

Each field gives evidence by itself (rules.evidence) and the evidence adds up. What is not known on either
side says nothing for or against. Former and called names count as names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import exp2

from clinic.patients.rules import evidence
from clinic.patients.rules.birth import BirthMatch, Born, births
from clinic.patients.rules.evidence import Evidence
from clinic.patients.rules.identity import NewPatient, folded, separate
from clinic.patients.rules.names import Closeness, closeness, edits, halves, parts, share_a_formal_name


@dataclass(frozen=True)
class Identifiers:
    """What is known of who somebody is. Names as written, phones E.164; what is not known is empty or None.

    `given_names` are the given and the called name, `former_names` what the family name was before.
    """

    family_name: str
    given_names: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    born: Born | None = None
    phones: frozenset[str] = frozenset()
    street: str | None = None
    city: str | None = None
    postcode: str | None = None

    @classmethod
    def of(cls, new: NewPatient) -> "Identifiers":
        """Of somebody who is about to be registered."""
        return cls(
            family_name=new.family_name,
            given_names=tuple(filter(None, (new.given_name, new.called_name))),
            former_names=separate(new.former_names),
            born=Born.on(new.birth_date),
            phones=frozenset(filter(None, (new.phone,))),
            street=new.address.street,
            city=new.address.city,
            postcode=new.address.postcode,
        )


@dataclass(frozen=True)
class Likeness:
    """How likely two descriptions are of one person: 0 to 1, with the findings that led to it."""

    bits: float
    findings: tuple[Evidence, ...]

    @property
    def score(self) -> float:
        """The probability after all evidence."""
        return 1 / (1 + exp2(-evidence.PRIOR - self.bits))

    @property
    def alarming(self) -> bool:
        """Whether a person should look."""
        return self.score >= evidence.ALARM

    @property
    def shown_always(self) -> bool:
        """Whether it is shown before somebody is registered, however little it weighs (C4.8): the same phone,

        or the same birth date with a family name that is the same or sounds alike.
        """
        alike = {evidence.FAMILY_SAME, evidence.FAMILY_FORMER, evidence.FAMILY_ALIKE} & set(self.findings)
        return evidence.PHONE_SAME in self.findings or bool(evidence.BORN_SAME in self.findings and alike)

    @property
    def words(self) -> str:
        """The score as a page says it."""
        if self.score >= evidence.ALMOST_CERTAIN:
            return "Almost certainly the same person"
        return "Likely the same person" if self.score >= evidence.LIKELY else "Perhaps the same person"

    @property
    def reasons(self) -> list[str]:
        """The findings in words, those for one person first, the weightiest first."""
        return [found.words for found in sorted(self.findings, reverse=True)]


_BIRTHS = {
    BirthMatch.SAME: evidence.BORN_SAME,
    BirthMatch.SWAPPED: evidence.BORN_SWAPPED,
    BirthMatch.DIGIT: evidence.BORN_DIGIT,
    BirthMatch.PART: evidence.BORN_PART,
    BirthMatch.YEAR: evidence.BORN_YEAR,
    BirthMatch.NEAR: evidence.BORN_NEAR,
    BirthMatch.OTHER: evidence.BORN_OTHER,
}
_CLOSE_FAMILY = {
    Closeness.SAME: evidence.FAMILY_SAME,
    Closeness.ALIKE: evidence.FAMILY_ALIKE,
    Closeness.SIMILAR: evidence.FAMILY_SIMILAR,
    Closeness.OTHER: evidence.FAMILY_OTHER,
}
_CLOSE_GIVEN = {
    Closeness.SAME: evidence.GIVEN_SAME,
    Closeness.ALIKE: evidence.GIVEN_ALIKE,
    Closeness.SIMILAR: evidence.GIVEN_SIMILAR,
    Closeness.OTHER: evidence.GIVEN_OTHER,
}


def compare(one: Identifiers, other: Identifiers) -> Likeness:
    """Weigh all that is known of both."""
    names = _names(one, other)
    born = _BIRTHS[births(one.born, other.born)] if one.born and other.born else None
    household = [found for found in (_phones(one.phones, other.phones), _address(one, other)) if found]
    shared = sum(found.bits for found in household)
    if evidence.GIVEN_OTHER in names or born is evidence.BORN_OTHER:
        shared = min(shared, evidence.HOUSEHOLD_AT_MOST)
    personal = [*names, born] if born else names
    return Likeness(sum(found.bits for found in personal) + shared, (*personal, *household))


def _names(one: Identifiers, other: Identifiers) -> list[Evidence]:
    """Family and given name; or both as one finding, where swapping them explains more."""
    straight = [_family(one, other)]
    if one.given_names and other.given_names:
        straight.append(
            max(_given(parts(a), parts(b)) for a, b in product(one.given_names, other.given_names))
        )
        if _crossed(one, other) and sum(found.bits for found in straight) < evidence.NAMES_SWAPPED.bits:
            return [evidence.NAMES_SWAPPED]
    return straight


def _family(one: Identifiers, other: Identifiers) -> Evidence:
    now = _family_names(one.family_name, other.family_name)
    before = [
        _family_names(a, b)
        for a, b in product((one.family_name, *one.former_names), (other.family_name, *other.former_names))
    ]
    best = max(before)
    return evidence.FAMILY_FORMER if best > now and best is evidence.FAMILY_SAME else best


@lru_cache(65536)
def _family_names(one: str, other: str) -> Evidence:
    whole = _CLOSE_FAMILY[closeness("".join(parts(one)), "".join(parts(other)))]
    mine, theirs = halves(one), halves(other)
    if whole.bits < evidence.FAMILY_HALF.bits and (mine or theirs):
        shared = set(mine or parts(one)) & set(theirs or parts(other))
        return evidence.FAMILY_HALF if shared else whole
    return whole


@lru_cache(65536)
def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Evidence:
    if not one or not other:
        return evidence.GIVEN_OTHER
    if len(one[0]) == 1 or len(other[0]) == 1:
        return evidence.GIVEN_INITIAL if one[0][0] == other[0][0] else evidence.GIVEN_OTHER
    whole = _CLOSE_GIVEN[closeness("".join(one), "".join(other))]
    found = [whole, _CLOSE_GIVEN[closeness(one[0], other[0])]]
    if whole is not evidence.GIVEN_SAME and set(one) & set(other):
        found = [evidence.GIVEN_PART]
    elif share_a_formal_name(one[0], other[0]) and one[0] != other[0]:
        found.append(evidence.GIVEN_SHORT)
    return max(found)


def _crossed(one: Identifiers, other: Identifiers) -> bool:
    """Whether each one's given name is near the other's family name."""
    return any(
        closeness("".join(parts(given)), "".join(parts(other.family_name))) >= Closeness.ALIKE
        and closeness("".join(parts(theirs)), "".join(parts(one.family_name))) >= Closeness.ALIKE
        for given, theirs in product(one.given_names, other.given_names)
    )


def _phones(mine: frozenset[str], theirs: frozenset[str]) -> Evidence | None:
    if not mine or not theirs:
        return None
    if mine & theirs:
        return evidence.PHONE_SAME
    near = any(edits(one, other) == 1 for one, other in product(mine, theirs))
    return evidence.PHONE_DIGIT if near else evidence.PHONE_OTHER


def _address(one: Identifiers, other: Identifiers) -> Evidence | None:
    """The nearest that two addresses come; they are one field, for street, city and code hang together."""
    same_code, same_city = _same(one.postcode, other.postcode), _same(one.city, other.city)
    same_street = _same_street(one.street, other.street)
    if same_street and (same_code or same_city or (same_code is None and same_city is None)):
        return evidence.STREET_SAME
    if same_code:
        return evidence.POSTCODE_SAME
    if same_city:
        return evidence.CITY_SAME
    return evidence.ADDRESS_OTHER if False in (same_street, same_code, same_city) else None


def _same(one: str | None, other: str | None) -> bool | None:
    """Whether two places are the same; None where one is not known."""
    return place(one) == place(other) if one and other else None


def _same_street(one: str | None, other: str | None) -> bool | None:
    if not one or not other:
        return None
    (number, name), (their_number, their_name) = street(one), street(other)
    return number == their_number and closeness(name, their_name) >= Closeness.ALIKE


@lru_cache(4096)
def place(text: str | None) -> str:
    """A city or postal code for comparing: letters and digits alone, of a ZIP+4 the first five."""
    plain = "".join(sign for sign in folded(text or "") if sign.isalnum())
    return plain[:5] if plain.isdecimal() else plain


_WORDS = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "boulevard": "blvd", "square": "sq", "terrace": "ter", "highway": "hwy", "parkway": "pkwy",
    "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_UNIT = re.compile(r"(#|\b(apt|apartment|unit|suite|ste|floor|fl|room|rm)\b).*")


@lru_cache(4096)
def street(text: str) -> tuple[str, str]:
    """House number and street name for comparing, without the unit: 12 North Main Street is 12, nmainst."""
    words = re.findall(r"\w+", _UNIT.sub("", folded(text).replace("'", "")))
    number = next((word for word in words if word[0].isdigit()), "")
    named: Iterable[str] = (_WORDS.get(word, word) for word in words if word != number)
    return number, "".join(named)
