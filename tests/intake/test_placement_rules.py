"""C4.4 by its table: one case a row, the pairs it names, and what must hold for every input."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.intake.rules.findings import (
    KEYS,
    PREFERENCES,
    SEVERITIES,
    SUBSTANCES,
    Findings,
    Use,
    missing,
    plain,
    read,
)
from clinic.intake.rules.placement import ORDER, recommend
from clinic.intake.rules.rows import Outcome

HEROIN = (Use("heroin", 19),)
# Everything known and harmless; no row fires but O3.
CALM = Findings(
    substances=(), cows=8, alcohol_daily=False, benzodiazepine_daily=False, withdrawal_seizure_history=False,
    pregnant=False, suicidal_ideation=False, conscious=True, chest_pain=False, seizure_now=False,
    psychosis=False, violent_intent=False, unstable_illness=False, vomiting_or_dehydrated=False,
    safe_housing=True, sober_support=False, preference="none",
)  # fmt: skip

ROW_CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "E1 not awake": ("E1", {"conscious": False}, "emergency"),
    "E1 breathing 9": ("E1", {"respiratory_rate": 9}, "emergency"),
    "E1 oxygen 89": ("E1", {"spo2": 89}, "emergency"),
    "E1 seizure now": ("E1", {"seizure_now": True}, "emergency"),
    "E1 chest pain": ("E1", {"chest_pain": True}, "emergency"),
    "E2 plan": ("E2", {"suicidal_ideation": True, "suicide_plan_or_intent": True}, "emergency"),
    "E2 plan though thoughts denied": ("E2", {"suicide_plan_or_intent": True}, "emergency"),
    "E2 attempt with thoughts": (
        "E2",
        {"suicidal_ideation": True, "suicide_plan_or_intent": False, "suicide_attempt_3_months": True},
        "emergency",
    ),
    "E3 psychosis": ("E3", {"psychosis": True}, "emergency"),
    "E3 violence": ("E3", {"violent_intent": True}, "emergency"),
    "H1": ("H1", {"unstable_illness": True}, "hospital"),
    "H2 alcohol": (
        "H2", {"withdrawal_seizure_history": True, "alcohol_daily": True, "drinks_per_day": 2}, "detox",
    ),
    "H2 benzodiazepine": ("H2", {"withdrawal_seizure_history": True, "benzodiazepine_daily": True}, "detox"),
    "D1 eight drinks": ("D1", {"alcohol_daily": True, "drinks_per_day": 8}, "detox"),
    "D1 CIWA 10": ("D1", {"ciwa": 10}, "detox"),
    "D1 benzodiazepine with opioid": ("D1", {"benzodiazepine_daily": True, "substances": HEROIN}, "detox"),
    "D2 COWS 25": ("D2", {"cows": 25}, "detox"),
    "D2 dried out": ("D2", {"vomiting_or_dehydrated": True}, "detox"),
    "D3 no support": ("D3", {"cows": 13}, "detox"),
    "D3 no safe place": ("D3", {"cows": 24, "sober_support": True, "safe_housing": False}, "detox"),
    "D3 start that did not hold": (
        "D3", {"cows": 20, "sober_support": True, "failed_outpatient_start": True}, "detox",
    ),
    "D4 heroin 10 days ago": (
        "D4", {"wants_naltrexone": True, "cows": 0, "substances": (Use("heroin", 240),)}, "detox",
    ),
    "D4 methadone 14 days ago": (
        "D4", {"wants_naltrexone": True, "cows": 0, "substances": (Use("methadone", 336),)}, "detox",
    ),
    "D4 COWS 5": ("D4", {"wants_naltrexone": True, "cows": 5}, "detox"),
    "P1": ("P1", {"pregnant": True, "substances": HEROIN}, "clinician_review"),
    "I1": ("I1", {"safe_housing": False}, "inpatient"),
    "I2": ("I2", {"returns_to_use_12_months": 2, "overdose_12_months": True}, "inpatient"),
    "I3 moderate": ("I3", {"psychiatric_severity": "moderate"}, "inpatient"),
    "I3 severe": ("I3", {"psychiatric_severity": "severe"}, "inpatient"),
    "O1": ("O1", {"wants_medication": True, "substances": HEROIN}, "outpatient"),
    "O2": ("O2", {"cows": 4, "sober_support": True}, "outpatient"),
    "O3": ("O3", {}, "clinician_review"),
    "X1": ("X1", {"safe_housing": False, "preference": "outpatient"}, "inpatient"),
    "M1": ("M1", {"substances": HEROIN}, "clinician_review"),
    "M2 overdose": ("M2", {"overdose_12_months": True}, "clinician_review"),
    "M2 released": ("M2", {"released_4_weeks": True}, "clinician_review"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "change", "outcome"), ROW_CASES.values(), ids=ROW_CASES)
def test_row_fires_with_its_reason(row: str, change: dict[str, Any], outcome: str) -> None:
    found = recommend(replace(CALM, **change))
    assert found.outcome == outcome
    assert row in [fired.id for fired in found.rows]
    assert all(fired.text for fired in found.rows)


NOT_FIRED = {
    "E1 breathing 10, oxygen 90": ("E1", {"respiratory_rate": 10, "spo2": 90}),
    "E2 attempt without thoughts": ("E2", {"suicide_attempt_3_months": True}),
    "E2 thoughts alone": (
        "E2", {"suicidal_ideation": True, "suicide_plan_or_intent": False, "suicide_attempt_3_months": False},
    ),
    "H2 nothing daily": ("H2", {"withdrawal_seizure_history": True}),
    "D1 seven drinks": ("D1", {"alcohol_daily": True, "drinks_per_day": 7.9}),
    "D1 CIWA 9": ("D1", {"ciwa": 9}),
    "D1 benzodiazepine without opioid": ("D1", {"benzodiazepine_daily": True}),
    "D2 COWS 24": ("D2", {"cows": 24}),
    "D3 COWS 12": ("D3", {"cows": 12}),
    "D4 heroin past 10 days": (
        "D4", {"wants_naltrexone": True, "cows": 4, "substances": (Use("heroin", 240.5),)},
    ),
    "P1 without opioid": ("P1", {"pregnant": True}),
    "I2 one return": ("I2", {"returns_to_use_12_months": 1, "overdose_12_months": True}),
    "I3 mild": ("I3", {"psychiatric_severity": "mild"}),
    "O1 nowhere to stay": ("O1", {"wants_medication": True, "substances": HEROIN, "safe_housing": False}),
    "O2 COWS 5": ("O2", {"cows": 5, "sober_support": True}),
    "X1 the same track": ("X1", {"safe_housing": False, "preference": "inpatient"}),
    "X1 in an emergency": ("X1", {"chest_pain": True, "preference": "outpatient"}),
    "M1 medication wanted": ("M1", {"substances": HEROIN, "wants_medication": True}),
}  # fmt: skip


@pytest.mark.parametrize(("row", "change"), NOT_FIRED.values(), ids=NOT_FIRED)
def test_row_stays_silent_beside_its_limit(row: str, change: dict[str, Any]) -> None:
    assert row not in [fired.id for fired in recommend(replace(CALM, **change)).rows]


WANTS = {"wants_medication": True, "substances": HEROIN}
PAIRS: dict[str, tuple[dict[str, Any], str, str | None, str | None]] = {
    "E2 and O1": ({**WANTS, "suicide_plan_or_intent": True}, "emergency", None, "agonist"),
    "E1 and H1": ({"chest_pain": True, "unstable_illness": True}, "emergency", None, None),
    "H1 and D2": ({"unstable_illness": True, "cows": 30}, "hospital", None, None),
    "D2 and I1": ({"cows": 26, "safe_housing": False}, "detox", "inpatient", None),
    "H2 alone": (
        {"withdrawal_seizure_history": True, "benzodiazepine_daily": True}, "detox", None, None,
    ),
    "P1 and D2": ({"pregnant": True, "cows": 27, "substances": HEROIN}, "inpatient", None, "agonist"),
    "P1, D2 and I1": (
        {"pregnant": True, "cows": 27, "substances": HEROIN, "safe_housing": False},
        "inpatient", None, "agonist",
    ),
    "P1 and D4": (
        {"pregnant": True, "wants_naltrexone": True, "substances": HEROIN}, "inpatient", None, "agonist",
    ),
    "P1 and E1": ({"pregnant": True, "substances": HEROIN, "conscious": False}, "emergency", None, "agonist"),
    "D3 and O1": ({**WANTS, "cows": 14}, "detox", None, "agonist"),
    "I2 and O1": (
        {**WANTS, "returns_to_use_12_months": 3, "overdose_12_months": True}, "inpatient", None, "agonist",
    ),
    "D4 over a wish for medication": ({**WANTS, "wants_naltrexone": True}, "detox", None, "naltrexone"),
    "a wish for medication without an opioid": ({"wants_medication": True}, "clinician_review", None, None),
    "COWS not done, with a reason": (
        {**WANTS, "cows": None, "cows_not_done": "Left"}, "clinician_review", None, "agonist",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "outcome", "then", "medication"), PAIRS.values(), ids=PAIRS)
def test_ties_and_joint_results(
    change: dict[str, Any], outcome: str, then: str | None, medication: str | None
) -> None:
    found = recommend(replace(CALM, **change))
    assert found.complete
    assert (found.outcome, found.then, found.medication) == (outcome, then, medication)


def test_pregnant_in_severe_withdrawal_is_told_so_first() -> None:
    messages = recommend(replace(CALM, pregnant=True, cows=27, substances=HEROIN)).messages
    assert "no detox and no taper" in messages[0]


def test_pregnant_with_daily_benzodiazepine_gets_medical_cover() -> None:
    change: dict[str, Any] = {"pregnant": True, "benzodiazepine_daily": True, "substances": HEROIN}
    messages = recommend(replace(CALM, **change)).messages
    assert any("medical cover for sedative withdrawal" in text for text in messages)


ALTERNATIVES = {
    "I1": ({"safe_housing": False}, "recovery housing"),
    "I3": ({"psychiatric_severity": "severe"}, "psychiatry within 7 days"),
    "H2": ({"withdrawal_seizure_history": True, "benzodiazepine_daily": True}, "hospital, where available"),
    "X1": ({"safe_housing": False, "preference": "detox"}, "informed refusal"),
    "M1": ({"substances": HEROIN}, "Was medication offered?"),
    "M2": ({"released_4_weeks": True}, "naloxone"),
}


@pytest.mark.parametrize(("change", "words"), ALTERNATIVES.values(), ids=ALTERNATIVES)
def test_messages_list_alternatives(change: dict[str, Any], words: str) -> None:
    assert any(words in text for text in recommend(replace(CALM, **change)).messages)


def test_no_lighter_alternative_where_severe_withdrawal_keeps_her_inpatient() -> None:
    change: dict[str, Any] = {"pregnant": True, "cows": 27, "substances": HEROIN, "safe_housing": False}
    found = recommend(replace(CALM, **change))
    assert not any("recovery housing" in text for text in found.messages)


def test_emergency_with_everything_else_unknown() -> None:
    found = recommend(Findings(conscious=False))
    assert (found.outcome, found.complete) == (Outcome.EMERGENCY, False)
    assert "chest_pain" in found.missing


NEEDED = sorted(set(missing(Findings())))


@pytest.mark.parametrize("key", [key for key in NEEDED if not key.startswith("suicide_")])
def test_one_unknown_of_the_minimum_is_no_recommendation(key: str) -> None:
    outpatient: dict[str, Any] = {"cows": 4, "sober_support": True}
    assert recommend(replace(CALM, **outpatient)).outcome is Outcome.OUTPATIENT
    found = recommend(replace(CALM, **{**outpatient, key: None}))
    assert found.outcome is Outcome.INCOMPLETE
    assert key in found.missing


def test_unknown_plan_is_missing_unless_thoughts_are_denied() -> None:
    assert missing(CALM) == []
    assert missing(replace(CALM, suicidal_ideation=True)) == [
        "suicide_plan_or_intent",
        "suicide_attempt_3_months",
    ]


def test_daily_alcohol_needs_drinks_or_a_scale() -> None:
    assert missing(replace(CALM, alcohol_daily=True)) == ["ciwa", "drinks_per_day"]
    assert missing(replace(CALM, alcohol_daily=True, ciwa=3)) == []


def test_substance_without_hours_is_missing() -> None:
    assert missing(replace(CALM, substances=(Use("cannabis"),))) == ["substances"]


number = st.floats(0, 1000, allow_nan=False)
BY_KEY: dict[str, st.SearchStrategy[Any]] = {
    "substances": st.lists(st.builds(Use, st.sampled_from(SUBSTANCES), st.none() | number), max_size=3).map(
        tuple
    ),
    "cows": st.integers(0, 48),
    "cows_not_done": st.text(max_size=5),
    "ciwa": st.integers(0, 67),
    "drinks_per_day": number,
    "respiratory_rate": st.integers(0, 60),
    "spo2": st.integers(0, 100),
    "returns_to_use_12_months": st.integers(0, 5),
    "psychiatric_severity": st.sampled_from(SEVERITIES),
    "preference": st.sampled_from(PREFERENCES),
}
known = {field.name: BY_KEY.get(field.name, st.booleans()) for field in fields(Findings)}
findings = st.builds(Findings, **{key: st.none() | strategy for key, strategy in known.items()})
complete = st.builds(Findings, **known)
# Rows that a further known answer never takes back. I3, O1 and O2 rest on what is denied, O3, X1 and M1 on
# what others gave.
STANDING = frozenset(ORDER) - {"I3", "O1", "O2", "O3", "X1", "M1"}


@given(findings)
def test_every_input_has_one_outcome(found: Findings) -> None:
    answer = recommend(found).plain()
    assert answer["outcome"] in {outcome.value for outcome in Outcome}
    assert answer["then"] in (None, "inpatient")
    assert answer["complete"] == (not answer["missing"])
    ids = [row["id"] for row in answer["rows"]]
    assert ids == sorted(ids, key=ORDER.index)


@given(findings)
def test_incomplete_recommends_nothing_but_what_an_urgent_row_asks(found: Findings) -> None:
    answer = recommend(found)
    urgent = [row.id for row in answer.rows if row.id[0] in "EHD"]
    if not answer.complete:
        assert (answer.outcome is Outcome.INCOMPLETE) == (not urgent)


@given(complete, st.sets(st.sampled_from(sorted(KEYS))))
def test_knowing_more_never_silences_a_standing_row(found: Findings, forgotten: set[str]) -> None:
    less = replace(found, **dict.fromkeys(forgotten))
    before = {row.id for row in recommend(less).rows} & STANDING
    assert before <= {row.id for row in recommend(found).rows}


@given(complete, st.sets(st.sampled_from(sorted(KEYS))))
def test_unknown_never_ends_in_a_lighter_level(found: Findings, forgotten: set[str]) -> None:
    """With answers left out there is the same emergency, or a level that asks for more care, or no level."""
    whole, less = recommend(found), recommend(replace(found, **dict.fromkeys(forgotten)))
    if not less.complete and less.outcome is not Outcome.INCOMPLETE:
        lighter = (Outcome.OUTPATIENT, Outcome.CLINICIAN_REVIEW)
        assert less.outcome not in lighter
        assert whole.outcome not in lighter


@given(findings)
def test_findings_survive_as_plain_data(found: Findings) -> None:
    assert read(plain(found)) == found
