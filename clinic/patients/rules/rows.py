"""One person as a row of a file or an object of JSON: what stands there, or what is wrong with it. Pure."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import phonenumbers

from clinic.patients.rules.birth import Born
from clinic.patients.rules.matching import Identifiers

LONGEST = 120  # characters of any field
REQUIRED_TO_IMPORT = frozenset(("family_name", "given_name", "birth_date"))
REQUIRED_TO_MATCH = frozenset(("family_name",))


class Unreadable(Exception):
    """A row breaks the form. `errors`: column: what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {words}" for column, words in errors.items()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Row:
    """One person; `phone` E.164."""

    family_name: str
    given_name: str | None
    birth_date: Born | None
    phone: str | None
    street: str | None
    city: str | None
    postcode: str | None
    external_id: str | None

    @property
    def identifiers(self) -> Identifiers:
        """What is compared with others."""
        return Identifiers(
            family_name=self.family_name,
            given_names=(self.given_name,) if self.given_name else (),
            born=self.birth_date,
            phones=frozenset((self.phone,)) if self.phone else frozenset(),
            street=self.street,
            city=self.city,
            postcode=self.postcode,
        )


COLUMNS = tuple(Row.__dataclass_fields__)


def read(given: Mapping[str, object], *, required: Collection[str], region: str, today: date) -> Row:
    """A row by its columns; empty and None are not known. Raises Unreadable.

    Where a birth date is required it must be whole, and a phone one that can be: somebody will call it. To
    look somebody up a year is enough, and a number may be mistyped.
    """
    errors = {
        column: f"Leave it out; known are {', '.join(COLUMNS)}" for column in given if column not in COLUMNS
    }
    found: dict[str, object] = dict.fromkeys(COLUMNS)
    for column in COLUMNS:
        try:
            if text := _text(given.get(column)):
                found[column] = _READERS.get(column, _plain)(text, region, today)
            elif column in required:
                errors[column] = _WANTED[column]
        except ValueError as error:
            errors[column] = str(error)
    born, phone = found["birth_date"], found["phone"]
    if "birth_date" in required and isinstance(born, Born) and born.month is None:
        errors["birth_date"] = _WANTED["birth_date"]
    if "birth_date" in required and isinstance(phone, str) and not _possible(phone):
        errors["phone"] = _PHONE
    if errors:
        raise Unreadable(errors)
    return Row(**found)  # type: ignore[arg-type]


_WANTED = {
    "family_name": "Enter the family name",
    "given_name": "Enter the given name",
    "birth_date": "Enter the whole date of birth, like 1992-05-03",
}
_PHONE = "Enter the phone number with area code, like (202) 555-0143, or leave it empty"


def _text(value: object) -> str:
    """Text in normal form C without blanks around. Raises ValueError for what no person would type."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("Write it as text")
    text = unicodedata.normalize("NFC", str(value)).strip()
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValueError("Type it again: it holds a character that cannot be read")
    if len(text) > LONGEST:
        raise ValueError(f"Shorten it to {LONGEST} characters")
    return text


def _plain(text: str, *_: object) -> str:
    return text


def _birth_date(text: str, _: str, today: date) -> Born:
    if len(text) == 4 and text.isascii() and text.isdecimal():
        return _possible_birth(Born(int(text)), today)
    for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return _possible_birth(Born.on(day), today)
    raise ValueError("Enter a date that exists, like 1992-05-03 or 05/03/1992")


def _possible_birth(born: Born, today: date) -> Born:
    if not date(1900, 1, 1) <= date(born.year or 1, born.month or 1, born.day or 1) <= today:
        raise ValueError("Enter a date of birth from 1900 on that is not in the future")
    return born


def _phone(text: str, region: str, _: date) -> str:
    """A number as E.164, even one with a digit too few or too many."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise ValueError(_PHONE) from None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _possible(phone: str) -> bool:
    return phonenumbers.is_possible_number(phonenumbers.parse(phone))


_READERS: dict[str, Callable[[str, str, date], object]] = {"birth_date": _birth_date, "phone": _phone}
