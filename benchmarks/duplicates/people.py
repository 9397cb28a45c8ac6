"""Invented people of invented households. Knows nothing of the matcher."""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text())
FAMILY = NAMES["family"] | {
    stem + end: NAMES["tail_weight"] for stem, end in product(NAMES["stems"], NAMES["ends"])
}
STREETS = (
    "Main Street", "Oak Avenue", "Maple Street", "Washington Street", "Park Avenue", "Second Street",
    "Elm Street", "Lake Road", "Hill Street", "Cedar Lane", "Pine Street", "North Church Street",
    "South Mill Road", "Sunset Drive", "River Road", "Franklin Street", "Jefferson Avenue",
    "Highland Court", "Spring Street", "Union Boulevard",
)  # fmt: skip
CITIES = ("Newark", "Trenton", "Camden", "Paterson", "Elizabeth", "Clifton", "Passaic", "Bayonne")
AREAS = (201, 609, 732, 856, 862, 908, 973)
TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Person:
    """One person as a row of the import."""

    external_id: str
    given_name: str
    family_name: str
    birth_date: str
    phone: str
    street: str
    city: str
    postcode: str

    def fields(self) -> dict[str, str]:
        """By column, with what is known."""
        return {column: text for column, text in asdict(self).items() if text}


def people(chance: Random) -> Iterator[Person]:
    """Ever new people, household by household: they share a home, often a phone, and mostly a family name."""
    number = 0
    while True:
        for person in _household(chance):
            number += 1
            yield Person(f"P{number}", *person)


def home(chance: Random) -> tuple[str, str, str]:
    """Street, city and postal code."""
    place = chance.randrange(len(CITIES))
    street = f"{chance.randrange(1, 1500)} {chance.choice(STREETS)}"
    unit = f" Apt {chance.randrange(1, 30)}" if chance.random() < 0.2 else ""
    return street + unit, CITIES[place], f"07{place}{chance.randrange(30):02}"


def phone(chance: Random) -> str:
    """A number of ten digits as people write it."""
    return f"({chance.choice(AREAS)}) {chance.randrange(200, 990)}-{chance.randrange(10_000):04}"


def family_name(chance: Random) -> str:
    """As frequent as it is."""
    return str(chance.choices(list(FAMILY), list(FAMILY.values()))[0])


def _given(chance: Random, kind: str) -> str:
    return str(chance.choices(list(NAMES[kind]), list(NAMES[kind].values()))[0])


def _household(chance: Random) -> Iterator[tuple[str, ...]]:
    """One to five people: parents, and children of whom some bear a parent's name."""
    family, where, shared = family_name(chance), home(chance), phone(chance)
    size = chance.choices((1, 2, 3, 4, 5), (35, 30, 15, 13, 7))[0]
    parents = [
        (_given(chance, "male"), chance.uniform(40, 75)),
        (_given(chance, "female"), chance.uniform(40, 75)),
    ]
    chance.shuffle(parents)
    members = parents[:size]
    for _ in range(size - 2):
        kind = chance.choice(("male", "female"))
        name = parents[0][0] if chance.random() < 0.08 else _given(chance, kind)
        members.append((name, chance.uniform(16, 35)))
    for place, (given, age) in enumerate(members):
        own = family_name(chance) if place == 1 and chance.random() < 0.2 else family
        number = shared if chance.random() < 0.4 else phone(chance)
        born = TODAY - timedelta(days=round(age * 365.25))
        yield given, own, born.isoformat(), number if chance.random() < 0.92 else "", *where
