"""Names as people misspell, shorten and change them: parts, sound, edit distance. Pure."""

import enum
import re
from functools import lru_cache

from clinic.patients.rules.identity import folded
from clinic.patients.rules.nicknames import formal_names

# Letters that are not a plain letter with a mark, so that `folded` leaves them.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": None, "'": None,
     "‘": None, "ʼ": None, "`": None}
)  # fmt: skip
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))
_PARTICLES = frozenset(
    ("al", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "las", "le",
     "los", "san", "st", "van", "von", "y")
)  # fmt: skip
_SOUNDS = [
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"^ma?c(?=[^aeiouhk])", "mk"), (r"^[kgp]n", "n"), (r"^wr", "r"), (r"^w", "f"),
        (r"^y(?=[aeou])", "j"),
        (r"^x", "s"), (r"[iy](?=[eé])", "i"), (r"ph|v", "f"), (r"sch|sh|tch|cz|sz", "S"), (r"dt|th", "t"),
        (r"tz|ts|z|c(?=[eiy])", "s"), (r"ck|cq|ch|q|c", "k"), (r"x", "ks"), (r"mps", "ms"), (r"mb$", "m"),
        (r"gh(?=[^aeiou]|$)", ""), (r"dg|g(?=[eiy])", "j"), (r"(?<=.)[aeiouyhw]", ""), (r"^y", "i"),
        (r"(.)\1+", r"\1"),
    )
]  # fmt: skip
MOST_EDITS = 3


@lru_cache(4096)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name, folded: García-López is garcia, lopez; O'Connor is one; Jr. is none."""
    words = re.split(r"[\W\d_]+", folded(name).translate(_LETTERS))
    return tuple(word for word in words if word and word not in _SUFFIXES)


@lru_cache(4096)
def halves(name: str) -> tuple[str, ...]:
    """What each half of a double-barrelled name is alone; nothing for a simple name."""
    found = [part for part in parts(name) if part not in _PARTICLES and len(part) > 2]
    return tuple(found) if len(found) > 1 else ()


@lru_cache(4096)
def sound(word: str) -> str:
    """A code that folded words which sound alike share: consonants by sound, a vowel only at the beginning.

    Stephen and Steven, Clarke and Klark, Gonzalez and Gonzales share one. Other scripts stay as written.
    """
    for spelling, code in _SOUNDS:
        word = spelling.sub(code, word)
    return word


@lru_cache(65536)
def edits(one: str, other: str) -> int:
    """Damerau-Levenshtein distance (a swap of neighbours is one); MOST_EDITS stands for that and more."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    if abs(len(one) - len(other)) >= MOST_EDITS:
        return MOST_EDITS
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for place, sign in enumerate(one, 1):
        older, before, row = before, row, [place]
        for column, theirs in enumerate(other, 1):
            costs = [before[column] + 1, row[-1] + 1, before[column - 1] + (sign != theirs)]
            if place > 1 and column > 1 and sign == other[column - 2] and theirs == one[place - 2]:
                costs.append(older[column - 2] + 1)
            row.append(min(costs))
        if min(row) >= MOST_EDITS:
            return MOST_EDITS
    return min(row[-1], MOST_EDITS)


class Closeness(enum.IntEnum):
    """How near two words are."""

    OTHER = 0
    SIMILAR = 1
    ALIKE = 2
    SAME = 3


LONG = 6  # letters from which on two slips still leave the word recognisable (our choice, C)


@lru_cache(65536)
def closeness(one: str, other: str) -> Closeness:
    """SAME; ALIKE by one slip or by sound; SIMILAR by two slips in a long word; else OTHER."""
    if one == other:
        return Closeness.SAME
    apart, shorter = edits(one, other), min(len(one), len(other))
    if apart == 1 and shorter > 2:
        return Closeness.ALIKE
    if sound(one) == sound(other) and (apart == 2 or len(sound(one)) > 2) and one[:1] == other[:1]:
        return Closeness.ALIKE
    if sound(one) == sound(other) and (apart < MOST_EDITS or shorter >= LONG):
        return Closeness.ALIKE
    return Closeness.SIMILAR if apart == 2 and shorter >= LONG else Closeness.OTHER


def share_a_formal_name(one: str, other: str) -> bool:
    """Whether two folded given names may be short forms of one: Bill and William, Bill and Will."""
    return bool(formal_names(one) & formal_names(other))
