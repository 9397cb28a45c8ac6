"""Invented people. Any likeness is chance; numbers are of the range for fiction (555-0100 to 555-0199)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from clinic.patients.rules import NewPatient, Sex
from clinic.patients.rules.birth import Born
from clinic.patients.rules.matching import Identifiers

GIVEN = {
    "she/her": (
        "Grace", "Sofia", "Aisha", "Ruth", "Helen", "Nadia", "Ines", "Marta", "Leila", "Joan",
        "Priscilla", "Tanya", "Yolanda", "Mei", "Fatima", "Clara", "Denise", "Rosa",
    ),
    "he/him": (
        "Daniel", "Marcus", "Tomasz", "Liam", "Owen", "Peter", "Karl", "Yusuf", "Andre", "Miguel",
        "Terrence", "Raj", "Walter", "Emeka", "Luca", "Hank", "Diego", "Samuel",
    ),
    "they/them": ("Jun", "Robin", "Sasha", "Alex"),
}  # fmt: skip
SEX = {"she/her": "female", "he/him": "male", "they/them": "unknown"}
FAMILY = (
    "Reyes", "Lindqvist", "Castellano", "Bell", "Rahman", "Nowak", "Adeyemi", "O’Connor", "Watanabe", "Marsh",
    "Hussein", "Lang", "Duarte", "Brandt", "Demir", "Whitfield", "Whitfeld", "Okonkwo", "Petrov", "Garcia",
    "Nguyen", "Fontaine", "Haile", "Kaplan", "Moreno", "Sørensen", "Tran", "Abara", "Kowalski", "Mendoza",
    "Iyer", "Stone", "Vasquez", "Walker", "Yazzie", "Zhou",
)  # fmt: skip
STAFF_NUMBERS = 21  # 0100 is the clinic's sender, 0101 to 0120 are staff
SITES = (
    "Harbor", "Maple Street", "Eastgate", "Northfield", "Old Mill", "Lakeside", "Bridge House",
    "Canal Street", "Hillcrest", "Orchard",
)  # fmt: skip


@dataclass(frozen=True)
class Invented:
    """A person; `phone` is E.164."""

    given_name: str
    family_name: str
    pronouns: str
    sex: str
    birth_date: date
    phone: str

    @property
    def identifiers(self) -> Identifiers:
        """What likely duplicates are found by."""
        return Identifiers(
            self.family_name,
            (self.given_name,),
            born=Born.on(self.birth_date),
            phones=frozenset((self.phone,)),
        )

    def registration(self, site_id: UUID, zone: str) -> NewPatient:
        """What the coordinator writes down of them."""
        return NewPatient(
            family_name=self.family_name,
            given_name=self.given_name,
            birth_date=self.birth_date,
            site_id=site_id,
            zone=zone,
            pronouns=self.pronouns,
            sex=Sex(self.sex),
            phone=self.phone,
        )


def people(chance: Random, today: date, numbers: Iterator[str]) -> Iterator[Invented]:
    """Ever new people between 19 and 66 years old."""
    kinds = list(GIVEN)
    while True:
        pronouns = chance.choices(kinds, (10, 12, 1))[0]
        age = timedelta(days=chance.randrange(19 * 365, 66 * 365))
        yield Invented(
            given_name=chance.choice(GIVEN[pronouns]),
            family_name=chance.choice(FAMILY),
            pronouns=pronouns,
            sex=SEX[pronouns],
            birth_date=today - age,
            phone=next(numbers),
        )


def numbers(area_codes: Iterator[int]) -> Iterator[str]:
    """Numbers of the fictional range, area code by area code; the first ones of the first are left out."""
    left_out = STAFF_NUMBERS
    for area in area_codes:
        for last in range(100 + left_out, 200):
            yield f"+1{area}5550{last}"
        left_out = 0


def site_name(place: int) -> str:
    """The name of the site that comes at this place, from the second on: Harbor, and later Harbor 2."""
    round_, which = divmod(place - 2, len(SITES))
    return f"{SITES[which]} {round_ + 1}" if round_ else SITES[which]
