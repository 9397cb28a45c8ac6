"""What a password must be (P6)."""

import re
import unicodedata
from collections.abc import Iterable

SHORTEST, LONGEST = 15, 128  # characters; 15 while the password is used alone (P6)
COMMON_WORDS = """
    password passwort passphrase passcode secret letmein welcome changeme default temporary temp login
    signin admin administrator root user username staff guest test testing demo example sample system
    computer internet qwerty qwertz azerty asdf zxcv abcd abc iloveyou monkey dragon master shadow
    sunshine princess football baseball superman batman trustno hello whatever freedom michael jordan
    starwars pokemon january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter fall
    season hospital health healthcare medical doctor nurse patient therapy therapist recovery rehab
    detox addiction treatment counselor clinic clinics center centre company office work
"""
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azerty", "01234567890")
RUNS = {way[at : at + 4] for row in ROWS for way in (row, row[::-1]) for at in range(len(row) - 3)}
LOOK_ALIKE = str.maketrans("@431!0$57", "aaeiiosst")
ENOUGH_LEFT = 8  # characters beside common words, names, rows and repetitions


def normal(password: str) -> str:
    """The one spelling of a password: NFC, so that every keyboard's accents are the same."""
    return unicodedata.normalize("NFC", password)


def refusal(password: str, context: Iterable[str]) -> str | None:
    """Why this password cannot be taken, in words for its owner; None where it can (P6).

    `context` holds words near to the person: name, sign-in name, the clinic's name.
    """
    password = normal(password)
    if len(password) < SHORTEST:
        return (
            f"Enter a password of at least {SHORTEST} characters. Three or four words together are easiest."
        )
    if len(password) > LONGEST:
        return f"Enter a password of at most {LONGEST} characters."
    near = {word for text in context for word in re.split(r"\W+", text.casefold()) if len(word) > 2}
    if _left(password, near) >= ENOUGH_LEFT:
        return None
    if near and _left(password, ()) >= ENOUGH_LEFT:
        return "Choose another password. This one is made of your name or the clinic's."
    return "Choose another password. This one is made of common words or a simple row of characters."


def _left(password: str, near: Iterable[str]) -> int:
    """How many characters remain without simple rows, common words, near words and repetitions."""
    text = password.casefold()
    in_run = {at + step for at in range(len(text)) if text[at : at + 4] in RUNS for step in range(4)}
    text = "".join(" " if at in in_run else letter for at, letter in enumerate(text)).translate(LOOK_ALIKE)
    for word in sorted({*COMMON_WORDS.split(), *near}, key=len, reverse=True):
        text = text.replace(word, " ")
    return len(re.sub(r"(.+?)\1+", r"\1", re.sub(r"[\W_]+", "", text)))
