"""The episode, its stays, and the offers to take it over."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.sealed import Sealed
from clinic.episodes.rules import ContactKind, Medication, Track

NOT_CLOSED = text("closed_at IS NULL")
NOT_ENDED = text("ends_at IS NULL")
NOT_ANSWERED = text("answered_at IS NULL")


class Episode(Versioned, Base):
    """One person's way from admission to the end of aftercare; open, it has an owner and a next contact."""

    __tablename__ = "episode"
    __table_args__ = (
        Index(
            "uq_episode_open", "patient_id", unique=True, postgresql_where=NOT_CLOSED, sqlite_where=NOT_CLOSED
        ),
        CheckConstraint(
            "closed_at IS NOT NULL OR (next_contact_at IS NOT NULL AND next_contact_on IS NOT NULL"
            " AND next_contact_time IS NOT NULL AND next_contact_zone IS NOT NULL"
            " AND next_contact_kind IS NOT NULL)",
            name="open_has_next_contact",
        ),
        Index(None, "owner_id", postgresql_where=NOT_CLOSED, sqlite_where=NOT_CLOSED),
        Index(None, "patient_id"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    last_contact_at: Mapped[datetime | None]
    next_contact_at: Mapped[datetime | None]
    next_contact_on: Mapped[date | None]
    next_contact_time: Mapped[time | None]
    next_contact_zone: Mapped[str | None]
    next_contact_kind: Mapped[ContactKind | None]


class Stay(Base):
    """A time on one track. Moving on ends it and adds the next."""

    __tablename__ = "stay"
    __table_args__ = (
        Index("uq_stay_open", "episode_id", unique=True, postgresql_where=NOT_ENDED, sqlite_where=NOT_ENDED),
        Index(None, "episode_id"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
    )

    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    track: Mapped[Track]
    medication: Mapped[Medication]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    started_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))


class HandOver(Base):
    """An offer of the baton. Until it is accepted the giver keeps it."""

    __tablename__ = "hand_over"
    __table_args__ = (
        Index(
            "uq_hand_over_open",
            "episode_id",
            unique=True,
            postgresql_where=NOT_ANSWERED,
            sqlite_where=NOT_ANSWERED,
        ),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_with_answer"),
    )

    episode_id: Mapped[UUID] = mapped_column(ForeignKey("episode.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    words_sealed: Mapped[bytes | None]
    words = Sealed()
