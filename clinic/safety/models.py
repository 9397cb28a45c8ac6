"""Safety plans, what asked for them, and the copies that were given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only, frozen_once
from clinic.core.sealed import Sealed, SealedJson
from clinic.safety.rules import Agreement, Cause, Means

UNMET = text("met_at IS NULL")


class SafetyPlan(Versioned, Base):
    """One version of a person's safety plan. A draft until it is signed; signed, the next one amends it.

    `n` counts a person's versions from 1; the draft has the next one, so there is one draft at a time.
    `means` stands in the clear: whether a plan is missing is asked in lists (C8.12).
    """

    __tablename__ = "safety_plan"
    __table_args__ = (
        UniqueConstraint("patient_id", "n"),
        CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL) AND (signed_at IS NULL) = (agreement IS NULL)",
            name="signed_by_both",
        ),
        CheckConstraint(
            "signed_at IS NULL OR means <> 'declined' OR means_reason_sealed IS NOT NULL",
            name="declined_with_reason",
        ),
        CheckConstraint("agreement <> 'agreed' OR signed_name_sealed IS NOT NULL", name="agreed_with_name"),
        CheckConstraint("agreement <> 'refused' OR refusal_sealed IS NOT NULL", name="refused_with_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    n: Mapped[int]
    words_sealed: Mapped[bytes]
    words = SealedJson()
    means: Mapped[Means]
    means_reason_sealed: Mapped[bytes | None]
    means_reason = Sealed()
    written_at: Mapped[datetime]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    agreement: Mapped[Agreement | None]
    signed_name_sealed: Mapped[bytes | None]
    signed_name = Sealed()
    refusal_sealed: Mapped[bytes | None]
    refusal = Sealed()


frozen_once(SafetyPlan, "signed_at")


class SafetyPlanCopy(Base):
    """A copy of a signed version that the person was given."""

    __tablename__ = "safety_plan_copy"
    __table_args__ = (Index(None, "plan_id"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("safety_plan.id"))
    given_at: Mapped[datetime]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))


append_only(SafetyPlanCopy)


class SafetyNeed(Base):
    """Something that asks for a plan or its review, once for each subject; met by a whole signed version."""

    __tablename__ = "safety_need"
    __table_args__ = (
        UniqueConstraint("cause", "subject_id"),
        CheckConstraint("(met_at IS NULL) = (met_by IS NULL)", name="met_by_a_plan"),
        Index(None, "patient_id", postgresql_where=UNMET, sqlite_where=UNMET),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    cause: Mapped[Cause]
    subject_id: Mapped[UUID]
    arose_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    met_by: Mapped[UUID | None] = mapped_column(ForeignKey("safety_plan.id"))
