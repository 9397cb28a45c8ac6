"""One filled-in form of one patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import frozen_once
from clinic.core.sealed import SealedJson

OR_NULL = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")  # not JSON's null
OPEN = text("signed_at IS NULL")


class Administration(Versioned, Base):
    """A scale filled in for a patient: a draft until completed, open to change until signed, never after.

    Instrument version and band set are those it was scored by. `recorded_at` is the last saving.
    """

    __tablename__ = "administration"
    __table_args__ = (
        CheckConstraint("(completed_at IS NULL) = (scores IS NULL)", name="completed_has_scores"),
        CheckConstraint("signed_at IS NULL OR completed_at IS NOT NULL", name="signed_is_completed"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed_by_somebody"),
        Index("uq_administration_open", "patient_id", "instrument_id", unique=True, sqlite_where=OPEN,
              postgresql_where=OPEN),
        Index(None, "patient_id", "instrument_id", "observed_at"),
    )  # fmt: skip

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    instrument_id: Mapped[str]
    instrument_version: Mapped[str]
    answers_sealed: Mapped[bytes]
    answers = SealedJson()
    context: Mapped[dict[str, Any]]
    scores: Mapped[dict[str, Any] | None] = mapped_column(OR_NULL)
    bands: Mapped[dict[str, Any] | None] = mapped_column(OR_NULL)
    band_set: Mapped[list[Any] | None] = mapped_column(OR_NULL)
    flags: Mapped[list[str]]
    respondent: Mapped[str]
    observed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    completed_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("administration.id"))
    version: Mapped[int]


frozen_once(Administration, "signed_at")
