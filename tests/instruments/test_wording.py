"""The clinic's own wording: ids and texts only, whole or not at all; a form keeps the words it had."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from clinic.core.db import db
from clinic.instruments import queries
from clinic.instruments.models import InstrumentWording
from clinic.instruments.queries import SHIPPED, read_folder
from clinic.instruments.rules import Unusable, read_wording
from tests.conftest import MovedClock
from tests.forms import hidden_fields, submit

INSTRUMENTS = read_folder(SHIPPED)
DAST = [item.id for item in INSTRUMENTS["dast10"].items]


def _file(words: str = "Invented question", more: str = "", without: str = "") -> str:
    """A wording of the DAST-10 in invented words."""
    items = [f'[[item]]\nid = "{item}"\ntext = "{words} {item}"\n' for item in DAST if item != without]
    return 'id = "dast10"\n' + "".join(items) + more


FIRST = 'id = "d1"\n'
REFUSED = {
    "points": (_file().replace(FIRST, f"{FIRST}value = 3\n"), "item d1: `value` cannot be given here."),
    "points of an option": (
        _file(more='[[item.option]]\ncode = "no"\nlabel = "No"\nvalue = 1\n'),
        "item d10, option no: `value` cannot be given here.",
    ),
    "a cut-off": (_file(more='[[band]]\nscore = "total"\nmin = 1\n'), "`band` cannot be given here."),
    "a flag": (_file(more='[[flag]]\nid = "x"\n'), "`flag` cannot be given here."),
    "another item": (_file(more='[[item]]\nid = "d11"\ntext = "x"\n'), "item d11: dast10 has no such item."),
    "another code": (
        _file(more='[[item.option]]\ncode = "maybe"\nlabel = "Maybe"\n'),
        "item d10, option maybe: the item has no such code",
    ),
    "an item twice": (_file(more=f'[[item]]\n{FIRST}text = "x"\n'), "item d1 is there twice."),
    "an item left out": (_file(without="d7"), "item d7 is left out."),
    "no such scale": ('id = "dast99"\n', "id: there is no instrument dast99"),
    "no id": (_file().removeprefix('id = "dast10"\n'), "`id` needs a text."),
    "a number for a text": (
        _file().replace('text = "Invented question d1"', "text = 1"),
        "item d1: `text` needs",
    ),
    "nothing but spaces": (
        _file().replace("Invented question d1", "   ", 1),
        "item d1: `text` needs a text.",
    ),
    "a text without an end": (_file("x" * 2001), "item d1: `text` has 2,004 characters."),
    "a control character": (_file("\\u0000"), "item d1: `text` holds a control character."),
    "items that are no tables": ('id = "dast10"\nitem = [1]\n', "`item` must be written as [[item]] tables."),
    "not TOML": (_file() + "[[", "The file is not TOML:"),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_more_or_less_than_words_is_refused_by_its_key(text: str, sentence: str) -> None:
    with pytest.raises(Unusable, match=re.escape(sentence)):
        read_wording(text, INSTRUMENTS)


def _load(runner: FlaskCliRunner, folder: Path, text: str | bytes) -> tuple[int, str]:
    file = folder / "words.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    result = runner.invoke(args=["instruments", "load-wording", str(file)])
    return result.exit_code, result.output


def test_a_refused_file_loads_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    code, told = _load(runner, tmp_path, REFUSED["points"][0])
    assert (code, told.startswith("words.toml was not loaded. item d1: `value`")) == (2, True)
    code, told = _load(runner, tmp_path, b"\xff\xfe")
    assert (code, "Byte 0 is not UTF-8" in told) == (2, True)
    assert db.session.scalar(select(func.count()).select_from(InstrumentWording)) == 0


def test_loaded_words_replace_the_paraphrase_and_the_points_stay(
    runner: FlaskCliRunner, tmp_path: Path, therapist: FlaskClient, patient_id: UUID
) -> None:
    address = f"/patients/{patient_id}/instruments/dast10"
    before = therapist.get(address).text
    assert "Staff only, paraphrase" in before
    assert before.count(">Paraphrase<") == len(DAST)
    text = _file(more='[[item.option]]\ncode = "yes"\nlabel = "So it is"\n')
    stem = 'stem = "In the last invented year"\n'
    assert _load(runner, tmp_path, stem + text) == (0, "Wording of dast10 is loaded as version 1.\n")
    page = therapist.get(address).text
    assert "Self-report" in page
    assert "Paraphrase" not in page
    for shown in ("Invented question d7", "In the last invented year", "So it is", "own wording, version 1"):
        assert shown in page
    assert queries.worded("dast10").bands == INSTRUMENTS["dast10"].bands
    points = [[option.points for option in item.options] for item in queries.worded("dast10").items]
    assert points == [[option.points for option in item.options] for item in INSTRUMENTS["dast10"].items]
    listed = therapist.get(f"/patients/{patient_id}/instruments").text
    assert listed.count("Staff only, paraphrase") == 4


def test_a_form_keeps_the_words_it_was_filled_in_with(
    runner: FlaskCliRunner, tmp_path: Path, therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    address = f"/patients/{patient_id}/instruments/dast10"
    answers = {f"item_{item}": "no" for item in DAST}
    when = {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}
    _load(runner, tmp_path, _file("First words"))
    shown = hidden_fields(therapist.get(address).text, address)
    _load(runner, tmp_path, _file("Second words"))  # while the page is open
    first = therapist.post(address, data={**shown, **when, **answers}).location
    submit(therapist, first, to=f"{first}/sign")
    second = submit(therapist, address, **when, **answers).location
    for result, words, others in (
        (first, "First", "Second"),
        (second, "Second", "First"),
        (f"{first}/amend", "First", "Second"),
    ):
        page = therapist.get(result).text
        assert f"{words} words d3" in page
        assert f"{others} words" not in page


def test_a_wording_that_was_never_loaded_is_not_taken(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    address = f"/patients/{patient_id}/instruments/dast10"
    when = {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}
    assert submit(therapist, address, **when, wording="7", do="save").status_code == 404
    assert queries.unsigned(patient_id, "dast10") is None
