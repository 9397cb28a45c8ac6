"""The alphabet of texts: turning into GSM-7, septets and segments (3GPP TS 23.038; P4.1)."""

import unicodedata
from collections.abc import Iterable

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # an escape and a septet each
INSTEAD = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\t", " "),
    "…": "...",
    "•": "-",
}


def turn(text: str) -> str:
    """The text in GSM-7: letters without a place lose the accent, what has no place at all is dropped."""
    return "".join(_turned(sign) for sign in unicodedata.normalize("NFC", text))


def _turned(sign: str) -> str:
    if sign in BASIC or sign in EXTENDED:
        return sign
    if sign in INSTEAD:
        return INSTEAD[sign]
    return "".join(base for base in unicodedata.normalize("NFKD", sign) if base in BASIC)


def septets(text: str) -> int:
    """How many septets a text in GSM-7 takes. Raises ValueError where it is not in GSM-7."""
    if not fits_alphabet(text):
        raise ValueError("not in GSM-7")
    return sum(_septets(text))


def fits_alphabet(text: str) -> bool:
    """Whether every sign has a place in GSM-7."""
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def segments(text: str) -> int:
    """How many segments the network makes of a text, in GSM-7 where it fits and else in UCS-2."""
    if fits_alphabet(text):
        return _packed(_septets(text), one=160, several=153)
    return _packed((len(sign.encode("utf-16-be")) // 2 for sign in text), one=70, several=67)


def _septets(text: str) -> Iterable[int]:
    return (2 if sign in EXTENDED else 1 for sign in text)


def _packed(costs: Iterable[int], *, one: int, several: int) -> int:
    costs = list(costs)
    if sum(costs) <= one:
        return 1
    count, used = 1, 0
    for cost in costs:  # a pair never straddles two segments
        if used + cost > several:
            count, used = count + 1, 0
        used += cost
    return count
