"""Who decided what, when and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from clinic.accounts import queries as accounts
from clinic.configuration.models import ClinicSetting
from clinic.configuration.rules import SETTINGS, typed
from clinic.core.db import db


class Decision(NamedTuple):
    """One decision about one key, typed; `by` is None for a command."""

    version: int
    value: Any
    by: str | None
    changed_at: datetime
    reason: str | None


def decisions() -> Mapping[str, Decision]:
    """The decision in force of every key that is not as shipped."""
    newest = select(func.max(ClinicSetting.version)).group_by(ClinicSetting.key)
    return dict(_read(select(ClinicSetting).where(ClinicSetting.version.in_(newest))))


def history(key: str) -> list[Decision]:
    """All decisions about one key, the one in force first."""
    wanted = select(ClinicSetting).where(ClinicSetting.key == key)
    return [decision for _, decision in _read(wanted.order_by(ClinicSetting.version.desc()))]


def _read(wanted: Select[ClinicSetting]) -> list[tuple[str, Decision]]:
    rows = db.session.scalars(wanted).all()
    names = accounts.names(row.changed_by for row in rows if row.changed_by)
    return [
        (
            row.key,
            Decision(
                row.version,
                typed(SETTINGS[row.key], row.value),
                names.get(row.changed_by) if row.changed_by else None,
                row.changed_at,
                row.reason,
            ),
        )
        for row in rows
        if row.key in SETTINGS
    ]
