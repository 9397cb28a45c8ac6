"""Work and its steps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed
from clinic.worklist.rules import Event, Level, Outcome

OPEN = text("closed_at IS NULL")


class WorkItem(Versioned, Base):
    """One thing a person must act on; the same by kind and subject, however often it is raised.

    Without an owner it belongs to the site's supervisor or desk; `due_at` is the latest time to answer.
    """

    __tablename__ = "work_item"
    __table_args__ = (
        UniqueConstraint("kind", "subject_kind", "subject_id"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        Index(None, "owner_id", "due_at", postgresql_where=OPEN, sqlite_where=OPEN),
        Index(None, "site_id", postgresql_where=OPEN, sqlite_where=OPEN),
        # Every page counts open risk: without this it reads what was ever closed of these kinds.
        Index(None, "kind", "site_id", "owner_id", postgresql_where=OPEN, sqlite_where=OPEN),
        Index(None, "patient_id"),
    )

    kind: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    level: Mapped[Level]
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    outcome: Mapped[Outcome | None]


class WorkEvent(Base):
    """One step of an item, never changed. `told_id` is who was paged; that person may see the item too."""

    __tablename__ = "work_event"
    __table_args__ = (Index(None, "item_id", "at"), Index(None, "told_id"))

    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_item.id"))
    event: Mapped[Event]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    told_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    outcome: Mapped[Outcome | None]
    note_sealed: Mapped[bytes | None]
    note = Sealed()


append_only(WorkEvent)
