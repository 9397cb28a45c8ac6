"""Tables of staff, their sign-ins, the on-call roster, leave and working hours."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.accounts.rules import Counted, End, Role
from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only, statement
from clinic.core.sealed import Sealed, SealedJson

ENABLED = text("disabled_at IS NULL")


class User(Versioned, Base):
    """One member of staff. Never removed, for records name their author; access ends by `disabled_at`."""

    __tablename__ = "staff_user"
    __table_args__ = (
        UniqueConstraint("sign_in_name"),
        CheckConstraint(
            "sign_in_name = lower(sign_in_name) AND sign_in_name <> ''", name="sign_in_name_lower"
        ),
        # A reply to a page tells who acknowledged it, so a phone belongs to one person.
        Index(None, "phone_index", unique=True, sqlite_where=ENABLED, postgresql_where=ENABLED),
    )

    name: Mapped[str]
    sign_in_name: Mapped[str]
    role: Mapped[Role]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    password_hash: Mapped[str]
    phone_sealed: Mapped[bytes | None]
    phone = Sealed()
    phone_index: Mapped[bytes | None]
    charge_nurse: Mapped[bool] = mapped_column(default=False)
    trainee: Mapped[bool] = mapped_column(default=False)
    facilitator: Mapped[bool] = mapped_column(default=False)
    manager: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))

    FLAGS: ClassVar[tuple[str, ...]] = ("charge_nurse", "trainee", "facilitator", "manager")


class SignInSession(Base):
    """One sign-in. The cookie holds a random id, the row its SHA-256. Times are the system's, never moved."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    token_hash: Mapped[bytes]
    device: Mapped[str]
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[End | None]


class SignInAttempt(Base):
    """Sign-ins in a row that did not succeed, of one sign-in name or one address (as blind index)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    kind: Mapped[Counted]
    key: Mapped[bytes]
    attempts: Mapped[int]
    last_at: Mapped[datetime]
    free_at: Mapped[datetime]


class KeptForm(Base):
    """What somebody had typed when the sign-in or the form's token had run out: for that person only."""

    __tablename__ = "kept_form"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    path: Mapped[str]
    fields_sealed: Mapped[bytes]
    fields = SealedJson()
    kept_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeptDraft(Base):
    """What somebody has typed into a long form so far: for that person only, one a form."""

    __tablename__ = "kept_draft"
    __table_args__ = (UniqueConstraint("user_id", "address"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    address: Mapped[str]
    fields_sealed: Mapped[bytes]
    fields = SealedJson()
    version: Mapped[int]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class OnCallShift(Base):
    """One person on one rung for a while. Planned as local date, time and zone; the instants are derived."""

    __tablename__ = "on_call_shift"
    __table_args__ = (
        CheckConstraint("rung BETWEEN 1 AND 3", name="rung"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    rung: Mapped[int]
    local_date: Mapped[date]
    starts: Mapped[time]
    ends_date: Mapped[date]
    ends: Mapped[time]
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    planned_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    planned_at: Mapped[datetime]
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    cancelled_at: Mapped[datetime | None]


_TAKEN = (
    "EXISTS (SELECT 1 FROM on_call_shift WHERE cancelled_at IS NULL AND rung = NEW.rung "
    "AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)"
)
statement(
    OnCallShift.metadata.tables["on_call_shift"],
    sqlite=[
        f"CREATE TRIGGER on_call_shift_one_per_rung_{what} BEFORE {what.upper()} ON on_call_shift "
        f"WHEN NEW.cancelled_at IS NULL AND {_TAKEN} "
        "BEGIN SELECT RAISE(ABORT, 'on_call_shift_one_per_rung'); END"
        for what in ("insert", "update")
    ],
    postgresql=[
        "ALTER TABLE on_call_shift ADD CONSTRAINT on_call_shift_one_per_rung EXCLUDE USING gist "
        "(int4range(rung, rung, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) "
        "WHERE (cancelled_at IS NULL)"
    ],
)


class Leave(Versioned, Base):
    """Somebody is away, both local days included; the instants are derived. While it lasts the cover acts."""

    __tablename__ = "staff_leave"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on AND ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("cover_id <> user_id", name="cover_is_another"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"), index=True)
    cover_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    planned_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    planned_at: Mapped[datetime]
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    cancelled_at: Mapped[datetime | None]


_OVERLAP = (
    "EXISTS (SELECT 1 FROM staff_leave WHERE cancelled_at IS NULL AND user_id = NEW.user_id "
    "AND id <> NEW.id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)"
)
statement(
    Leave.metadata.tables["staff_leave"],
    sqlite=[
        f"CREATE TRIGGER staff_leave_no_overlap_{what} BEFORE {what.upper()} ON staff_leave "
        f"WHEN NEW.cancelled_at IS NULL AND {_OVERLAP} "
        "BEGIN SELECT RAISE(ABORT, 'staff_leave_no_overlap'); END"
        for what in ("insert", "update")
    ],
    postgresql=[
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "ALTER TABLE staff_leave ADD CONSTRAINT staff_leave_no_overlap EXCLUDE USING gist "
        "(user_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (cancelled_at IS NULL)",
    ],
)


class StaffHours(Base):
    """When somebody works in a week, from `version` on; the newest row holds.

    `hours`: weekday (0 is Monday), from, until, each as text.
    """

    __tablename__ = "staff_hours"
    __table_args__ = (UniqueConstraint("user_id", "version"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    version: Mapped[int]
    hours: Mapped[list[Any]]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[datetime]


append_only(StaffHours)
