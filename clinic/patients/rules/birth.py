"""When somebody was born, as far as it is known, and how two such statements differ. Pure."""

import enum
from dataclasses import dataclass
from datetime import date

GENERATION = (
    10  # years: who differs by more in the year alone is another person of one birthday (our choice, C)
)


@dataclass(frozen=True)
class Born:
    """A birth date; `month` and `day` are None where only the year is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def on(cls, day: date) -> "Born":
        """A whole date."""
        return cls(day.year, day.month, day.day)

    @property
    def vague(self) -> bool:
        """Only the year counts: nothing else is known, or it is January 1, which stands for not known."""
        return self.month is None or (self.month, self.day) == (1, 1)

    @property
    def swapped(self) -> "Born | None":
        """Day and month the other way round, where that is a date and another one."""
        if self.month is None or self.day is None or self.day > 12 or self.day == self.month:
            return None
        return Born(self.year, self.day, self.month)

    @property
    def digits(self) -> str:
        """Eight digits, year first."""
        return f"{self.year:04}{self.month or 0:02}{self.day or 0:02}"


class BirthMatch(enum.Enum):
    """How two birth dates go together."""

    SAME = "same"
    SWAPPED = "swapped"
    DIGIT = "digit"
    PART = "part"
    YEAR = "year"
    NEAR = "near"
    OTHER = "other"


def births(one: Born, other: Born) -> BirthMatch:
    """SAME, day and month SWAPPED, one DIGIT or one PART off, same YEAR alone, NEAR years alone, OTHER."""
    if one == other and one.month is not None:
        return BirthMatch.SAME
    if one.year == other.year and (one.vague or other.vague):
        return BirthMatch.YEAR
    if None in (one.month, other.month):
        return BirthMatch.NEAR if abs(one.year - other.year) == 1 else BirthMatch.OTHER
    if one == other.swapped:
        return BirthMatch.SWAPPED
    if _one_digit_off(one.digits, other.digits):
        return BirthMatch.DIGIT
    if (one.month, one.day) == (other.month, other.day):
        return BirthMatch.PART if abs(one.year - other.year) <= GENERATION else BirthMatch.OTHER
    if one.year == other.year and (one.month == other.month or one.day == other.day):
        return BirthMatch.PART
    return BirthMatch.OTHER


def _one_digit_off(one: str, other: str) -> bool:
    """Whether two texts of one length differ in one sign, or in two neighbours that changed places."""
    if len(one) != len(other):
        return False
    differ = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    match differ:
        case [_]:
            return True
        case [first, second] if second == first + 1:
            return one[first] == other[second] and one[second] == other[first]
    return False
