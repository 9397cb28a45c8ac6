"""The end of a stay and the beginning of aftercare, in one transaction (C5.2, C8.2, C8.4, C8.9)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from clinic.aftercare.models import Discharge, RelapsePlan
from clinic.aftercare.rules.terms import NewDischarge, Parts
from clinic.aftercare.services import plans
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Refused, Stale
from clinic.core.ids import uuid7
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episode_queries
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, NextContact, Track
from clinic.history import services as history
from clinic.history.rules import FactKind, NewFact
from clinic.patients.access import require
from clinic.patients.rules import Right


class AlreadyDischarged(Refused):
    """The person is in aftercare already: somebody else was first."""


def discharge(patient_id: UUID, new: NewDischarge, *, at: datetime) -> UUID:
    """End the stay, keep the plan, open aftercare with its check-ins and calls. Gives the discharge's id.

    Raises Hidden, Refused without an open episode, AlreadyDischarged, Invalid.
    """
    with transaction() as session:
        require(patient_id, Right.AFTERCARE, at)
        episode = _ending(patient_id, at)
        today = local(at, new.zone).date()
        if new.appointment_on is not None and new.appointment_on < today:
            raise Invalid("appointment_on", "Enter appointment date as today or later")
        _keep_naloxone(patient_id, new, at)
        relapse_plan_id = keep_relapse_plan(patient_id, new.parts, "Discharge", at=at)
        first = NextContact(today, new.check_in_time, new.zone, ContactKind.CHECK_IN)
        episodes.move(
            patient_id,
            track=Track.AFTERCARE,
            medication=new.medication,
            next_contact=first,
            version=episode.version,
            at=at,
        )
        plan = plans.start(patient_id, episode.id, new.check_in_time, new.zone, at=at)
        kept = Discharge(
            patient_id=patient_id,
            episode_id=episode.id,
            stay_id=episode.stay_id,
            plan_id=plan.id,
            relapse_plan_id=relapse_plan_id,
            reason=new.reason,
            naloxone=new.naloxone,
            naloxone_expires_on=new.naloxone_expires_on,
            medication=new.medication,
            medication_note=new.medication_note,
            appointment_on=new.appointment_on,
            appointment_at=new.appointment_at,
            appointment_place=new.appointment_place,
            discharged_at=at,
            discharged_by=actor.get().id,
        )
        session.add(kept)
        session.flush()
        plans.plan_next_contact(session, patient_id, now=at)
        _audit(kept, at)
    return kept.id


def _audit(kept: Discharge, at: datetime) -> None:
    audit.record(
        "patient.discharged",
        [kept.patient_id],
        at=at,
        subject_kind="discharge",
        subject_id=kept.id,
        detail=kept.reason,
    )


def _ending(patient_id: UUID, at: datetime) -> episode_queries.EpisodeRow:
    """The open episode whose stay may end."""
    episode = episode_queries.open_episode(patient_id, now=at)
    if episode is None:
        raise Refused("There is no open episode. Admit the person first.")
    if episode.track is Track.AFTERCARE:
        raise AlreadyDischarged("This person was discharged already and is in aftercare.")
    return episode


def keep_relapse_plan(
    patient_id: UUID, parts: Parts, reason: str, *, version: int | None = None, at: datetime
) -> UUID:
    """The next version of a person's relapse-prevention plan; the earlier ones stay. Gives its id.

    `version` is the one that was revised, 0 for none, None for whatever is there. A first version keeps no
    reason. Raises Stale where somebody else wrote the next one meanwhile.
    """
    row_id = uuid7()
    with transaction() as session:
        require(patient_id, Right.AFTERCARE, at)
        mine = select(func.max(RelapsePlan.n)).where(RelapsePlan.patient_id == patient_id)
        before = (session.scalar(mine) or 0) if version is None else version
        row = {"id": row_id, "patient_id": patient_id, "n": before + 1}
        row |= {"written_at": at, "written_by": actor.get().id}
        row["parts_sealed"] = RelapsePlan.parts.seal(row_id, dict(parts))
        row["reason_sealed"] = RelapsePlan.reason.seal(row_id, reason) if before else None
        if not insert_new(session, RelapsePlan, [row]):
            raise Stale
        audit.record(
            "relapse_plan.written", [patient_id], at=at, subject_kind="relapse_plan", subject_id=row_id
        )
    return row_id


def _keep_naloxone(patient_id: UUID, new: NewDischarge, at: datetime) -> None:
    fact = NewFact(
        kind=FactKind.NALOXONE,
        code=new.naloxone,
        on=local(at, current().zone).date(),
        expires_on=new.naloxone_expires_on,
        source_kind="discharge",
    )
    try:
        history.record_fact(patient_id, fact, at=at)
    except Invalid as refused:
        field = {"expires_on": "naloxone_expires_on", "code": "naloxone"}.get(refused.field, refused.field)
        raise Invalid(field, refused.message) from None
