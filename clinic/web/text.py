"""What text may come in: normal form C, nothing that a database refuses or a screen hides."""

import re
import unicodedata

from wtforms.validators import StopValidation

# Kept: newline and tab. NUL is refused by PostgreSQL and kept by SQLite; lone surrogates are no text at all.
ALLOWED_CONTROLS = "\n\t"
LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")  # Unicode's look like blanks and break the header of a mail


def tidy(text: str | None) -> str | None:
    """Normal form C, one kind of line end, no blanks around."""
    if text is None:
        return None
    return unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text)).strip()


def refuse_unreadable(text: str, label: str) -> None:
    """Raises StopValidation for control characters and lone surrogates."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and character not in ALLOWED_CONTROLS):
            raise StopValidation(
                f"{label} holds a character that cannot be read. Type it again without pasting"
            )


def version_number(text: object) -> int:
    """A version number out of a hidden field; -1, which is never current, for anything else."""
    digits = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10
    return int(str(text)) if digits else -1
