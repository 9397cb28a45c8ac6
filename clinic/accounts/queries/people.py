"""Who works here."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, select

from clinic.accounts.models import User
from clinic.accounts.rules import Role
from clinic.core.db import db, read


class StaffRow(NamedTuple):
    """One member of staff in a list to choose from."""

    id: UUID
    name: str
    role: Role


class StaffEntry(NamedTuple):
    """One member of staff on the administrator's page."""

    id: UUID
    name: str
    sign_in_name: str
    role: Role
    site_id: UUID
    flags: tuple[str, ...]
    phone: str | None
    disabled_at: datetime | None
    changed_at: datetime
    changed_by: UUID | None
    version: int


def staff(role: Role | None = None, site_id: UUID | None = None) -> list[StaffRow]:
    """Enabled staff by name, all or of one role or site."""
    rows = (
        select(User.id, User.name, User.role).where(User.disabled_at.is_(None)).order_by(User.name, User.id)
    )
    if role is not None:
        rows = rows.where(User.role == role)
    if site_id is not None:
        rows = rows.where(User.site_id == site_id)
    return [StaffRow(*row) for row in db.session.execute(rows)]


_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of staff by id, the disabled too: records name their author for ever."""
    if not (wanted := list(ids)):
        return {}
    return dict(read(_NAMES, {"ids": wanted}).all())


def supervisor_of(site_id: UUID) -> UUID | None:
    """The enabled supervisor of a site (the longest there); one of another site where it has none."""
    here = case((User.site_id == site_id, 0), else_=1)
    wanted = select(User.id).where(User.role == Role.SUPERVISOR, User.disabled_at.is_(None))
    return db.session.scalar(wanted.order_by(here, User.id).limit(1))


def user_by_phone_index(index: bytes) -> UUID | None:
    """Whose phone this is among enabled staff."""
    return db.session.scalar(select(User.id).where(User.phone_index == index, User.disabled_at.is_(None)))


def id_of(sign_in_name: str) -> UUID | None:
    """Whose sign-in name this is, in any case of letters."""
    return db.session.scalar(select(User.id).where(User.sign_in_name == sign_in_name.strip().lower()))


def entries() -> list[StaffEntry]:
    """All staff for the administrator, the enabled first."""
    order = (User.disabled_at.is_not(None), User.name, User.id)
    return [_entry(user) for user in db.session.scalars(select(User).order_by(*order))]


def entry(user_id: UUID) -> StaffEntry | None:
    """One member of staff for the administrator."""
    user = db.session.get(User, user_id, populate_existing=True)
    return _entry(user) if user else None


def _entry(user: User) -> StaffEntry:
    flags = tuple(flag for flag in User.FLAGS if getattr(user, flag))
    return StaffEntry(
        user.id,
        user.name,
        user.sign_in_name,
        user.role,
        user.site_id,
        flags,
        user.phone,
        user.disabled_at,
        user.changed_at,
        user.changed_by,
        user.version,
    )
