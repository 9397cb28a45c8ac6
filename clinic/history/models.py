"""Dated facts with their source. Nothing is edited: what is learned later stands beside it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed
from clinic.history.rules import FactKind, Precision, Route, Substance


class SubstanceUse(Base):
    """What was learned about one substance at one time; the newest row of a substance is what holds."""

    __tablename__ = "substance_use"
    __table_args__ = (
        CheckConstraint("(last_use_at IS NULL) = (precision = 'unknown')", name="time_or_unknown"),
        CheckConstraint("last_use_at IS NULL OR last_use_at <= recorded_at", name="not_in_the_future"),
        Index(None, "patient_id", "substance"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    substance: Mapped[Substance]
    route: Mapped[Route]
    last_use_at: Mapped[datetime | None]
    precision: Mapped[Precision]
    source_kind: Mapped[str]
    source_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    recorded_at: Mapped[datetime]


append_only(SubstanceUse)


class HistoryFact(Base):
    """One dated fact of a patient; the newest of a kind is what holds, allergies add up."""

    __tablename__ = "history_fact"
    __table_args__ = (
        Index(None, "patient_id", "kind"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("(replaces_id IS NULL) = (reason_sealed IS NULL)", name="correction_has_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[FactKind]
    code: Mapped[str]
    detail_sealed: Mapped[bytes | None]
    detail = Sealed()
    on_date: Mapped[date]
    expires_on: Mapped[date | None]
    source_kind: Mapped[str]
    source_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    recorded_at: Mapped[datetime]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("history_fact.id"))
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()


append_only(HistoryFact)
