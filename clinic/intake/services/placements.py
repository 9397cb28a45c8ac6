"""Deciding on a recommendation, and countersigning (C4.7)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.intake.access import clinicians
from clinic.intake.models import PlacementDecision
from clinic.intake.queries import assessments, placements
from clinic.intake.queries.placements import Recommended
from clinic.intake.rules.decision import (
    DecisionKind,
    DecisionState,
    Wanted,
    compare,
    needs_countersign,
    needs_reason,
)
from clinic.intake.rules.rows import Outcome
from clinic.intake.services import naloxone
from clinic.patients import services as patients
from clinic.patients.access import require
from clinic.patients.rules import RelationKind, Right
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from clinic.worklist.rules import Outcome as WorkOutcome

KIND, SUBJECT = "intake.countersign", "placement_decision"
COUNTERSIGN_WITHIN = timedelta(hours=4)  # the person waits for care; same day (C8.6 "high")


def decide(patient_id: UUID, wanted: Wanted, *, shown: UUID | None, at: datetime) -> UUID:
    """Keep a decision; without the authority for it, it is proposed and waits for a clinician's countersign.

    `shown` is the decision that the page showed as holding. Raises Invalid, Stale, Refused, Missing, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        recommended = _recommended(patient_id)
        _refuse_undecidable(recommended, wanted)
        comparison = compare(recommended.plan, wanted.plan, pregnant_row=recommended.pregnant_row)
        if needs_reason(comparison, wanted.kind) and not wanted.reason:
            raise Invalid("reason", "Enter the reason in your own words, at least one sentence")
        _replace(session, recommended, shown, at)
        waits = wanted.kind is not DecisionKind.ACTED and needs_countersign(
            comparison, actor.get().role, clinicians()
        )
        decision = PlacementDecision(
            placement_id=recommended.id,
            kind=wanted.kind,
            track=wanted.plan.track,
            then=wanted.plan.then,
            medication=wanted.plan.medication,
            comparison=comparison,
            reason=wanted.reason,
            needs_countersign=waits,
            state=DecisionState.PROPOSED if waits else DecisionState.STANDING,
            decided_by=_user(),
            decided_role=actor.get().role or "",
            decided_at=at,
        )
        session.add(decision)
        try:
            session.flush()
        except IntegrityError as error:
            raise Stale from error  # somebody else decided at the same moment
        if wanted.naloxone:
            naloxone.record(patient_id, wanted.naloxone, "placement", decision.id, at=at)
        if waits:
            _ask_for_countersign(patient_id, decision.id, at)
        _audit("decided", patient_id, decision, at)
    return decision.id


def _recommended(patient_id: UUID) -> Recommended:
    sheet = assessments.to_decide(patient_id)
    found = placements.of_assessment(sheet.id) if sheet else None
    if found is None:
        raise Refused("Sign the assessment first. The rules propose a level of care on signed answers.")
    return found


def _refuse_undecidable(recommended: Recommended, wanted: Wanted) -> None:
    emergency = recommended.recommendation.outcome is Outcome.EMERGENCY
    if emergency and wanted.kind is not DecisionKind.ACTED:
        raise Refused("An emergency is acted on, not decided. Record what was done.")
    if wanted.kind is DecisionKind.ACTED and not emergency:
        raise Refused("The rules see no emergency. Choose a level of care.")
    if wanted.kind is DecisionKind.ACTED and not wanted.reason:
        raise Invalid("reason", "Enter what was done and when")


def _replace(session: Session, recommended: Recommended, shown: UUID | None, at: datetime) -> None:
    """The decision that held gives way. Raises Stale if it is another one than the page showed."""
    holding = placements.current(recommended.id)
    if (holding.id if holding else None) != shown:
        raise Stale("Someone else decided meanwhile. Look at the decision below before you send yours.")
    if holding is None:
        return
    if holding.episode_id:
        raise Refused("The person was admitted on this decision. Change the level of care in the record.")
    row = session.get_one(PlacementDecision, holding.id, with_for_update=True)
    row.state = DecisionState.REPLACED
    session.flush()  # one decision holds at a time: the old one ends before the new one begins
    _no_longer_waits(recommended.patient_id, row.id, WorkOutcome.NOT_NEEDED, at)


def _ask_for_countersign(patient_id: UUID, decision_id: UUID, at: datetime) -> None:
    site_id = actor.get().site_id
    assert site_id is not None
    for role in clinicians():
        for person in accounts.staff(Role(role), site_id):
            patients.relate(
                patient_id,
                RelationKind.COUNTERSIGN,
                person.id,
                at=at,
                source_kind=SUBJECT,
                source_id=decision_id,
            )
    worklist.raise_item(
        KIND, SUBJECT, decision_id, patient_id=patient_id, owner_id=None, site_id=site_id, level=Level.NONE,
        reason="A placement waits for your countersign. There is no admission before it.",
        due_at=at + COUNTERSIGN_WITHIN, at=at,
    )  # fmt: skip


def _no_longer_waits(patient_id: UUID, decision_id: UUID, outcome: WorkOutcome, at: datetime) -> None:
    patients.end_relations(patient_id, RelationKind.COUNTERSIGN, at=at)
    worklist.close_for(KIND, SUBJECT, decision_id, outcome, at=at)


def countersign(decision_id: UUID, *, at: datetime) -> None:
    """A clinician lets a proposed placement stand. Raises Missing, Refused, Hidden."""
    with transaction() as session:
        patient_id, decision = _proposed(session, decision_id, at)
        decision.state = DecisionState.STANDING
        decision.countersigned_by, decision.countersigned_at = _user(), at
        session.flush()
        _audit("countersigned", patient_id, decision, at)
        _no_longer_waits(patient_id, decision_id, WorkOutcome.DONE, at)


def send_back(decision_id: UUID, reason: str, *, at: datetime) -> None:
    """A clinician returns a proposed placement with a reason. Raises Missing, Refused, Hidden."""
    with transaction() as session:
        patient_id, decision = _proposed(session, decision_id, at)
        decision.state, decision.return_reason = DecisionState.RETURNED, reason
        session.flush()
        _audit("returned", patient_id, decision, at)
        _no_longer_waits(patient_id, decision_id, WorkOutcome.DONE, at)


def _proposed(session: Session, decision_id: UUID, at: datetime) -> tuple[UUID, PlacementDecision]:
    patient_id = placements.patient_of(decision_id)
    require(patient_id, Right.INTAKE, at)
    wanted = select(PlacementDecision).where(PlacementDecision.id == decision_id).with_for_update()
    decision = session.scalars(wanted).one()
    if decision.state is not DecisionState.PROPOSED:
        raise Refused("This placement no longer waits for a countersign.")
    if actor.get().role not in clinicians():
        raise Missing
    if decision.decided_by == actor.get().id:
        raise Refused("Another clinician must countersign what you proposed yourself.")
    return patient_id, decision


def _user() -> UUID:
    who = actor.get().id
    if who is None:
        raise Refused("Sign in to decide.")
    return who


def _audit(what: str, patient_id: UUID, decision: PlacementDecision, at: datetime) -> None:
    audit.record(
        f"placement.{what}", [patient_id], at=at, subject_kind=SUBJECT, subject_id=decision.id,
        detail=decision.track,
    )  # fmt: skip
