"""Discharges, plans, check-ins and their answers."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.questions import PageCode
from clinic.aftercare.rules.silence import Action, Decision
from clinic.aftercare.rules.terms import Naloxone, Reason, Slot, Via
from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed, SealedJson
from clinic.worklist.rules import Level

ACTIVE = text("ended_at IS NULL")
STANDING = text("outcome IS NULL OR outcome <> 'cancelled'")
OPEN = text("outcome IS NULL")
KEPT = text("cancelled_at IS NULL")
WAITING = text("raised_at IS NULL")


class CheckInPlan(Versioned, Base):
    """When one patient is asked after discharge: a local time in a zone, on the days of a kept cadence.

    `version` rises when people change the plan; check-ins remember under which one they were made.
    """

    __tablename__ = "check_in_plan"
    __table_args__ = (
        Index(
            "uq_check_in_plan_active", "patient_id", unique=True, postgresql_where=ACTIVE, sqlite_where=ACTIVE
        ),
        Index(None, "materialised_until", postgresql_where=ACTIVE, sqlite_where=ACTIVE),
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    episode_id: Mapped[UUID | None] = mapped_column(ForeignKey("episode.id"))
    discharged_on: Mapped[date]
    local_time: Mapped[time]
    zone: Mapped[str]
    cadence: Mapped[list[Any]]
    settings_version: Mapped[int]
    made_at: Mapped[datetime]
    materialised_until: Mapped[date | None]
    paused_until: Mapped[date | None]  # the first local date on which the person is asked again
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]


class CheckIn(Base):
    """One check-in owed to one patient: the same one by local date and slot, never by instant."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_standing", "plan_id", "local_date", "slot",
            unique=True, postgresql_where=STANDING, sqlite_where=STANDING,
        ),
        Index("ix_check_in_open_close", "closes_at", postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_check_in_open_nudge", "nudge_at", postgresql_where=OPEN, sqlite_where=OPEN),
        Index(None, "patient_id", "due_at"),
        CheckConstraint("due_at < nudge_at AND due_at < closes_at", name="window_in_order"),
        CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL)", name="outcome_with_time"),
        CheckConstraint(
            "(answered_at IS NULL) = (outcome IS NULL OR outcome <> 'answered')", name="answered_with_time"
        ),
        CheckConstraint("completed_at IS NULL OR answered_at IS NOT NULL", name="completed_is_answered"),
    )  # fmt: skip

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("check_in_plan.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    plan_version: Mapped[int]
    local_date: Mapped[date]
    slot: Mapped[Slot]
    day: Mapped[int]
    local_time: Mapped[time]
    zone: Mapped[str]
    due_at: Mapped[datetime]
    nudge_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    level: Mapped[Level | None]
    settings_version: Mapped[int | None]  # of the limits by which the level was judged
    outcome: Mapped[Outcome | None]
    outcome_reason: Mapped[str | None]
    outcome_at: Mapped[datetime | None]


class CheckInAnswer(Base):
    """One tap. Going back adds the next `n` for that page; the highest is the current one.

    `n` is the one after the answer that the person saw: of two taps of one page at once one finds it taken.
    """

    __tablename__ = "check_in_answer"
    __table_args__ = (UniqueConstraint("check_in_id", "page", "n"),)

    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_in.id"))
    page: Mapped[PageCode]
    n: Mapped[int]
    value_sealed: Mapped[bytes]
    value = Sealed()
    via: Mapped[Via]
    at: Mapped[datetime]


append_only(CheckInAnswer)


class PlannedCall(Base):
    """A day on which a person calls, whatever the check-ins say (C8.4); becomes work at `due_at`."""

    __tablename__ = "planned_call"
    __table_args__ = (
        Index(
            "uq_planned_call_standing", "plan_id", "local_date",
            unique=True, postgresql_where=KEPT, sqlite_where=KEPT,
        ),
        Index(None, "due_at"),
    )  # fmt: skip

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("check_in_plan.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    local_date: Mapped[date]
    day: Mapped[int]
    zone: Mapped[str]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class Silence(Base):
    """Somebody does not answer, from the first missed check-in until contact or a supervisor's decision."""

    __tablename__ = "silence"
    __table_args__ = (
        Index("uq_silence_open", "patient_id", unique=True, postgresql_where=ACTIVE, sqlite_where=ACTIVE),
        UniqueConstraint("check_in_id"),
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended_with_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_in.id"))
    early: Mapped[bool]  # in weeks 0 to 4 after discharge
    missed_on: Mapped[date]
    zone: Mapped[str]
    settings_version: Mapped[int]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]


class SilenceStep(Base):
    """One dated step of the ladder; becomes work once, at `due_at`. A review keeps what was decided."""

    __tablename__ = "silence_step"
    __table_args__ = (
        UniqueConstraint("silence_id", "position"),
        Index(None, "due_at", postgresql_where=WAITING, sqlite_where=WAITING),
        CheckConstraint("(raised_at IS NULL) = (item_id IS NULL)", name="raised_as_work"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)",
            name="decided_whole",
        ),
    )

    silence_id: Mapped[UUID] = mapped_column(ForeignKey("silence.id"))
    position: Mapped[int]  # 1 is the first call
    action: Mapped[Action]
    local_date: Mapped[date]
    due_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_item.id"))
    decision: Mapped[Decision | None]
    words_sealed: Mapped[bytes | None]
    words = Sealed()
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    decided_at: Mapped[datetime | None]


class RelapsePlan(Base):
    """One version of a person's relapse-prevention plan (C8.9), revised by the next one, never changed."""

    __tablename__ = "relapse_plan"
    __table_args__ = (
        UniqueConstraint("patient_id", "n"),
        CheckConstraint("(n = 1) = (reason_sealed IS NULL)", name="revision_has_reason"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    n: Mapped[int]
    parts_sealed: Mapped[bytes]
    parts = SealedJson()
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    written_at: Mapped[datetime]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))


append_only(RelapsePlan)


class Discharge(Base):
    """The end of a stay: why, with what, and where care goes on (C8.2). One for each stay that ended."""

    __tablename__ = "discharge"
    __table_args__ = (
        UniqueConstraint("stay_id"),
        CheckConstraint("naloxone <> 'given' OR naloxone_expires_on IS NOT NULL", name="naloxone_expiry"),
        CheckConstraint("(appointment_on IS NULL) = (appointment_at IS NULL)", name="appointment_complete"),
        Index(None, "patient_id"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    stay_id: Mapped[UUID] = mapped_column(ForeignKey("stay.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("check_in_plan.id"))
    relapse_plan_id: Mapped[UUID] = mapped_column(ForeignKey("relapse_plan.id"))
    reason: Mapped[Reason]
    naloxone: Mapped[Naloxone]
    naloxone_expires_on: Mapped[date | None]
    medication: Mapped[str]
    medication_note_sealed: Mapped[bytes | None]
    medication_note = Sealed()
    appointment_on: Mapped[date | None]
    appointment_at: Mapped[time | None]
    appointment_place_sealed: Mapped[bytes | None]
    appointment_place = Sealed()
    discharged_at: Mapped[datetime]
    discharged_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))


append_only(Discharge)
