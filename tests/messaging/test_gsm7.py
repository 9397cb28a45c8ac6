"""The alphabet of texts, by the vectors of P4.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.messaging.rules.gsm7 import fits_alphabet, segments, septets, turn

VECTORS = {
    "160 letters": ("a" * 160, 1),
    "161 letters": ("a" * 161, 2),
    "306 letters": ("a" * 306, 2),
    "307 letters": ("a" * 307, 3),
    "a pair counts twice": ("a" * 159 + "€", 2),
    "70 accents": ("á" * 70, 1),
    "71 accents": ("á" * 71, 2),
    "134 accents": ("á" * 134, 2),
    "135 accents": ("á" * 135, 3),
    "a pair never straddles": ("a" * 152 + "€" + "a" * 152, 3),
    "an emoji is two units": ("😀" * 35, 1),
    "nothing": ("", 1),
}
TURNED = {
    "letters without a place lose the accent": ("áíóúçê ÁÍÓÚ", "aiouce AIOU"),
    "letters with a place keep it": ("éñüàèìòùÇ", "éñüàèìòùÇ"),
    "decomposed letters too": ("n\u0303e\u0301", "ñé"),
    "curly quotes become straight": ("“it’s” ‘so’", "\"it's\" 'so'"),
    "dashes and dots": ("a–b—c…", "a-b-c..."),
    "what has no place is dropped": ("ok 😀漢", "ok "),
    "no-break space": ("14\u00a0h", "14 h"),
}


@pytest.mark.parametrize(("text", "count"), VECTORS.values(), ids=VECTORS)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(("text", "wanted"), TURNED.values(), ids=TURNED)
def test_turning(text: str, wanted: str) -> None:
    assert turn(text) == wanted


@given(st.text())
def test_whatever_is_turned_fits(text: str) -> None:
    once = turn(text)
    assert fits_alphabet(once)
    assert turn(once) == once
    assert segments(once) == 1 or septets(once) > 160


def test_other_alphabets_have_no_septets() -> None:
    with pytest.raises(ValueError, match="GSM-7"):
        septets("漢")
