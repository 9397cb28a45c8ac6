"""Writing the trail, always in the transaction of what it tells of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import has_request_context, request
from sqlalchemy import insert

from clinic.audit.models import AuditEntry
from clinic.audit.rules import mac
from clinic.core import actor
from clinic.core.db import metadata, transaction
from clinic.core.ids import uuid7
from clinic.core.settings import current


def record(
    action: str,
    patient_ids: Iterable[UUID] = (),
    *,
    at: datetime,
    subject_kind: str | None = None,
    subject_id: UUID | None = None,
    detail: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Keep that the actor did `action` (as "check_in.answered"). `detail` is a code, never a patient's words.

    `changes` (field: [before, after]) is sealed. Joins the caller's transaction.
    """
    entry = _entry(
        action,
        patient_ids,
        at=at,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
        changes=changes,
    )
    with transaction() as session:
        session.connection().execute(_INSERT, entry)


def record_each(action: str, subject_kind: str, patients: Mapping[UUID, UUID], *, at: datetime) -> None:
    """Keep that the actor did `action` to each of many subjects (its id: its patient), written at once."""
    entries = [
        _entry(action, [patient_id], at=at, subject_kind=subject_kind, subject_id=subject_id)
        for subject_id, patient_id in patients.items()
    ]
    if entries:
        with transaction() as session:
            session.connection().execute(_INSERT, entries)


def _entry(
    action: str,
    patient_ids: Iterable[UUID],
    *,
    at: datetime,
    subject_kind: str | None,
    subject_id: UUID | None,
    detail: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    who, entry_id = actor.get(), uuid7()
    entry = {
        "id": entry_id,
        "at": at,
        "actor_kind": who.kind,
        "actor_id": who.id,
        "role": who.role,
        "origin": request.remote_addr if has_request_context() else None,
        "request_id": actor.request_id(),
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "patient_ids": [str(patient_id) for patient_id in patient_ids],
        "detail": detail,
        "changes_sealed": AuditEntry.changes.seal(entry_id, dict(changes) if changes else None),
    }
    return entry | {"mac": mac(current().audit_key, entry)}


_INSERT = insert(metadata.tables[AuditEntry.__tablename__])  # every page writes one: by Core it costs half
