"""Who decides a placement (C4.7): how a plan compares with the recommendation, and what it needs to stand."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from clinic.intake.rules.rows import Medication, Outcome

PLACES = (Outcome.HOSPITAL, Outcome.DETOX, Outcome.INPATIENT, Outcome.OUTPATIENT)
OPEN = (Outcome.INCOMPLETE, Outcome.CLINICIAN_REVIEW)


class DecisionKind(enum.StrEnum):
    """What was done with the recommendation."""

    ACCEPTED = "accepted"
    OTHER = "other"
    DECLINED = "declined"  # by the patient: X1
    ACTED = "acted"  # an emergency is acted on, not decided


class DecisionState(enum.StrEnum):
    """Whether a decision holds."""

    PROPOSED = "proposed"
    STANDING = "standing"
    RETURNED = "returned"
    REPLACED = "replaced"


class Comparison(enum.StrEnum):
    """How a plan compares with the recommendation, in the order of C4.4."""

    SAME = "same"
    MORE = "more"
    LESS = "less"
    OPEN = "open"  # nothing was recommended that a plan could be compared with

    @property
    def label(self) -> str:
        """In words for the page."""
        return _COMPARISONS[self]


_COMPARISONS = {
    Comparison.SAME: "As the rules propose",
    Comparison.MORE: "More protective than the rules propose",
    Comparison.LESS: "Less protective than the rules propose",
    Comparison.OPEN: "Decided without a recommendation",
}


@dataclass(frozen=True)
class Plan:
    """Where a person goes: the first stay, the one after it, and medication."""

    track: Outcome
    then: Outcome | None = None
    medication: Medication | None = None

    @property
    def code(self) -> str:
        """Track and next track in one word, for forms."""
        return f"{self.track}_{self.then}" if self.then else str(self.track)

    @property
    def label(self) -> str:
        """As a page says it, without the medication."""
        return f"{self.track.label}, then {self.then.label.lower()}" if self.then else self.track.label

    @property
    def words(self) -> str:
        """As a page says it, with the medication."""
        return f"{self.label}, with {self.medication.label}" if self.medication else self.label


@dataclass(frozen=True)
class Naloxone:
    """What was done about naloxone (C5.2): a code of the history, and its expiry."""

    code: str
    expires_on: date | None


@dataclass(frozen=True)
class Wanted:
    """A decision as it comes from the page."""

    kind: DecisionKind
    plan: Plan
    reason: str | None
    naloxone: Naloxone | None = None


# The plans that can be chosen, most protective first; medication is chosen beside them.
PLANS = (
    Plan(Outcome.HOSPITAL),
    Plan(Outcome.DETOX, Outcome.INPATIENT),
    Plan(Outcome.DETOX, Outcome.OUTPATIENT),
    Plan(Outcome.DETOX),
    Plan(Outcome.INPATIENT),
    Plan(Outcome.OUTPATIENT),
)


def compare(recommended: Plan, plan: Plan, *, pregnant_row: bool) -> Comparison:
    """`pregnant_row`: P1 fired. Then detox, or leaving the agonist out, is less protective (C4.4, C5.3).

    A recommended medication that the plan leaves out or changes makes it less protective at any level: the
    recommendation is the level together with its medication.
    """
    if recommended.track in OPEN:
        return Comparison.OPEN
    if recommended.medication and plan.medication != recommended.medication:
        return Comparison.LESS
    if pregnant_row and plan.track is Outcome.DETOX:
        return Comparison.LESS
    given, wanted = _protection(plan), _protection(recommended)
    if given > wanted:
        return Comparison.LESS
    if given < wanted or plan.medication != recommended.medication:
        return Comparison.MORE
    return Comparison.SAME


def _protection(plan: Plan) -> tuple[int, int]:
    """Smaller protects more. Of two equal first stays the one with inpatient after it protects more."""
    return plan.track.rank, 0 if plan.then is Outcome.INPATIENT else 1


def needs_reason(comparison: Comparison, kind: DecisionKind) -> bool:
    """Whatever differs from the recommendation says why."""
    return kind is not DecisionKind.ACTED and comparison is not Comparison.SAME


def needs_countersign(comparison: Comparison, role: str | None, clinicians: Collection[str]) -> bool:
    """Less protective, or without a recommendation: no admission before a clinician signs (C4.7)."""
    return comparison in (Comparison.LESS, Comparison.OPEN) and role not in clinicians
