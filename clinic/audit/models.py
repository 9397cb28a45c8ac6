"""The trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from clinic.core.actor import ActorKind
from clinic.core.db import Base
from clinic.core.ddl import append_only
from clinic.core.sealed import SealedJson


class AuditEntry(Base):
    """Who did what to whom, when and from where. A list is one row with the ids it showed."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "at"), Index(None, "actor_id", "at"))

    at: Mapped[datetime]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[UUID | None]
    role: Mapped[str | None]
    origin: Mapped[str | None]
    request_id: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    patient_ids: Mapped[list[str]]
    detail: Mapped[str | None]
    changes_sealed: Mapped[bytes | None]
    changes = SealedJson()
    mac: Mapped[bytes]


append_only(AuditEntry)
