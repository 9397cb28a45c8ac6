"""Scoring by the files: their own worked cases, the README's table, what always holds."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clinic.instruments.queries import SHIPPED, read_folder
from clinic.instruments.rules import (
    Incomplete,
    Instrument,
    Item,
    Scored,
    asked_for,
    change,
    curve,
    parse,
    running,
    score,
)
from clinic.instruments.rules.scoring import Answers, Context

INSTRUMENTS = read_folder(SHIPPED)
FILES = sorted(SHIPPED.glob("*.toml"))
COWS_ZERO = {item.id: "0" for item in INSTRUMENTS["cows"].items}
OUD_NONE = {item.id: "no" for item in INSTRUMENTS["oud_dsm5"].items}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_worked_cases_of_the_file(file: Path) -> None:
    cases = tomllib.loads(file.read_text())["case"]
    found = {
        case["name"]: score(INSTRUMENTS[file.stem], case["answers"], case.get("context", {}))
        for case in cases
    }
    assert found == {
        case["name"]: Scored(case["scores"], case["bands"], tuple(sorted(case["flags"]))) for case in cases
    }
    bands = {(scale, band) for case in cases for scale, band in case["bands"].items()}
    assert bands == {(band.scale, band.id) for band in INSTRUMENTS[file.stem].bands}


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


SUPERVISED = {"solely_under_medical_supervision": True}
NAMES = sorted(INSTRUMENTS)
EACH = settings(max_examples=15)


def _legal(instrument: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    """A whole form: every required item answered by a code or a number, those skipped left out."""

    def answer(item: Item) -> st.SearchStrategy[str | int]:
        return st.sampled_from([o.code for o in item.options] or range(item.low, item.high + 1))

    def asked(answers: dict[str, Any]) -> dict[str, Any]:
        out = {item for skip in instrument.skips if answers[skip.item] == skip.code for item in skip.items}
        return {item: code for item, code in answers.items() if item not in out}

    every = {item.id: answer(item) for item in instrument.items if item.required}
    return st.fixed_dictionaries(every).map(asked)


def _scored(instrument: Instrument, answers: Answers) -> Scored:
    result = score(instrument, answers, SUPERVISED)
    assert isinstance(result, Scored)
    return result


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_a_whole_form_scores_within_its_range_in_any_order(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    answers = data.draw(_legal(instrument))
    result = _scored(instrument, answers)
    assert result.bands.keys() == {band.scale for band in instrument.bands}
    for scale in instrument.scales:
        assert scale.low <= result.scores[scale.id] <= scale.high
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))
    assert _scored(instrument, shuffled) == result


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_one_answer_with_more_points_lowers_no_score(name: str, data: st.DataObject) -> None:
    """Every published method is monotone: reversal stands in the points already (DAST-10 `d3`)."""
    instrument = INSTRUMENTS[name]
    answers = data.draw(_legal(instrument))
    item = instrument.item(data.draw(st.sampled_from(sorted(answers))))
    points = item.points(answers[item.id])
    assert points is not None
    more = [o.code for o in item.options if o.points >= points] or range(points, item.high + 1)
    worse = answers | {item.id: data.draw(st.sampled_from(more))}
    assume(not any(skip.item == item.id for skip in instrument.skips))  # another answer asks other questions
    before, after = _scored(instrument, answers).scores, _scored(instrument, worse).scores
    assert all(after[scale] >= before[scale] for scale in before)


@pytest.mark.parametrize("name", NAMES)
@EACH
@given(data=st.data())
def test_an_unfinished_form_has_no_score_and_its_span_holds(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    answers = data.draw(_legal(instrument))
    whole = _scored(instrument, answers)
    for span in running(instrument, answers, SUPERVISED).spans:
        assert span.least == span.most == whole.scores[span.scale.id]
    gone = data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1))
    part = {item: code for item, code in answers.items() if item not in gone}
    result = score(instrument, part, SUPERVISED)
    assert isinstance(result, Incomplete)
    assert gone <= result.errors.keys()
    assert set(result.flags) <= set(whole.flags)
    for span in running(instrument, part, SUPERVISED).spans:
        assert span.least <= whole.scores[span.scale.id] <= span.most


SKIPPING = sorted(name for name, instrument in INSTRUMENTS.items() if instrument.skips)


@pytest.mark.parametrize("name", SKIPPING)
@EACH
@given(data=st.data())
def test_a_skipped_item_counts_nothing_and_takes_no_answer(name: str, data: st.DataObject) -> None:
    instrument = INSTRUMENTS[name]
    skip = data.draw(st.sampled_from(instrument.skips))
    others = {id_: code for id_, code in data.draw(_legal(instrument)).items() if id_ not in skip.items}
    answers = others | {skip.item: skip.code}
    item = instrument.item(data.draw(st.sampled_from(skip.items)))
    result = score(instrument, answers | {item.id: item.options[0].code}, {})
    assert isinstance(result, Incomplete)
    assert list(result.errors) == [item.id]
    assert running(instrument, answers, {}).points[item.id] == 0


def test_what_an_open_item_leaves_open() -> None:
    assert _incomplete("phq9", {"q1": "3"}).open == ("suicide_risk_followup",)
    assert _incomplete("phq9", {"q9": "0"}).open == ()
    assert _incomplete("ciwa_ar", {"tactile": "0", "auditory": "4"}).open == ()  # stands already


def test_a_flag_for_all_but_one_score_waits_until_that_one_is_out_of_reach() -> None:
    text = (SHIPPED / "gad2.toml").read_text()
    assert 'op = ">="' in text
    gad2 = parse(text.partition("[[case]]")[0].replace('op = ">="', 'op = "!="'))
    assert score(gad2, {"q1": "1"}, {}).flags == ()  # may still become 3
    assert score(gad2, {"q1": "1", "q2": "1"}, {}).flags == ("give_gad7",)
    assert score(gad2, {"q1": "1", "q2": "2"}, {}).flags == ()


def test_change_is_of_the_unrounded_score() -> None:
    peg = INSTRUMENTS["peg"]
    before, after = ({"pain": n, "enjoyment": 5, "activity": 5} for n in (5, 3))
    moved = change(peg, peg.scales[0], (before, {}), (after, {}))
    assert moved is not None
    assert (moved.by, moved.percent, moved.words) == (-0.7, -13, "0.7 lower")
    assert change(peg, peg.scales[0], ({}, {}), (after, {})) is None


READINGS = {0: 0, 80: 0, 81: 1, 100: 1, 101: 2, 120: 2, 121: 4, 250: 4}


def test_points_of_a_pulse_are_those_of_the_sheet() -> None:
    measure = INSTRUMENTS["cows"].item("pulse").measure
    assert measure is not None
    assert measure.unit == "beats per minute"
    assert {reading: measure.points(reading) for reading in READINGS} == READINGS


def test_one_scale_asks_for_another_by_its_name() -> None:
    asked = {
        (name, other)
        for name, instrument in INSTRUMENTS.items()
        for other in asked_for(INSTRUMENTS, name, [flag.id for flag in instrument.flags])
    }
    assert asked == {
        ("phq2", "phq9"), ("gad2", "gad7"), ("phq9", "cssrs_screener"), ("hrqol4", "phq9"),
        ("taps1", "audit_c"), ("taps1", "dast10"),
    }  # fmt: skip


STAFF_ONLY = {"sows", "dast10", "oud_dsm5", "cssrs_screener", "barc10"}
SELF_REPORT = {
    "phq9",
    "gad7",
    "audit_c",
    "pc_ptsd5",
    "taps1",
    "phq2",
    "gad2",
    "peg",
    "hrqol4",
    "craving_nrs",
    "bam",
}


def test_who_may_read_a_scale_is_what_its_licence_says() -> None:
    assert {name for name, one in INSTRUMENTS.items() if one.staff_only} == STAFF_ONLY
    assert {name for name, one in INSTRUMENTS.items() if one.for_patients} == SELF_REPORT
    for name in STAFF_ONLY:
        assert all(item.paraphrase for item in INSTRUMENTS[name].items)


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 48)), min_size=2, max_size=30))
def test_a_curve_stays_in_its_box_and_rises_with_the_score(values: list[tuple[int, int]]) -> None:
    cows = INSTRUMENTS["cows"]
    dated = sorted((NOON + timedelta(minutes=minutes), float(value)) for minutes, value in values)
    drawn = curve(cows.scales[0], cows.bands, dated)
    assert all(26 <= x <= 310 and 8 <= y <= 126 for x, y in drawn.points)
    by_score = sorted((value, -y) for (_, value), (_, y) in zip(dated, drawn.points, strict=True))
    assert by_score == sorted(by_score, key=lambda pair: pair[1])
    assert sum(zone.height for zone in drawn.zones) == pytest.approx(118)
