"""Notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic.cases.rules import NoteKind
from clinic.core.db import Base, Versioned
from clinic.core.ddl import frozen_once
from clinic.core.sealed import Sealed


class Note(Versioned, Base):
    """A note about one person. A draft is its author's alone; once signed it is amended by a new row."""

    __tablename__ = "note"
    __table_args__ = (
        Index(None, "patient_id", "happened_at"),
        Index(None, "amends_id"),
        CheckConstraint("amends_id IS NULL OR signed_at IS NOT NULL", name="amendment_is_signed"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("clinic_session.id"))
    kind: Mapped[NoteKind]
    happened_at: Mapped[datetime]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    written_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("note.id"))
    words_sealed: Mapped[bytes | None]
    words = Sealed()


frozen_once(Note, "signed_at")
