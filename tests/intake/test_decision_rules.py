"""C4.7: how a plan compares with the recommendation, and whose signature it needs."""

import pytest

from clinic.intake.rules.decision import (
    Comparison,
    DecisionKind,
    Plan,
    compare,
    needs_countersign,
    needs_reason,
)
from clinic.intake.rules.rows import Medication, Outcome

DETOX, INPATIENT, OUTPATIENT = Outcome.DETOX, Outcome.INPATIENT, Outcome.OUTPATIENT
AGONIST = Medication.AGONIST
COMPARED = {
    "the same": (Plan(DETOX, INPATIENT), Plan(DETOX, INPATIENT), False, Comparison.SAME),
    "a higher level": (Plan(OUTPATIENT), Plan(INPATIENT), False, Comparison.MORE),
    "hospital over detox": (Plan(DETOX), Plan(Outcome.HOSPITAL), False, Comparison.MORE),
    "inpatient added after detox": (Plan(DETOX), Plan(DETOX, INPATIENT), False, Comparison.MORE),
    "a lower level": (Plan(INPATIENT), Plan(OUTPATIENT), False, Comparison.LESS),
    "inpatient after detox left out": (
        Plan(DETOX, INPATIENT), Plan(DETOX, OUTPATIENT), False, Comparison.LESS,
    ),
    "detox over a hospital": (Plan(Outcome.HOSPITAL), Plan(DETOX), False, Comparison.LESS),
    "medication added": (Plan(OUTPATIENT), Plan(OUTPATIENT, None, AGONIST), False, Comparison.MORE),
    "medication left out": (Plan(OUTPATIENT, None, AGONIST), Plan(OUTPATIENT), False, Comparison.LESS),
    "medication left out at a higher level": (
        Plan(OUTPATIENT, None, AGONIST), Plan(INPATIENT), False, Comparison.LESS,
    ),
    "pregnant, detox instead of inpatient": (
        Plan(INPATIENT, None, AGONIST), Plan(DETOX, None, AGONIST), True, Comparison.LESS,
    ),
    "nothing recommended": (Plan(Outcome.INCOMPLETE), Plan(OUTPATIENT), False, Comparison.OPEN),
    "a clinician's review": (Plan(Outcome.CLINICIAN_REVIEW), Plan(DETOX), False, Comparison.OPEN),
}  # fmt: skip


@pytest.mark.parametrize(("recommended", "plan", "pregnant", "wanted"), COMPARED.values(), ids=COMPARED)
def test_comparison(recommended: Plan, plan: Plan, pregnant: bool, wanted: Comparison) -> None:
    assert compare(recommended, plan, pregnant_row=pregnant) is wanted


@pytest.mark.parametrize("comparison", Comparison)
def test_clinicians_decide_alone_and_coordinators_what_protects(comparison: Comparison) -> None:
    clinicians = {"prescriber", "supervisor"}
    assert not needs_countersign(comparison, "prescriber", clinicians)
    waits = comparison in (Comparison.LESS, Comparison.OPEN)
    assert needs_countersign(comparison, "coordinator", clinicians) is waits
    assert needs_countersign(comparison, "therapist", clinicians) is waits
    assert not needs_countersign(comparison, "therapist", {*clinicians, "therapist"})


def test_whatever_differs_says_why() -> None:
    assert not needs_reason(Comparison.SAME, DecisionKind.ACCEPTED)
    for comparison in (Comparison.MORE, Comparison.LESS, Comparison.OPEN):
        assert needs_reason(comparison, DecisionKind.OTHER)
