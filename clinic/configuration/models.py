"""Tables of sites, holidays and clinic settings."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed
from clinic.core.types import DATA


class Site(Base):
    """A place where the clinic works. `zone` (IANA) rules its calendar days; `phone` is public."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    zone: Mapped[str]
    phone: Mapped[str | None]
    address_sealed: Mapped[bytes | None]
    address = Sealed()


class Holiday(Base):
    """A day on which the clinic does not work."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("on_date"),)

    on_date: Mapped[date]
    name: Mapped[str]


class ClinicSetting(Base):
    """One decision: from `version` on this key has this value. The newest row of a key holds.

    Versions count all decisions of the clinic, so that one number tells everything that was in force.
    """

    __tablename__ = "clinic_setting"
    __table_args__ = (UniqueConstraint("version"), CheckConstraint("version > 0", name="version"))

    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[Any] = mapped_column(DATA)
    version: Mapped[int]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[datetime]


append_only(ClinicSetting)
