"""Notes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.cases.rules import NoteKind
from clinic.core.db import Base, Versioned
from clinic.core.ddl import frozen_once
from clinic.core.sealed import Sealed

DRAFT = text("signed_at IS NULL")


class Note(Versioned, Base):
    """A note about one person. A draft is its author's alone; once signed it is amended by a new row.

    An amendment is the whole note as it should read, number `n` of its note, with the reason.
    """

    __tablename__ = "note"
    __table_args__ = (
        Index(None, "patient_id", "happened_at"),
        Index("ix_note_draft", "author_id", postgresql_where=DRAFT, sqlite_where=DRAFT),
        UniqueConstraint("amends_id", "n"),
        CheckConstraint("amends_id IS NULL OR signed_at IS NOT NULL", name="amendment_is_signed"),
        CheckConstraint("(amends_id IS NULL) = (n = 0)", name="amendment_has_number"),
        CheckConstraint("(amends_id IS NULL) = (reason_sealed IS NULL)", name="amendment_has_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("clinic_session.id"))
    kind: Mapped[NoteKind]
    happened_at: Mapped[datetime]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    written_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("note.id"))
    n: Mapped[int] = mapped_column(default=0)
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    words_sealed: Mapped[bytes | None]
    words = Sealed()


frozen_once(Note, "signed_at")
