"""Asking for a safety plan, writing it with the person, signing it, giving a copy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.ids import uuid7
from clinic.episodes import queries as episodes
from clinic.patients.access import require
from clinic.patients.rules import Right
from clinic.safety import queries
from clinic.safety.models import SafetyNeed, SafetyPlan, SafetyPlanCopy
from clinic.safety.rules import Agreement, Cause, Means, Signature, Spoken, State, problem, same_day
from clinic.worklist import queries as worklist_queries
from clinic.worklist import services as worklist
from clinic.worklist.rules import Event, Level, Outcome

KIND = "safety.plan"
REASONS = {
    True: "Make the safety plan with the person today, and make the place safe. {cause}",
    False: "Review the safety plan with the person today. {cause}",
}


def ask(patient_id: UUID, cause: Cause, subject_id: UUID, *, at: datetime) -> None:
    """Danger: the plan is made or reviewed the same day. Once for each cause and subject (C8.12)."""
    need_id = uuid7()
    need = {"id": need_id, "patient_id": patient_id, "cause": cause, "subject_id": subject_id, "arose_at": at}
    with transaction() as session:
        if not insert_new(session, SafetyNeed, [need]):
            return
        missing = queries.standing(patient_id).state is State.MISSING
        reason = REASONS[missing].format(cause=cause.label)
        if item_id := worklist_queries.open_of(patient_id, KIND):
            worklist.note_event(item_id, Event.RAISED, at=at, note=reason)
            return
        zone, site_id = queries.place_of(patient_id)
        owner_id, site_id = episodes.owner_of(patient_id) or (_recorder(), site_id)
        worklist.raise_item(
            KIND, "safety_need", need_id, patient_id=patient_id, owner_id=owner_id, site_id=site_id,
            level=Level.NONE, reason=reason, due_at=same_day(at, zone), at=at,
        )  # fmt: skip


def review(patient_id: UUID, cause: Cause, subject_id: UUID, *, at: datetime) -> None:
    """A plan that there is, or is owed, is looked at again; nothing where there is none."""
    if queries.standing(patient_id).state is not State.NONE:
        ask(patient_id, cause, subject_id, at=at)


def _recorder() -> UUID | None:
    """While nobody owns an episode: who recorded the answer in intake, else the roles of this work."""
    who = actor.get()
    return who.id if who.kind is ActorKind.USER else None


def keep(patient_id: UUID, spoken: Spoken, *, n: int, version: int, at: datetime) -> None:
    """Keep the draft of version `n`; `version` is that of the draft shown, 0 for none.

    Raises Hidden, Stale where somebody else wrote or signed meanwhile.
    """
    try:
        with transaction() as session:
            row = _draft(session, patient_id, spoken, n, version, at)
            _audit("drafted", row, at)
    except StaleDataError:
        raise Stale from None


def sign(
    patient_id: UUID, spoken: Spoken, signature: Signature, *, n: int, version: int, at: datetime
) -> UUID:
    """Sign version `n` for good; where it is whole, everything that asked for it is met and its work closed.

    Gives its id. Raises Hidden, Stale, Invalid.
    """
    if found := problem(spoken, signature):
        raise Invalid(*found)
    try:
        with transaction() as session:
            row = _draft(session, patient_id, spoken, n, version, at)
            row.agreement, row.signed_at, row.signed_by = signature.agreement, at, _user()
            row.signed_name = signature.name if signature.agreement is Agreement.AGREED else None
            row.refusal = signature.refusal if signature.agreement is Agreement.REFUSED else None
            session.flush()
            _audit("signed", row, at)
            if signature.copy_given:
                _copy(session, row, at)
            if spoken.means is not Means.OPEN:
                _met(session, row, at)
            return row.id
    except StaleDataError:
        raise Stale from None


def _draft(
    session: Session, patient_id: UUID, spoken: Spoken, n: int, version: int, at: datetime
) -> SafetyPlan:
    """The draft of version `n` with these words, locked. Raises Hidden, Stale."""
    require(patient_id, Right.CLINICAL, at)
    newest = select(func.max(SafetyPlan.n)).where(
        SafetyPlan.patient_id == patient_id, SafetyPlan.signed_at.is_not(None)
    )
    mine = (SafetyPlan.patient_id == patient_id, SafetyPlan.n == n, SafetyPlan.signed_at.is_(None))
    row = session.scalar(select(SafetyPlan).where(*mine).with_for_update())
    if (session.scalar(newest) or 0) + 1 != n or (row.version if row else 0) != version:
        raise Stale
    if row is None:
        row_id = uuid7()
        first = {"id": row_id, "patient_id": patient_id, "n": n, "means": spoken.means, "version": 1}
        first |= {"words_sealed": SafetyPlan.words.seal(row_id, spoken.words.plain())}
        if not insert_new(session, SafetyPlan, [first | {"written_at": at, "written_by": _user()}]):
            raise Stale
        row = session.get_one(SafetyPlan, row_id)
    row.words, row.means, row.means_reason = spoken.words.plain(), spoken.means, spoken.means_reason
    row.written_at, row.written_by = at, _user()
    session.flush()
    return row


def _met(session: Session, row: SafetyPlan, at: datetime) -> None:
    """Of what asks for a plan nothing is left, and its work is done."""
    unmet = (SafetyNeed.patient_id == row.patient_id, SafetyNeed.met_at.is_(None))
    session.execute(update(SafetyNeed).where(*unmet).values(met_at=at, met_by=row.id))
    worklist.close_all_of(row.patient_id, KIND, Outcome.DONE, at=at)


def give_copy(patient_id: UUID, plan_id: UUID, *, at: datetime) -> None:
    """Keep that the person was given a copy of a signed version. Raises Hidden, Missing."""
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        signed = (SafetyPlan.id == plan_id, SafetyPlan.patient_id == patient_id)
        row = session.scalar(select(SafetyPlan).where(*signed, SafetyPlan.signed_at.is_not(None)))
        if row is None:
            raise Missing
        _copy(session, row, at)


def _copy(session: Session, row: SafetyPlan, at: datetime) -> None:
    session.add(SafetyPlanCopy(plan_id=row.id, given_at=at, given_by=_user()))
    _audit("copy_given", row, at)


def _user() -> UUID:
    who = actor.get().id
    if who is None:
        raise Refused("Sign in to write a safety plan.")
    return who


def _audit(what: str, row: SafetyPlan, at: datetime) -> None:
    audit.record(
        f"safety_plan.{what}", [row.patient_id], at=at, subject_kind="safety_plan", subject_id=row.id
    )
