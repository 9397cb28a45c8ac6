"""Tables of the house itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from clinic.core.db import Base


class Heartbeat(Base):
    """One row per periodic job: when it last began, last ended well, and how many rows it changed."""

    __tablename__ = "heartbeat"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    handled: Mapped[int]


class SubmittedForm(Base):
    """A form that was taken once; the second post of it is led to the first result."""

    __tablename__ = "submitted_form"

    location: Mapped[str | None]
    submitted_at: Mapped[datetime]
    by_id: Mapped[UUID | None]


class FloodCount(Base):
    """How many came through a door from one place (a keyed fingerprint) within a window since `window_at`."""

    __tablename__ = "flood_count"
    __table_args__ = (UniqueConstraint("place"), Index(None, "window_at"))

    place: Mapped[bytes]
    window_at: Mapped[datetime]
    count: Mapped[int]
