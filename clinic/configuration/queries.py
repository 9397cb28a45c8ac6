"""Reading what the clinic decided, its sites and its calendar."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import g
from sqlalchemy import func, select

from clinic.configuration.models import ClinicSetting, Holiday, Site
from clinic.configuration.rules import (
    SETTINGS,
    CrisisLine,
    SessionKind,
    add_working_days,
    is_working_day,
    typed,
)
from clinic.core import settings
from clinic.core.db import db


class SiteRow(NamedTuple):
    """A place where the clinic works; `zone` is an IANA name, `phone` E.164."""

    id: UUID
    name: str
    zone: str
    phone: str | None


def values() -> Mapping[str, Any]:
    """Every decision in force by key, typed; read once per request, command or task."""
    if "clinic_settings" not in g:
        newest = select(func.max(ClinicSetting.version)).group_by(ClinicSetting.key)
        rows = select(ClinicSetting.key, ClinicSetting.value).where(ClinicSetting.version.in_(newest))
        decided: dict[str, Any] = dict(db.session.execute(rows).all())
        g.clinic_settings = {
            key: typed(setting, decided[key]) if key in decided else setting.default
            for key, setting in SETTINGS.items()
        }
    in_force: Mapping[str, Any] = g.clinic_settings
    return in_force


def value(key: str) -> Any:
    """One decision in force, typed as `Kind` says. Raises KeyError for a key that is none."""
    return values()[key]


def version() -> int:
    """The number of the clinic's newest decision; 0 while all is as shipped."""
    return db.session.scalar(select(func.coalesce(func.max(ClinicSetting.version), 0))) or 0


def sites() -> list[SiteRow]:
    """All sites by name."""
    rows = select(Site.id, Site.name, Site.zone, Site.phone).order_by(Site.name)
    return [SiteRow(*row) for row in db.session.execute(rows)]


def site(site_id: UUID) -> SiteRow:
    """One site. Raises NoResultFound."""
    rows = select(Site.id, Site.name, Site.zone, Site.phone).where(Site.id == site_id)
    return SiteRow(*db.session.execute(rows).one())


def _holidays(after: date) -> set[date]:
    return set(db.session.scalars(select(Holiday.on_date).where(Holiday.on_date >= after)))


def working_day(day: date) -> bool:
    """Whether the clinic works on this day (C4.8)."""
    return is_working_day(day, value("working_days"), _holidays(day))


def next_working_day(day: date, count: int = 1) -> date:
    """The `count`th working day after `day` by the clinic's calendar (C4.8)."""
    return add_working_days(day, count, value("working_days"), _holidays(day))


def crisis_lines(country: str | None = None) -> list[CrisisLine]:
    """Numbers to call now, emergency first, of the installation's region unless told; unknown: none."""
    wanted = country or settings.current().region
    return [line for line in value("crisis_lines") if line.country == wanted]


def emergency_number(country: str | None = None) -> str | None:
    """The emergency number, None where the country is unknown: never a guess (P5.4)."""
    return next((line.number for line in crisis_lines(country) if line.emergency), None)


def session_kind(code: str) -> SessionKind | None:
    """One kind of session as in force now."""
    return next((kind for kind in value("session_kinds") if kind.code == code), None)
