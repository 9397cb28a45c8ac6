"""Reading recommendations, decisions, and who waits for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, exists, or_, select
from sqlalchemy.orm import aliased

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.intake.models import Assessment, Placement, PlacementDecision
from clinic.intake.rules.decision import Comparison, DecisionKind, DecisionState, Plan
from clinic.intake.rules.placement import Recommendation, restored
from clinic.intake.rules.rows import Outcome
from clinic.patients import queries as patients
from clinic.patients.access import listed
from clinic.patients.queries import Person
from clinic.patients.rules import Right

LIST_LIMIT = 200
ADMITTABLE = (Outcome.DETOX, Outcome.INPATIENT, Outcome.OUTPATIENT)


@dataclass(frozen=True)
class Recommended:
    """What the rules recommended on a signed assessment."""

    id: UUID
    assessment_id: UUID
    patient_id: UUID
    recommended_at: datetime
    recommendation: Recommendation

    @property
    def plan(self) -> Plan:
        """The recommendation as a plan, to compare decisions with."""
        found = self.recommendation
        return Plan(found.outcome, found.then, found.medication)

    @property
    def pregnant_row(self) -> bool:
        """Whether P1 fired."""
        return any(row.id == "P1" for row in self.recommendation.rows)


@dataclass(frozen=True)
class Decided:
    """One decision on a placement, with the names of who made it."""

    id: UUID
    placement_id: UUID
    kind: DecisionKind
    plan: Plan
    comparison: Comparison
    reason: str | None
    needs_countersign: bool
    state: DecisionState
    decided_by: UUID
    decided_by_name: str
    decided_at: datetime
    countersigned_by_name: str | None
    countersigned_at: datetime | None
    return_reason: str | None
    episode_id: UUID | None
    version: int


@dataclass(frozen=True)
class Underway:
    """A patient between registration and admission, and what the next step is."""

    person: Person
    started_at: datetime
    signed_at: datetime | None
    outcome: Outcome | None
    decision: DecisionState | None
    kind: DecisionKind | None
    track: Outcome | None

    @property
    def next_step(self) -> str:
        """What has to happen next."""
        if self.signed_at is None:
            return "Finish and sign the assessment"
        if self.decision is None:
            return "Act now" if self.outcome is Outcome.EMERGENCY else "Decide on the level of care"
        if self.decision is DecisionState.PROPOSED:
            return "Waits for a clinician’s countersign"
        return "Admit" if self.track in ADMITTABLE else "Assess again when the person comes back"


@dataclass(frozen=True)
class ToCountersign:
    """A proposed placement that waits for a clinician."""

    decision_id: UUID
    person: Person
    outcome: Outcome
    track: Outcome
    decided_by: str
    decided_at: datetime


def of_assessment(assessment_id: UUID) -> Recommended | None:
    """What was recommended on an assessment; None before it is signed."""
    columns = (
        Placement.id, Placement.assessment_id, Placement.patient_id, Placement.recommended_at,
        Placement.recommendation_sealed,
    )  # fmt: skip
    row = db.session.execute(select(*columns).where(Placement.assessment_id == assessment_id)).one_or_none()
    if row is None:
        return None
    kept = Placement.recommendation.reveal(row.id, row.recommendation_sealed)
    return Recommended(*row[:-1], recommendation=restored(kept))


_SEALED = {"reason_sealed": PlacementDecision.reason, "return_reason_sealed": PlacementDecision.return_reason}
_COLUMNS = [column for column in PlacementDecision.__table__.c if column.key != "decided_role"]


def decisions(placement_id: UUID) -> list[Decided]:
    """Every decision on a placement, newest first."""
    wanted = select(*_COLUMNS).where(PlacementDecision.placement_id == placement_id)
    newest = (PlacementDecision.decided_at.desc(), PlacementDecision.id.desc())
    return _decided(db.session.execute(wanted.order_by(*newest)).all())


def current(placement_id: UUID) -> Decided | None:
    """The decision that is proposed or stands."""
    holding = (DecisionState.PROPOSED, DecisionState.STANDING)
    return next((one for one in decisions(placement_id) if one.state in holding), None)


def patient_of(decision_id: UUID) -> UUID:
    """Whose placement a decision is on; of no decision its id, which is nobody's and opens as hidden."""
    found = db.session.scalar(
        select(Placement.patient_id)
        .join(PlacementDecision, PlacementDecision.placement_id == Placement.id)
        .where(PlacementDecision.id == decision_id)
    )
    return found or decision_id


def with_decision(decision_id: UUID) -> tuple[Recommended, Decided]:
    """A decision and the recommendation that it is on. Raises Missing."""
    rows = db.session.execute(select(*_COLUMNS).where(PlacementDecision.id == decision_id)).all()
    if not rows:
        raise Missing
    decided = _decided(rows)[0]
    assessment_id = db.session.scalars(
        select(Placement.assessment_id).where(Placement.id == decided.placement_id)
    ).one()
    recommended = of_assessment(assessment_id)
    assert recommended is not None
    return recommended, decided


def _decided(rows: Any) -> list[Decided]:
    names = accounts.names(
        {who for row in rows for who in (row.decided_by, row.countersigned_by) if who is not None}
    )
    return [_one(row, names) for row in rows]


def _one(row: Row[*tuple[Any, ...]], names: Mapping[UUID, str]) -> Decided:
    return Decided(
        id=row.id,
        placement_id=row.placement_id,
        kind=row.kind,
        plan=Plan(row.track, row.then, row.medication),
        comparison=row.comparison,
        reason=PlacementDecision.reason.reveal(row.id, row.reason_sealed),
        needs_countersign=row.needs_countersign,
        state=row.state,
        decided_by=row.decided_by,
        decided_by_name=names[row.decided_by],
        decided_at=row.decided_at,
        countersigned_by_name=names.get(row.countersigned_by),
        countersigned_at=row.countersigned_at,
        return_reason=PlacementDecision.return_reason.reveal(row.id, row.return_reason_sealed),
        episode_id=row.episode_id,
        version=row.version,
    )


_later = aliased(Assessment)
_SUPERSEDED = exists().where(
    _later.patient_id == Assessment.patient_id, _later.started_at > Assessment.started_at
)
_HOLDING = PlacementDecision.state.in_((DecisionState.PROPOSED, DecisionState.STANDING))


def underway(*, now: datetime) -> list[Underway]:
    """Patients whom the actor may assess and whose newest assessment led to no admission yet, oldest first.

    The caller audits the ids it shows.
    """
    wanted = (
        select(
            Assessment.patient_id, Assessment.started_at, Assessment.signed_at, Placement.outcome,
            PlacementDecision.state, PlacementDecision.kind, PlacementDecision.track,
        )
        .outerjoin(Placement, Placement.assessment_id == Assessment.id)
        .outerjoin(PlacementDecision, and_(PlacementDecision.placement_id == Placement.id, _HOLDING))
        .where(
            listed(Assessment.patient_id, Right.INTAKE, now=now),
            ~_SUPERSEDED,
            or_(PlacementDecision.id.is_(None), PlacementDecision.episode_id.is_(None)),
        )
        .order_by(Assessment.started_at, Assessment.id)
        .limit(LIST_LIMIT)
    )  # fmt: skip
    rows = db.session.execute(wanted).all()
    people = patients.people([row.patient_id for row in rows], now=now)
    return [Underway(people[row.patient_id], *row[1:]) for row in rows]


def to_countersign(*, now: datetime) -> list[ToCountersign]:
    """Proposed placements that the actor may see, oldest first. The caller audits the ids it shows."""
    wanted = (
        select(
            PlacementDecision.id, Placement.patient_id, Placement.outcome, PlacementDecision.track,
            PlacementDecision.decided_by, PlacementDecision.decided_at,
        )
        .join(Placement, Placement.id == PlacementDecision.placement_id)
        .where(
            PlacementDecision.state == DecisionState.PROPOSED,
            listed(Placement.patient_id, Right.INTAKE, now=now),
        )
        .order_by(PlacementDecision.decided_at)
        .limit(LIST_LIMIT)
    )  # fmt: skip
    rows = db.session.execute(wanted).all()
    people = patients.people([row.patient_id for row in rows], now=now)
    names = accounts.names({row.decided_by for row in rows})
    return [
        ToCountersign(
            row.id, people[row.patient_id], row.outcome, row.track, names[row.decided_by], row.decided_at
        )
        for row in rows
    ]
