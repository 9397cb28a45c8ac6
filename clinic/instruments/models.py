"""Filled-in forms of patients, and the clinic's own wording of scales."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only, frozen_once
from clinic.core.sealed import Sealed, SealedJson

OR_NULL = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")  # not JSON's null
OPEN = text("signed_at IS NULL")


class InstrumentWording(Base):
    """The texts of an instrument that a clinic loaded, each loading a version of its own, from 1."""

    __tablename__ = "instrument_wording"
    __table_args__ = (UniqueConstraint("instrument_id", "version"),)

    instrument_id: Mapped[str]
    version: Mapped[int]
    texts: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


append_only(InstrumentWording)


class Administration(Versioned, Base):
    """A scale filled in for a patient: a draft until completed, open to change until signed, never after.

    Instrument version, band set and wording (None: the file's) are those it was filled in and scored by.
    `measured` holds readings by item, `occasion` why it was taken. `recorded_at` is the last saving.
    An amendment is a further row, signed at once, that names the first one and says why: editions 2, 3, ...
    """

    __tablename__ = "administration"
    __table_args__ = (
        CheckConstraint("(completed_at IS NULL) = (scores IS NULL)", name="completed_has_scores"),
        CheckConstraint("signed_at IS NULL OR completed_at IS NOT NULL", name="signed_is_completed"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed_by_somebody"),
        CheckConstraint("(amends_id IS NULL) = (edition = 1)", name="amendment_has_edition"),
        CheckConstraint("(amends_id IS NULL) = (reason_sealed IS NULL)", name="amendment_has_reason"),
        CheckConstraint("amends_id IS NULL OR signed_at IS NOT NULL", name="amendment_is_signed"),
        UniqueConstraint("amends_id", "edition"),
        Index("uq_administration_open", "patient_id", "instrument_id", unique=True, sqlite_where=OPEN,
              postgresql_where=OPEN),
        Index(None, "patient_id", "instrument_id", "observed_at"),
    )  # fmt: skip

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    instrument_id: Mapped[str]
    instrument_version: Mapped[str]
    answers_sealed: Mapped[bytes]
    answers = SealedJson()
    measured_sealed: Mapped[bytes | None]
    measured = SealedJson()
    occasion_sealed: Mapped[bytes | None]
    occasion = Sealed()
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
    wording_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument_wording.id"))
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("administration.id"))
    edition: Mapped[int] = mapped_column(default=1)
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    version: Mapped[int]


frozen_once(Administration, "signed_at")
