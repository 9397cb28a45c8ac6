"""What a text with digits does (C8.5, reliability 10)."""

import enum
from dataclasses import dataclass

from clinic.worklist.rules import Level

HIGHEST = 10
LOW_DIGITS = 2  # 0 to 2 reads as high risk


class Way(enum.StrEnum):
    """Who takes the text."""

    CHECK_IN = "check_in"  # it answers item 1 of the one open check-in and nothing else
    NOT_OURS = "not_ours"  # another handler, in the end a person
    PERSON = "person"  # a person decides which message it answers


@dataclass(frozen=True)
class Reply:
    """Where a text goes, and how urgent it is where a person takes it."""

    way: Way
    level: Level = Level.LOW


def read(digits: int | None, patients: int, open_check_ins: int, open_reminders: int) -> Reply:
    """Decide on a text of a number that belongs to `patients` people with these messages waiting for digits.

    Words, and 11 and above, are not ours. A number that several people share is never guessed.
    """
    if digits is None or digits > HIGHEST or patients != 1 or open_check_ins == 0:
        return Reply(Way.NOT_OURS)
    if open_check_ins + open_reminders > 1:
        return Reply(Way.PERSON, Level.HIGH if digits <= LOW_DIGITS else Level.LOW)
    return Reply(Way.CHECK_IN)
