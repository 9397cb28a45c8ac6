"""`flask instruments`: the README's table of lines, what ends it, and a file that is dropped in."""

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from clinic.app import create_app
from clinic.instruments.queries import SHIPPED, read_folder

COWS_PULSE_3 = {item.id: 0 for item in read_folder(SHIPPED)["cows"].items} | {"pulse": 3}
TABLE = {
    "gad2": (
        {"q1": 1, "q2": "2"},
        {"complete": True, "scores": {"total": 3}, "bands": {"total": "positive"}, "flags": ["give_gad7"]},
    ),
    "phq9": (
        {"q9": 1},
        {
            "complete": False,
            "errors": {f"q{n}": f"Choose an answer for question {n}" for n in range(1, 9)},
            "flags": ["suicide_risk_followup"],
        },
    ),
    "cows": (
        COWS_PULSE_3,
        {"complete": False, "errors": {"pulse": "Choose what you see for resting pulse rate"}, "flags": []},
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_line_of_the_table(runner: FlaskCliRunner, name: str) -> None:
    answers, printed = TABLE[name]
    result = runner.invoke(args=["instruments", "score", name], input=json.dumps({"answers": answers}) + "\n")
    assert result.exit_code == 0
    assert json.loads(result.output) == printed


NOT_SUCH_AN_OBJECT = {
    "not JSON": b"{",
    "a list": b"[]",
    "no answers": b'{"context": {}}',
    "answers are a list": b'{"answers": []}',
    "context is null": b'{"answers": {}, "context": null}',
    "an empty line": b"",
    "not UTF-8": b"\xff\xfe\xff",
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("line", NOT_SUCH_AN_OBJECT.values(), ids=NOT_SUCH_AN_OBJECT)
def test_other_line_ends_it_with_its_number(runner: FlaskCliRunner, line: bytes) -> None:
    good = b'{"answers": {"q1": 0, "q2": 0}}\n'
    result = runner.invoke(args=["instruments", "score", "gad2"], input=good + line + b"\n" + good)
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1  # the line before stays
    assert result.stderr.startswith("Line 2 is not a JSON object")


def test_unknown_id_ends_it(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["instruments", "score", "nope"], input="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no instrument nope" in result.stderr


def test_ids_are_listed(runner: FlaskCliRunner) -> None:
    listed = runner.invoke(args=["instruments", "list"]).output.split()
    assert listed == sorted({file.stem for file in SHIPPED.glob("*.toml")} | {"sleep3"})


INVENTED = """
id = "sleep3"
title = "Three Questions on Sleep"
short_title = "Sleep-3"
version = "1"
purpose = "Invented for a test"
respondent = "self"
recall_period = "last night"
[source]
citation = "Nobody (2026)."
[licence]
may_ship_item_text = true
attribution = "By nobody in particular."
[[score]]
id = "total"
method = "mean"
items = ["hours", "rested"]
min = 0
max = 10
decimals = 1
[[item]]
id = "hours"
type = "integer"
min = 0
max = 10
required = true
text = "How many hours did you sleep?"
text_is_paraphrase = false
[[item]]
id = "rested"
type = "choice"
required = true
text = "Did you wake rested?"
text_is_paraphrase = false
option = [{ code = "no", value = 0, label = "Not at all" }, { code = "yes", value = 10, label = "Fully" }]
[[band]]
score = "total"
min = 0
max = 4.9
id = "poor"
label = "Poor sleep"
source = "invented"
[[band]]
score = "total"
min = 5.0
max = 10
id = "good"
label = "Good sleep"
source = "invented"
"""


@pytest.fixture
def env(env: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    """A clinic that dropped a file of its own into its state folder."""
    folder = tmp_path / "var" / "instruments"
    folder.mkdir(parents=True)
    (folder / "sleep3.toml").write_text(INVENTED)
    return {**env, "CLINIC_STATE_FOLDER": str(tmp_path / "var")}


def test_dropped_in_file_scores(env: Mapping[str, str]) -> None:
    runner = create_app(env).test_cli_runner()
    assert "sleep3" in runner.invoke(args=["instruments", "list"]).output.split()
    line = json.dumps({"answers": {"hours": 7, "rested": "no"}})
    told = json.loads(runner.invoke(args=["instruments", "score", "sleep3"], input=line).output)
    assert told == {"complete": True, "scores": {"total": 3.5}, "bands": {"total": "poor"}, "flags": []}


def test_dropped_in_file_has_its_page(therapist: FlaskClient, patient_id: UUID) -> None:
    page = therapist.get(f"/patients/{patient_id}/instruments/sleep3").text
    for shown in (
        "Three Questions on Sleep",
        "How many hours did you sleep?",
        "Fully",
        "By nobody in particular.",
    ):
        assert shown in page
    listed = therapist.get(f"/patients/{patient_id}/instruments").text
    assert "Sleep-3" in listed
