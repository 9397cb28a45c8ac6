"""Adding and changing a site; another zone moves the instants of all that is planned there."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import registry
from clinic.configuration.models import Site, SiteDecision
from clinic.configuration.rules import SiteFacts
from clinic.core import actor, settings
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Stale


def create_site(
    name: str, *, zone: str, phone: str | None = None, address: str | None = None, at: datetime
) -> UUID:
    """A further place where the clinic works; `zone` is an IANA name. Raises Invalid for a taken name."""
    facts = SiteFacts(name, zone, phone, address)
    with transaction() as session:
        site = Site(**asdict(facts))
        session.add(site)
        _flush(session)
        _keep(session, site, facts, "Added", at)
        audit.record("site.added", at=at, subject_kind="site", subject_id=site.id)
    return site.id


def first_site(at: datetime) -> UUID:
    """The clinic's first site, made in the installation's zone where there is none yet."""
    with transaction() as session:
        found = session.scalar(select(Site.id).order_by(Site.id).limit(1))
        return found or create_site("Main site", zone=settings.current().zone, at=at)


def change_site(site_id: UUID, facts: SiteFacts, *, version: int, reason: str, at: datetime) -> None:
    """Decide how a site is from now on. What is planned there keeps its local time in a new zone (P7.1).

    Raises Missing, Stale where somebody decided meanwhile, Invalid for a taken name or a zone in which
    plans would collide.
    """
    with transaction() as session:
        site = session.get(Site, site_id, with_for_update=True, populate_existing=True)
        if site is None:
            raise Missing
        if site.version != version:
            raise Stale
        before = SiteFacts(site.name, site.zone, site.phone, site.address)
        if before == facts:
            return
        for name, value in asdict(facts).items():
            setattr(site, name, value)
        _flush(session)
        _keep(session, site, facts, reason, at)
        if before.zone != facts.zone:
            for told in registry.rezoned:
                told(site_id, before.zone, facts.zone, at)
        old, new = asdict(before), asdict(facts)
        changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
        audit.record("site.changed", at=at, subject_kind="site", subject_id=site_id, changes=changes)


def restore_site(site_id: UUID, former: int, *, version: int, at: datetime) -> None:
    """Undo: the site is again as by its version `former`. Raises what `change_site` raises."""
    with transaction() as session:
        mine = (SiteDecision.site_id == site_id, SiteDecision.version == former)
        found = session.scalar(select(SiteDecision).where(*mine))
        if found is None:
            raise Missing
        words = f"Undo: back to version {former}"
        change_site(site_id, SiteFacts(**found.facts), version=version, reason=words, at=at)


def _keep(session: Session, site: Site, facts: SiteFacts, reason: str, at: datetime) -> None:
    session.add(
        SiteDecision(
            site_id=site.id,
            version=site.version,
            facts=asdict(facts),
            reason=reason,
            changed_by=actor.user_id(),
            changed_at=at,
        )
    )


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Invalid("name", "Enter another name. There is a site of this name") from None
