"""Deciding a setting. Nothing is overwritten: a decision is a further row, and to undo is one too."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries
from clinic.configuration.models import ClinicSetting
from clinic.configuration.rules import SETTINGS, Holiday, plain, problem, typed
from clinic.core import actor, settings
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Stale


def set_value(
    key: str, value: Any, *, at: datetime, reason: str | None = None, read: int | None = None
) -> int:
    """Decide `key` from now on (typed as `Kind` says); the version it got.

    `read` is the version of the key that the decision was made on, 0 for as shipped; None for a command.
    Raises Stale where somebody decided meanwhile, Invalid("value", why).
    """
    with transaction() as session:
        _one_after_the_other(session)
        if read is not None and read != _newest(session, key):
            raise Stale
        before = queries.value(key)
        _refuse(key, value)
        version = queries.version() + 1
        session.add(
            ClinicSetting(
                key=key,
                value=plain(value),
                version=version,
                reason=reason,
                changed_by=actor.user_id(),
                changed_at=at,
            )
        )
        session.flush()
        change = {key: [plain(before), plain(value)]}
        audit.record("setting.decided", at=at, subject_kind="clinic_setting", detail=key, changes=change)
    queries.forget()
    return version


def restore(key: str, version: int, *, at: datetime, reason: str, read: int) -> int:
    """Undo: decide what was in force by `version` of this key again, 0 for as shipped.

    Raises Missing for a version that is none of this key, and what `set_value` raises.
    """
    with transaction() as session:
        wanted = select(ClinicSetting.value).where(ClinicSetting.key == key)
        row = session.execute(wanted.where(ClinicSetting.version == version)).one_or_none()
        if row is None and version:
            raise Missing
        value = typed(SETTINGS[key], row.value) if row else SETTINGS[key].default
        return set_value(key, value, at=at, reason=reason, read=read)


def add_holiday(on: date, name: str, *, at: datetime) -> None:
    """A further day on which the clinic does not work."""
    with transaction():
        queries.forget()
        holidays = sorted((*queries.value("holidays"), Holiday(on, name)), key=lambda holiday: holiday.on)
        set_value("holidays", tuple(holidays), at=at)


def _one_after_the_other(session: Session) -> None:
    """Versions have no gap, and the check of one decision sees the decision before it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE clinic_setting IN SHARE ROW EXCLUSIVE MODE"))
    queries.forget()


def _newest(session: Session, key: str) -> int:
    wanted = select(func.coalesce(func.max(ClinicSetting.version), 0)).where(ClinicSetting.key == key)
    return session.scalars(wanted).one()


def _refuse(key: str, value: Any) -> None:
    if why := problem(key, {**queries.values(), key: value}):
        raise Invalid("value", why)
    region = settings.current().region
    if key == "crisis_lines" and not any(line.country == region for line in value):
        raise Invalid("value", f"Crisis numbers: keep those of {region}, where this clinic works")
