"""What a text with digits does (C8.5, reliability 10)."""

import enum

HIGHEST = 10


class Way(enum.StrEnum):
    """Who takes the text."""

    CHECK_IN = "check_in"  # it answers item 1 of the one open check-in and nothing else
    NOT_OURS = "not_ours"  # another handler, in the end a person
    PERSON = "person"  # a person decides which message it answers


def read(digits: int | None, patients: int, open_check_ins: int, open_reminders: int) -> Way:
    """Where a text goes: of a number of `patients` people, with these messages waiting for digits.

    Words, and 11 and above, are not ours. A number that several people share is never guessed.
    """
    if digits is None or digits > HIGHEST or patients != 1 or open_check_ins == 0:
        return Way.NOT_OURS
    return Way.PERSON if open_check_ins + open_reminders > 1 else Way.CHECK_IN
