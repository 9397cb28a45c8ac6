"""Where the clinic works, and how each site was before."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select

from clinic.accounts import queries as accounts
from clinic.configuration.models import Site, SiteDecision
from clinic.configuration.rules import SiteFacts
from clinic.core.db import db, read


class SiteRow(NamedTuple):
    """A place where the clinic works; `zone` is an IANA name, `phone` E.164."""

    id: UUID
    name: str
    zone: str
    phone: str | None


class SiteEntry(NamedTuple):
    """One version of a site on the administrator's page; `by` is None for a command."""

    version: int
    facts: SiteFacts
    by: str | None
    changed_at: datetime
    reason: str | None


def sites() -> list[SiteRow]:
    """All sites by name."""
    rows = select(Site.id, Site.name, Site.zone, Site.phone).order_by(Site.name)
    return [SiteRow(*row) for row in db.session.execute(rows)]


_SITE = select(Site.id, Site.name, Site.zone, Site.phone).where(Site.id == bindparam("site_id"))


def site(site_id: UUID) -> SiteRow:
    """One site. Raises NoResultFound."""
    return SiteRow(*read(_SITE, {"site_id": site_id}).one())


def site_history(site_id: UUID) -> list[SiteEntry]:
    """All versions of a site, the one in force first; empty where there is no such site."""
    wanted = select(SiteDecision).where(SiteDecision.site_id == site_id)
    rows = db.session.scalars(wanted.order_by(SiteDecision.version.desc())).all()
    names = accounts.names(row.changed_by for row in rows if row.changed_by)
    return [
        SiteEntry(
            row.version,
            SiteFacts(**row.facts),
            names.get(row.changed_by) if row.changed_by else None,
            row.changed_at,
            row.reason,
        )
        for row in rows
    ]
