"""Names, birth dates, record numbers: who somebody is, and how the same one is found again (C4.8)."""

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

# Damm's quasigroup: finds every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def _damm(digits: str) -> str:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def record_number(digits: str) -> str:
    """Seven random digits made a record number of eight: the last one checks the others."""
    return digits + _damm(digits)


def is_record_number(text: str) -> bool:
    """Whether eight digits could be a record number: no digit mistyped, no neighbours swapped."""
    return len(text) == 8 and text.isascii() and text.isdigit() and _damm(text) == "0"


def spaced(number: str) -> str:
    """A record number as people read it out: 4821 7306."""
    return f"{number[:4]} {number[4:]}"


def folded(name: str) -> str:
    """A name for searching: lower case, without accents, in any script."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


_SOUNDS = {letter: code for code, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1)
           for letter in letters.lower()}  # fmt: skip


def sounds_like(name: str) -> str:
    """A code that surnames which sound alike share: Soundex, the first letter coded too, up to six signs.

    Clarke and Klark, Whitfield and Whitfeld share one. A name without Latin letters is its own code.
    """
    letters = [letter for letter in folded(name) if letter.isascii() and letter.isalpha()]
    if not letters:
        return folded(name)
    code, before = "", 0
    for place, letter in enumerate(letters):
        sound = _SOUNDS.get(letter, 0)
        if (sound and sound != before) or place == 0:
            code += str(sound)
        if letter not in "hw":  # they do not part two equal sounds
            before = sound
    return code[:6]


@dataclass(frozen=True)
class Search:
    """What a search looks for; every part that is given must fit. `words` are folded parts of a name."""

    words: tuple[str, ...] = ()
    birth_date: date | None = None
    phone: str | None = None
    record_number: str | None = None


OLDEST = 120


def age(birth_date: date, on: date) -> int:
    """Completed years of life."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def born(birth_date: date) -> str:
    """May 3, 1992: always with the year, without the weekday."""
    return f"{birth_date:%b} {birth_date.day}, {birth_date.year}"


def birth_date_problem(birth_date: date, today: date) -> str | None:
    """What is wrong with a birth date, in words for the form; None if it can be."""
    if birth_date > today:
        return "Enter a date of birth that is not in the future"
    if age(birth_date, today) > OLDEST:
        return f"Enter a date of birth within the last {OLDEST} years"
    return None


class Sex(enum.StrEnum):
    """As registered; needed for who is asked about pregnancy (C5.3). Unknown is never read as no."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """As a form says it."""
        return "Not known" if self is Sex.UNKNOWN else self.value.capitalize()


LANGUAGES = {"en": "English", "es": "Spanish"}


def separate(former_names: str | None) -> tuple[str, ...]:
    """Former names, kept with commas between, one by one."""
    return tuple(name.strip() for name in (former_names or "").split(",") if name.strip())


def with_former(former_names: str | None, before: str, after: str) -> str | None:
    """Former names after a change of the family name: the one before joins them, the one after leaves."""
    names = [name for name in separate(former_names) if folded(name) != folded(after)]
    if folded(before) not in {folded(name) for name in (*names, after)}:
        names.append(before)
    return ", ".join(names) or None


@dataclass(frozen=True)
class Address:
    """Where somebody lives, as written. `no_fixed_address` is an answer; all empty is not known."""

    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    no_fixed_address: bool = False

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return any(vars(self).values())

    @property
    def words(self) -> str:
        """12 Main Street, Newark, 07102."""
        known = ("No fixed address" if self.no_fixed_address else None, self.street, self.city, self.postcode)
        return ", ".join(filter(None, known)) or "Not known"


@dataclass(frozen=True)
class Details:
    """Who somebody is and where they live, as it may be corrected. Names as written."""

    family_name: str
    given_name: str
    called_name: str | None
    pronouns: str | None
    birth_date: date
    sex: Sex
    language: str
    former_names: str | None = None
    address: Address = Address()


@dataclass(frozen=True)
class NewPatient:
    """Who is registered. Names as written; `zone` is an IANA name; `phone` E.164 or None.

    `former_names` are family names from before, with commas between; `external_id` is the key in the system
    that somebody was imported from.
    """

    family_name: str
    given_name: str
    birth_date: date
    site_id: UUID
    zone: str
    called_name: str | None = None
    pronouns: str | None = None
    sex: Sex = Sex.UNKNOWN
    language: str = "en"
    phone: str | None = None
    may_voicemail: bool = False
    email: str | None = None
    former_names: str | None = None
    address: Address = Address()
    external_id: str | None = None
