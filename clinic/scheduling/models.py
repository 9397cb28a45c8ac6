"""Sessions, who and what they take up, seats, attendance, reminders."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only, statement
from clinic.core.sealed import Sealed
from clinic.scheduling.rules import CancelReason, Lead, Mark, Reply, Resource, State


class Room(Versioned, Base):
    """A place for sessions."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("site_id", "name"), CheckConstraint("capacity > 0", name="capacity"))

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    capacity: Mapped[int]
    version: Mapped[int]


class Series(Versioned, Base):
    """A group that meets weekly at a local time; its sessions are laid out weeks ahead (C6.1)."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("capacity > 0 AND minutes BETWEEN 5 AND 480", name="size"),
        Index(None, "site_id"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]
    title: Mapped[str]
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id"))
    weekday: Mapped[int]
    local_time: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    capacity: Mapped[int]
    first_on: Mapped[date]
    ends_on: Mapped[date | None]
    version: Mapped[int]


class ClinicSession(Versioned, Base):
    """One planned meeting: local date, time and zone are meant, the instants follow from them (P7.1).

    `plan_version` counts how often it was moved; reminders belong to one planned time. `series_date` is the
    date of the series that it stands for, also after it was moved.
    """

    __tablename__ = "clinic_session"
    __table_args__ = (
        UniqueConstraint("series_id", "series_date"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancelled_with_reason"),
        CheckConstraint("(state = 'held') = (signed_at IS NOT NULL)", name="held_is_signed"),
        Index(None, "site_id", "starts_at"),
        Index(None, "therapist_id", "starts_at"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))
    series_date: Mapped[date | None]
    kind: Mapped[str]
    title: Mapped[str]
    therapist_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("room.id"))
    local_date: Mapped[date]
    local_time: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int]
    plan_version: Mapped[int]
    state: Mapped[State]
    cancel_reason: Mapped[CancelReason | None]
    cancelled_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    version: Mapped[int]


class Booking(Base):
    """From when to when a session takes up a therapist, a room or a patient; never two at one time (R17)."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(None, "resource_kind", "resource_id", "starts_at"),
        Index(None, "session_id"),
    )

    resource_kind: Mapped[Resource]
    resource_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_session.id"))


_OVERLAP = (
    "EXISTS (SELECT 1 FROM booking WHERE resource_kind = NEW.resource_kind AND resource_id = NEW.resource_id "
    "AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at AND id <> NEW.id)"
)
statement(
    Booking.__table__,  # type: ignore[arg-type]
    sqlite=[
        f"CREATE TRIGGER booking_no_overlap_{what} BEFORE {what.upper()} ON booking WHEN {_OVERLAP} "
        "BEGIN SELECT RAISE(ABORT, 'booking_no_overlap'); END"
        for what in ("insert", "update")
    ],
    postgresql=[
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "ALTER TABLE booking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist "
        "(resource_kind WITH =, resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&)",
    ],
)


class Enrolment(Base):
    """A patient belongs to a group from one day to another: a seat in each of its sessions."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_open", "series_id", "patient_id", unique=True,
            sqlite_where=text("until IS NULL"), postgresql_where=text("until IS NULL"),
        ),
        Index(None, "patient_id"),
    )  # fmt: skip

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class Seat(Base):
    """One numbered place in one session: there is no seat beyond its capacity (R17)."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("session_id", "seat"),
        UniqueConstraint("session_id", "patient_id"),
        CheckConstraint("seat BETWEEN 1 AND capacity", name="within_capacity"),
        Index(None, "patient_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_session.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    seat: Mapped[int]
    capacity: Mapped[int]
    booked_at: Mapped[datetime]


class Attendance(Base):
    """How one person attended one session, as signed. A correction is a further row."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("amends_id"),
        Index(
            "uq_attendance_first", "session_id", "patient_id", unique=True,
            sqlite_where=text("amends_id IS NULL"), postgresql_where=text("amends_id IS NULL"),
        ),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 480", name="minutes"),
        CheckConstraint("(amends_id IS NULL) = (reason_sealed IS NULL)", name="amendment_has_reason"),
        Index(None, "patient_id", "signed_at"),
    )  # fmt: skip

    session_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_session.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    mark: Mapped[Mark]
    minutes: Mapped[int | None]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    signed_at: Mapped[datetime]
    amends_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance.id"))
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()


append_only(Attendance)


class SessionReminder(Base):
    """The reminder owed to one patient of one session at one planned time (reliability 2)."""

    __tablename__ = "session_reminder"
    __table_args__ = (
        UniqueConstraint("session_id", "patient_id", "session_version", "lead"),
        CheckConstraint("(withheld_at IS NULL) = (withheld_reason IS NULL)", name="withheld_with_reason"),
        CheckConstraint("(replied_at IS NULL) = (reply IS NULL)", name="reply_with_time"),
        Index(None, "patient_id", "due_at"),
        Index(None, "due_at"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("clinic_session.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    session_version: Mapped[int]
    lead: Mapped[Lead]
    due_at: Mapped[datetime]
    withheld_at: Mapped[datetime | None]
    withheld_reason: Mapped[str | None]
    reply: Mapped[Reply | None]
    replied_at: Mapped[datetime | None]
