"""A file that contradicts itself is refused with a sentence."""

import pytest

from clinic.instruments.queries import SHIPPED
from clinic.instruments.rules import Malformed, parse

GAD2 = (SHIPPED / "gad2.toml").read_text()
BROKEN = {
    "an item twice": ('id = "q2"', 'id = "q1"', "item q1 is there twice"),
    "a score of an item that is not there": ('items = ["q1", "q2"]', 'items = ["q1", "q7"]', "names q7"),
    "a hole between bands": ("min = 3\nmax = 6", "min = 4\nmax = 6", "do not cover 0 to 6"),
    "a method nobody knows": ('method = "sum"', 'method = "median"', "method median"),
    "an operator nobody knows": ('op = ">="', 'op = "=>"', "names =>"),
    "no title": ('title = "Generalized', 'heading = "Generalized', "'title' is left out"),
    "not TOML": ("[source]", "[source", "not TOML"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN.values(), ids=BROKEN)
def test_broken_file_is_refused(old: str, new: str, sentence: str) -> None:
    assert old in GAD2
    with pytest.raises(Malformed, match=sentence):
        parse(GAD2.replace(old, new, 1))


COWS = (SHIPPED / "cows.toml").read_text()
UNREADABLE = {
    "a hole between readings": ("81-100", "91-100", "derive of pulse does not cover every reading once"),
    "points that no option has": (">120 -> 4", ">120 -> 3", "derive of pulse names 3"),
    "another sentence": ("From beats per minute:", "By beats per minute:", "derive of pulse is not like"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_readings_that_give_no_points_are_refused(old: str, new: str, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        parse(COWS.replace(old, new, 1))


def test_every_shipped_file_is_sound() -> None:
    for file in SHIPPED.glob("*.toml"):
        assert parse(file.read_text()).id == file.stem
