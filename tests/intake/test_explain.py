"""`flask placement explain` by its contract (C4.6)."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from clinic.intake.rules.findings import KEYS, Unreadable, read
from clinic.intake.rules.schema import MEANING, schema

OUTPUT = {"outcome", "then", "medication", "rows", "messages", "missing", "complete", "version"}
PUBLISHED = Path(__file__).parents[2] / "docs/clinical/placement.schema.json"


def explain(runner: FlaskCliRunner, *lines: str | bytes) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, what was printed line by line, and what was said on standard error."""
    data = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    done = runner.invoke(args=["placement", "explain"], input=data)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_one_answer_a_line_with_all_keys(runner: FlaskCliRunner) -> None:
    code, answers, _ = explain(runner, '{"conscious": false}', "{}", '{"cows": 26, "pregnant": null}')
    assert code == 0
    assert [answer["outcome"] for answer in answers] == ["emergency", "incomplete", "detox"]
    assert all(set(answer) == OUTPUT for answer in answers)
    assert answers[0]["rows"] == [{"id": "E1", "reason": "Life threat: not awake and answering"}]
    assert answers[1]["version"] == "v1"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"mood": 3}, "mood"),
    "text for a flag": ({"pregnant": "no"}, "pregnant"),
    "a flag for a number": ({"cows": True}, "cows"),
    "out of range": ({"cows": 49}, "cows"),
    "half a point": ({"ciwa": 3.5}, "ciwa"),
    "negative": ({"drinks_per_day": -1}, "drinks_per_day"),
    "unknown substance": ({"substances": [{"substance": "tea"}]}, "substances"),
    "unknown key of a use": ({"substances": [{"substance": "heroin", "route": "iv"}]}, "substances"),
    "a use that is a text": ({"substances": ["heroin"]}, "substances"),
    "no list": ({"substances": {}}, "substances"),
    "unknown track": ({"preference": "spa"}, "preference"),
}


@pytest.mark.parametrize(("line", "key"), WRONG.values(), ids=WRONG)
def test_line_that_breaks_the_contract_says_why(
    runner: FlaskCliRunner, line: dict[str, Any], key: str
) -> None:
    code, (answer, following), _ = explain(runner, json.dumps(line), "{}")
    assert code == 0
    assert set(answer) == {"complete", "outcome", "errors"}
    assert (answer["complete"], answer["outcome"], list(answer["errors"])) == (False, None, [key])
    assert following["outcome"] == "incomplete"


@pytest.mark.parametrize("line", ["[1]", "null", "cows 12", "", '{"cows": 12', b"\xff\xfe", "[" * 100_000])
def test_line_that_is_no_object_ends_the_command(runner: FlaskCliRunner, line: str | bytes) -> None:
    code, answers, said = explain(runner, "{}", line, "{}")
    assert code == 2
    assert len(answers) == 1
    assert said.strip() == "Line 2 is not a JSON object."


def test_whole_numbers_written_with_a_point_are_whole(runner: FlaskCliRunner) -> None:
    _, (answer,), _ = explain(runner, '{"cows": 26.0}')
    assert answer["rows"][0]["reason"] == "Severe withdrawal: COWS 26"


def test_help_and_docs_carry_the_schema(runner: FlaskCliRunner) -> None:
    shown = runner.invoke(args=["placement", "explain", "--help"]).output
    assert json.loads(shown[shown.index("{\n") :]) == schema()
    assert json.loads(PUBLISHED.read_text()) == schema()
    assert set(MEANING) == set(KEYS)
    Draft202012Validator.check_schema(schema())


value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 110),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["detox", "none", "severe", "heroin", ""]),
    st.just([]),
    st.just([{"substance": "heroin", "last_use_hours": 19}]),
    st.just([{"substance": "heroin", "last_use_hours": -1}]),
)


@given(st.dictionaries(st.sampled_from([*KEYS, "mood"]), value, max_size=6))
def test_schema_and_reader_agree(line: dict[str, Any]) -> None:
    try:
        read(line)
    except Unreadable as error:
        broken = set(error.errors)
    else:
        broken = set()
    errors = Draft202012Validator(schema()).iter_errors(line)
    assert bool(broken) == bool(list(errors))
