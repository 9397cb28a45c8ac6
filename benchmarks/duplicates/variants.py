"""The same person described otherwise: kinds of slips and changes. Knows nothing of the matcher."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from string import ascii_lowercase

from benchmarks.duplicates.people import NAMES, Person, family_name, home, phone

Change = Callable[[Person, Random], Person]
RESPELLED = (
    ("ph", "f"), ("ck", "k"), ("ei", "ie"), ("ie", "y"), ("ea", "ee"), ("ey", "y"), ("y", "i"), ("z", "s"),
    ("ll", "l"), ("nn", "n"), ("tt", "t"), ("ss", "s"), ("rr", "r"), ("c", "k"), ("k", "ck"), ("son", "sen"),
    ("er", "ar"), ("s", "ss"), ("n", "nn"), ("l", "ll"),
)  # fmt: skip


def _slip(text: str, chance: Random) -> str:
    """One letter wrong, missing, too many, or swapped with its neighbour."""
    place, letter = chance.randrange(len(text)), chance.choice(ascii_lowercase)
    head, tail = text[:place], text[place:]
    made = chance.choice(
        (
            head + letter + tail[1:],
            head + tail[1:],
            head + letter + tail,
            head + tail[1:2] + tail[:1] + tail[2:],
        )
    )
    return made if made.strip() and made != text else _slip(text, chance)


def typo_in_family_name(person: Person, chance: Random) -> Person:
    """A slip of the finger."""
    return replace(person, family_name=_slip(person.family_name, chance))


def typo_in_given_name(person: Person, chance: Random) -> Person:
    """A slip of the finger."""
    return replace(person, given_name=_slip(person.given_name, chance))


def heard_otherwise(person: Person, chance: Random) -> Person:
    """The family name written as it sounds."""
    first, rest = person.family_name[:1], person.family_name[1:]
    fitting = [(old, new) for old, new in RESPELLED if old in rest]
    if not fitting:
        return replace(person, family_name=person.family_name + "e")
    return replace(person, family_name=first + rest.replace(*chance.choice(fitting), 1))


def short_form(person: Person, chance: Random) -> Person:
    """Bill for William."""
    return replace(person, given_name=chance.choice(NAMES["short"][person.given_name]))


def initial(person: Person, _: Random) -> Person:
    """The given name's first letter."""
    return replace(person, given_name=f"{person.given_name[0]}.")


def names_swapped(person: Person, _: Random) -> Person:
    """Given and family name in the other's place."""
    return replace(person, given_name=person.family_name, family_name=person.given_name)


def family_name_changed(person: Person, chance: Random) -> Person:
    """By marriage, say."""
    return replace(person, family_name=family_name(chance))


def double_barrelled(person: Person, chance: Random) -> Person:
    """One half left out, or another name added."""
    halves = person.family_name.split("-")
    if len(halves) == 2:
        return replace(person, family_name=chance.choice(halves))
    pair = [person.family_name, family_name(chance)]
    chance.shuffle(pair)
    return replace(person, family_name=chance.choice("- ").join(pair))


def without_marks(person: Person, _: Random) -> Person:
    """No accents, apostrophes or hyphens, all in capitals."""
    return replace(person, given_name=_bare(person.given_name), family_name=_bare(person.family_name))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("'", "").replace("-", " "))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).upper()


def day_and_month_swapped(person: Person, _: Random) -> Person:
    """4 May for 5 April."""
    year, month, day = person.birth_date.split("-")
    return replace(person, birth_date=f"{year}-{day}-{month}")


def birth_digit_off(person: Person, chance: Random) -> Person:
    """One digit of the birth date is another one."""
    while True:
        place, digit = chance.choice((2, 3, 5, 6, 8, 9)), str(chance.randrange(10))
        made = person.birth_date[:place] + digit + person.birth_date[place + 1 :]
        try:
            if made != person.birth_date and date.fromisoformat(made) < date(2026, 1, 1):
                return replace(person, birth_date=made)
        except ValueError:
            continue


def birth_year_only(person: Person, _: Random) -> Person:
    """The day is not known."""
    return replace(person, birth_date=person.birth_date[:4])


def birth_date_missing(person: Person, _: Random) -> Person:
    """Nobody asked."""
    return replace(person, birth_date="")


def phone_changed(person: Person, chance: Random) -> Person:
    """A new number."""
    return replace(person, phone=phone(chance))


def phone_digit_off(person: Person, chance: Random) -> Person:
    """One digit of the number is another one."""
    place = chance.choice([place for place, sign in enumerate(person.phone) if sign.isdigit()][3:])
    digit = chance.choice([digit for digit in "0123456789" if digit != person.phone[place]])
    return replace(person, phone=person.phone[:place] + digit + person.phone[place + 1 :])


def moved(person: Person, chance: Random) -> Person:
    """Another home."""
    street, city, postcode = home(chance)
    return replace(person, street=street, city=city, postcode=postcode)


def _any(_: Person) -> bool:
    return True


def _swappable(person: Person) -> bool:
    _, month, day = person.birth_date.split("-")
    return int(day) <= 12 and day != month


def _marked(person: Person) -> bool:
    name = person.given_name + person.family_name
    return not name.isascii() or "'" in name or "-" in name


# Each kind, and of whom it can be made.
KINDS: dict[str, tuple[Change, Callable[[Person], bool]]] = {
    "typo in the family name": (typo_in_family_name, _any),
    "typo in the given name": (typo_in_given_name, _any),
    "family name as it sounds": (heard_otherwise, _any),
    "short form of the given name": (short_form, lambda person: person.given_name in NAMES["short"]),
    "initial of the given name": (initial, _any),
    "given and family name swapped": (names_swapped, _any),
    "family name changed": (family_name_changed, _any),
    "double-barrelled family name": (double_barrelled, _any),
    "accents and marks left out": (without_marks, _marked),
    "day and month swapped": (day_and_month_swapped, _swappable),
    "digit of the birth date": (birth_digit_off, _any),
    "only the year of birth": (birth_year_only, _any),
    "birth date missing": (birth_date_missing, _any),
    "phone changed": (phone_changed, _any),
    "digit of the phone": (phone_digit_off, lambda person: bool(person.phone)),
    "moved": (moved, _any),
}
# Two that touch one field: the second would undo or hide the first.
SAME_FIELD = (
    {"typo in the family name", "family name as it sounds", "given and family name swapped",
     "family name changed", "double-barrelled family name", "accents and marks left out"},
    {"typo in the given name", "short form of the given name", "initial of the given name",
     "given and family name swapped", "accents and marks left out"},
    {"day and month swapped", "digit of the birth date", "only the year of birth", "birth date missing"},
    {"phone changed", "digit of the phone"},
)  # fmt: skip


def planted(registered: list[Person], count: int, chance: Random) -> list[tuple[str, Person]]:
    """So many variants with what was done: kinds in equal shares, every fifth of two kinds."""
    kinds = list(KINDS)
    made = []
    for place in range(count):
        wanted = [kinds[place % len(kinds)]]
        if place % 5 == 0:
            wanted.append(chance.choice([kind for kind in kinds if _apart(kind, wanted[0])]))
        fits = [KINDS[kind][1] for kind in wanted]
        person = chance.choice(registered)
        while not all(fit(person) for fit in fits):
            person = chance.choice(registered)
        for kind in wanted:
            person = KINDS[kind][0](person, chance)
        made.append((" + ".join(sorted(wanted)), person))
    return made


def _apart(kind: str, other: str) -> bool:
    return kind != other and not any({kind, other} <= field for field in SAME_FIELD)
