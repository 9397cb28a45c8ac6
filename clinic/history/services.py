"""Keeping what was learned of a patient's history."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Stale
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.history import queries
from clinic.history.models import HistoryFact, SubstanceUse
from clinic.history.rules import LastUse, NewFact, fact_problem, last_use_problem
from clinic.patients.access import require
from clinic.patients.rules import Right


def record_use(
    patient_id: UUID, use: LastUse, *, source_kind: str, source_id: UUID | None = None, at: datetime
) -> None:
    """Keep when a substance was last used. Raises Invalid("last_use_at", …) for a time that cannot be."""
    if problem := last_use_problem(use.at, use.precision, at):
        raise Invalid("last_use_at", problem)
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        row = SubstanceUse(
            patient_id=patient_id,
            substance=use.substance,
            route=use.route,
            last_use_at=use.at,
            precision=use.precision,
            source_kind=source_kind,
            source_id=source_id,
            recorded_by=_staff(),
            recorded_at=at,
        )
        session.add(row)
        audit.record("history.use_recorded", [patient_id], subject_id=row.id, at=at)


def record_fact(
    patient_id: UUID,
    new: NewFact,
    *,
    source_id: UUID | None = None,
    replaces: UUID | None = None,
    reason: str | None = None,
    at: datetime,
) -> UUID:
    """Keep a dated fact; `replaces` an earlier one that was wrong, for a reason.

    Raises Invalid for what cannot be, Stale if somebody corrected that one already.
    """
    if problem := fact_problem(new, local(at, current().zone).date()):
        raise Invalid(*problem)
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        if replaces and replaces not in {fact.id for fact in queries.facts_of(patient_id, new.kind)}:
            raise Stale
        row = HistoryFact(
            patient_id=patient_id,
            kind=new.kind,
            code=new.code,
            detail=new.detail,
            on_date=new.on,
            expires_on=new.expires_on,
            source_kind=new.source_kind,
            source_id=source_id,
            recorded_by=_staff(),
            recorded_at=at,
            replaces_id=replaces,
            reason=reason,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Stale from error
        audit.record("history.fact_recorded", [patient_id], subject_id=row.id, detail=new.kind, at=at)
    return row.id


def _staff() -> UUID | None:
    return actor.get().id if actor.get().kind is ActorKind.USER else None
