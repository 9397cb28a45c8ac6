"""Deciding: settings, sites, holidays."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import select, text

from clinic.audit import services as audit
from clinic.configuration import queries
from clinic.configuration.models import ClinicSetting, Holiday, Site
from clinic.configuration.rules import plain, problem
from clinic.core import actor, settings
from clinic.core.db import transaction
from clinic.core.errors import Invalid


def set_value(key: str, value: Any, *, at: datetime) -> int:
    """Decide `key` from now on (typed as `Kind` says); the version it got. Raises Invalid(key, why)."""
    with transaction() as session:
        # One decision after the other, so that versions have no gap and checks see each other.
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("LOCK TABLE clinic_setting IN SHARE ROW EXCLUSIVE MODE"))
        g.pop("clinic_settings", None)
        before = queries.value(key)
        if why := problem(key, {**queries.values(), key: value}):
            raise Invalid(key, why)
        version = queries.version() + 1
        by = actor.get().id if actor.get().kind is actor.ActorKind.USER else None
        session.add(ClinicSetting(key=key, value=plain(value), version=version, changed_by=by, changed_at=at))
        session.flush()
        change = {key: [plain(before), plain(value)]}
        audit.record("setting.decided", at=at, subject_kind="clinic_setting", detail=key, changes=change)
    g.pop("clinic_settings", None)
    return version


def create_site(
    name: str, *, zone: str, phone: str | None = None, address: str | None = None, at: datetime
) -> UUID:
    """A further place where the clinic works. `zone` is an IANA name, `phone` E.164."""
    with transaction() as session:
        site = Site(name=name, zone=zone, phone=phone, address=address)
        session.add(site)
        session.flush()
        audit.record("site.added", at=at, subject_kind="site", subject_id=site.id)
    return site.id


def first_site(at: datetime) -> UUID:
    """The clinic's first site, made in the installation's zone where there is none yet."""
    with transaction() as session:
        found = session.scalar(select(Site.id).order_by(Site.id).limit(1))
        return found or create_site("Main site", zone=settings.current().zone, at=at)


def add_holiday(on: date, name: str, *, at: datetime) -> None:
    """A day on which the clinic does not work."""
    with transaction() as session:
        session.add(Holiday(on_date=on, name=name))
        audit.record("holiday.added", at=at, subject_kind="holiday", detail=on.isoformat())
