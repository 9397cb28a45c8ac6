"""Tables of sites and clinic settings, with every decision about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed, SealedJson
from clinic.core.types import DATA


class Site(Versioned, Base):
    """A place where the clinic works. `zone` (IANA) rules its calendar days; `phone` is public."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    zone: Mapped[str]
    phone: Mapped[str | None]
    address_sealed: Mapped[bytes | None]
    address = Sealed()


class SiteDecision(Base):
    """How a site was from `version` on, kept for ever; the newest row says the same as the site."""

    __tablename__ = "site_decision"
    __table_args__ = (UniqueConstraint("site_id", "version"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    version: Mapped[int]
    facts_sealed: Mapped[bytes]
    facts = SealedJson()
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[datetime]


append_only(SiteDecision)


class ClinicSetting(Base):
    """One decision: from `version` on this key has this value. The newest row of a key holds.

    Versions count all decisions of the clinic, so that one number tells everything that was in force.
    """

    __tablename__ = "clinic_setting"
    __table_args__ = (UniqueConstraint("version"), CheckConstraint("version > 0", name="version"))

    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[Any] = mapped_column(DATA)
    version: Mapped[int]
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[datetime]


append_only(ClinicSetting)
