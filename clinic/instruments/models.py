"""One filled-in form of one patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import REFUSE, statement
from clinic.core.sealed import SealedJson

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
    scores: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    bands: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    band_set: Mapped[list[Any] | None] = mapped_column(default=None)
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


statement(
    Administration.__table__,  # type: ignore[arg-type]
    sqlite=[
        f"CREATE TRIGGER administration_refuse_signed_{what} BEFORE {what.upper()} ON administration "
        "WHEN OLD.signed_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'signed rows of administration are never changed'); END"
        for what in ("update", "delete")
    ],
    postgresql=[
        REFUSE,
        "CREATE TRIGGER administration_refuse_signed BEFORE UPDATE OR DELETE ON administration "
        "FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL) EXECUTE FUNCTION refuse_change()",
    ],
)
