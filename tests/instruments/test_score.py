"""Scoring by the files: their own worked cases, the README's table, what always holds."""

import tomllib
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.instruments.queries import SHIPPED, read_folder
from clinic.instruments.rules import Incomplete, Instrument, Item, Scored, running, score
from clinic.instruments.rules.scoring import Answers, Context

INSTRUMENTS = read_folder(SHIPPED)
FILES = sorted(SHIPPED.glob("*.toml"))
CASES = [(file.stem, case) for file in FILES for case in tomllib.loads(file.read_text())["case"]]
COWS_ZERO = {item.id: "0" for item in INSTRUMENTS["cows"].items}
OUD_NONE = {item.id: "no" for item in INSTRUMENTS["oud_dsm5"].items}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES])
def test_worked_case_of_the_file(name: str, case: dict[str, object]) -> None:
    result = score(INSTRUMENTS[name], case["answers"], case.get("context", {}))  # type: ignore[arg-type]
    assert isinstance(result, Scored)
    assert (result.scores, result.bands) == (case["scores"], case["bands"])
    assert result.flags == tuple(sorted(case["flags"]))  # type: ignore[call-overload]


def test_every_file_is_there() -> None:
    assert len(INSTRUMENTS) == len(FILES) == 18
    assert all(file.stem == name for file, name in zip(FILES, INSTRUMENTS, strict=True))


def _incomplete(name: str, answers: Answers, context: Context = MappingProxyType({})) -> Incomplete:
    result = score(INSTRUMENTS[name], answers, context)
    assert isinstance(result, Incomplete)
    return result


BAD = {
    "COWS has no 3 for pulse": ("cows", COWS_ZERO | {"pulse": 3}, "pulse"),
    "COWS has no 2 for restlessness": ("cows", COWS_ZERO | {"restlessness": "2"}, "restlessness"),
    "null is no answer": ("cows", COWS_ZERO | {"gi": None}, "gi"),
    "an unknown item": ("cows", COWS_ZERO | {"pulze": "0"}, "pulze"),
    "an unknown item without answer": ("cows", COWS_ZERO | {"pulze": None}, "pulze"),
    "true is no answer": ("dast10", {f"d{n}": "no" for n in range(1, 11)} | {"d1": True}, "d1"),
    "a list is no answer": ("gad2", {"q1": ["1"], "q2": 0}, "q1"),
    "an object is no answer": ("gad2", {"q1": {}, "q2": 0}, "q1"),
    "not a number": ("peg", {"pain": float("nan"), "enjoyment": 1, "activity": 1}, "pain"),
    "infinite": ("peg", {"pain": float("inf"), "enjoyment": 1, "activity": 1}, "pain"),
    "above the range": ("peg", {"pain": 11, "enjoyment": 1, "activity": 1}, "pain"),
    "below the range": ("peg", {"pain": -1, "enjoyment": 1, "activity": 1}, "pain"),
    "half a number": ("peg", {"pain": 2.5, "enjoyment": 1, "activity": 1}, "pain"),
    "a whole number has no code": ("peg", {"pain": "2", "enjoyment": 1, "activity": 1}, "pain"),
    "an answer to a skipped item": ("audit_c", {"frequency": "0", "quantity": "1"}, "quantity"),
    "an optional item with a code it lacks": (
        "phq9", {f"q{n}": "0" for n in range(1, 10)} | {"difficulty": "9"}, "difficulty"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "answers", "item"), BAD.values(), ids=BAD)
def test_one_entry_for_what_cannot_stand(name: str, answers: dict[str, object], item: str) -> None:
    assert list(_incomplete(name, answers).errors) == [item]


def test_item_9_alone_is_told() -> None:
    result = _incomplete("phq9", {"q9": 1})
    assert list(result.errors) == [f"q{n}" for n in range(1, 9)]
    assert result.flags == ("suicide_risk_followup",)


def test_a_flag_never_rests_on_an_illegal_answer() -> None:
    assert _incomplete("phq9", {"q9": 4}).flags == ()
    assert _incomplete("ciwa_ar", {"visual": 8}).flags == ()
    assert _incomplete("ciwa_ar", {"visual": 4}).flags == ("hallucinations",)


def test_points_and_codes_are_the_same_answer() -> None:
    by_code = score(INSTRUMENTS["gad2"], {"q1": "1", "q2": "2"}, {})
    assert by_code == score(INSTRUMENTS["gad2"], {"q1": 1, "q2": 2.0}, {})
    reversed_item = {f"d{n}": 0 for n in range(1, 11)} | {"d3": 1}  # points: answered No
    result = score(INSTRUMENTS["dast10"], reversed_item, {})
    assert isinstance(result, Scored)
    assert result.scores == {"total": 1}


def test_unknown_context_is_never_read_as_no() -> None:
    drinks = {"frequency": "3", "quantity": "0", "binge": "0"}
    result = score(INSTRUMENTS["audit_c"], drinks, {})
    assert isinstance(result, Scored)
    assert result.bands == {"total": "positive"}  # the lower cut-off
    assert list(_incomplete("audit_c", drinks, {"sex": "other"}).errors) == ["context.sex"]
    for unclear in (
        {},
        {"solely_under_medical_supervision": None},
        {"solely_under_medical_supervision": "no"},
    ):
        errors = _incomplete("oud_dsm5", OUD_NONE, unclear).errors
        assert list(errors) == ["context.solely_under_medical_supervision"]
    craves = _incomplete("oud_dsm5", OUD_NONE | {"craving": "yes"})
    assert craves.flags == ("craving_present",)


def _legal(instrument: Instrument) -> st.SearchStrategy[dict[str, object]]:
    def answer(item: Item) -> st.SearchStrategy[object]:
        return st.sampled_from([o.code for o in item.options] or range(item.low, item.high + 1))

    return st.fixed_dictionaries({item.id: answer(item) for item in instrument.items if item.required})


FREE = sorted(name for name, instrument in INSTRUMENTS.items() if not instrument.skips)
SUPERVISED = {"solely_under_medical_supervision": True}


@given(st.sampled_from(FREE), st.data())
def test_complete_answers_score_within_the_range_in_any_order(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    answers = data.draw(_legal(instrument))
    result = score(instrument, answers, SUPERVISED)
    assert isinstance(result, Scored)
    assert result.bands.keys() == result.scores.keys()
    for scale in instrument.scales:
        assert scale.low <= result.scores[scale.id] <= scale.high
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    assert score(instrument, shuffled, SUPERVISED) == result


@given(st.sampled_from(FREE), st.data())
def test_missing_answers_stay_inside_the_span_that_was_shown(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    answers = data.draw(_legal(instrument))
    part = {item: answers[item] for item in data.draw(st.sets(st.sampled_from(sorted(answers))))}
    whole = score(instrument, answers, SUPERVISED)
    assert isinstance(whole, Scored)
    for span in running(instrument, part, SUPERVISED).spans:
        assert span.least <= whole.scores[span.scale.id] <= span.most
        assert span.answered == len(part.keys() & set(span.scale.items) - _uncounted(instrument))
    assert set(score(instrument, part, SUPERVISED).flags) <= set(whole.flags)


def _uncounted(instrument: Instrument) -> set[str]:
    return {item for s in instrument.scales if s.exclusion for item in s.exclusion.items}
