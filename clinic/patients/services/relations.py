"""Who has to do with whom, from when until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from clinic.audit import services as audit
from clinic.core.db import insert_new, transaction
from clinic.core.ids import uuid7
from clinic.patients.models import Relation
from clinic.patients.rules import RelationKind


def relate(
    patient_id: UUID, kind: RelationKind, subject_id: UUID, *, at: datetime, source_kind: str, source_id: UUID
) -> None:
    """A staff user or site has to do with a patient from now on. A relation that holds already is kept."""
    row = {
        "id": uuid7(),
        "patient_id": patient_id,
        "kind": kind,
        "subject_id": subject_id,
        "starts_at": at,
        "source_kind": source_kind,
        "source_id": source_id,
    }
    with transaction() as session:
        if insert_new(session, Relation, [row]):
            audit.record("relation.began", [patient_id], subject_id=subject_id, detail=kind, at=at)


def end_relations(
    patient_id: UUID, kind: RelationKind, *, at: datetime, subject_id: UUID | None = None
) -> None:
    """End a patient's relations of one kind, or only the one to this subject."""
    current = [Relation.patient_id == patient_id, Relation.kind == kind, Relation.ends_at.is_(None)]
    if subject_id:
        current.append(Relation.subject_id == subject_id)
    end = update(Relation).where(*current).values(ends_at=at).returning(Relation.subject_id)
    with transaction() as session:
        for ended in session.scalars(end).all():
            audit.record("relation.ended", [patient_id], subject_id=ended, detail=kind, at=at)
