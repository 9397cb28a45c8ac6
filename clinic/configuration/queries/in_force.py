"""What the clinic has decided as of now; read once per request, command or task."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import func, select

from clinic.configuration.models import ClinicSetting
from clinic.configuration.rules import (
    SETTINGS,
    CrisisLine,
    SessionKind,
    add_working_days,
    is_working_day,
    typed,
)
from clinic.core import settings
from clinic.core.db import read


class InForce(NamedTuple):
    """All decisions of one moment: what is recorded under `values` keeps `version`."""

    version: int
    values: Mapping[str, Any]


_NEWEST = select(ClinicSetting.key, ClinicSetting.value, ClinicSetting.version).where(
    ClinicSetting.version.in_(select(func.max(ClinicSetting.version)).group_by(ClinicSetting.key))
)


def in_force() -> InForce:
    """Every decision by key, typed, with the number of the newest one; 0 while all is as shipped."""
    if "clinic_settings" not in g:
        rows = read(_NEWEST).all()
        decided = {row.key: row.value for row in rows}
        values = {
            key: typed(setting, decided[key]) if key in decided else setting.default
            for key, setting in SETTINGS.items()
        }
        g.clinic_settings = InForce(max((row.version for row in rows), default=0), values)
    found: InForce = g.clinic_settings
    return found


def forget() -> None:
    """Read anew: a decision was made, or somebody else may have made one."""
    g.pop("clinic_settings", None)


def values() -> Mapping[str, Any]:
    """Every decision in force by key, typed."""
    return in_force().values


def value(key: str) -> Any:
    """One decision in force, typed as `Kind` says. Raises KeyError for a key that is none."""
    return values()[key]


def version() -> int:
    """The number of the newest decision among those in `values()`; 0 while all is as shipped."""
    return in_force().version


def _holidays() -> set[date]:
    return {holiday.on for holiday in value("holidays")}


def working_day(day: date) -> bool:
    """Whether the clinic works on this day (C4.8)."""
    return is_working_day(day, value("working_days"), _holidays())


def next_working_day(day: date, count: int = 1) -> date:
    """The `count`th working day after `day` by the clinic's calendar (C4.8)."""
    return add_working_days(day, count, value("working_days"), _holidays())


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
