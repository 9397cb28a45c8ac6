"""Reading staff, sign-ins and the roster."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import case, select

from clinic.accounts.models import KeptForm, OnCallShift, SignInSession, User
from clinic.accounts.rules import End, Role, ended
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db


class SignedIn(UserMixin):
    """The member of staff behind a request, as `current_user`; a plain value, never a row that reloads."""

    def __init__(self, session: SignInSession, user: User) -> None:
        self.session_id = session.id
        self.last_seen_at = session.last_seen_at
        self.id = user.id
        self.name = user.name
        self.role = user.role
        self.site_id = user.site_id
        self.flags = frozenset(flag for flag in User.FLAGS if getattr(user, flag))

    @property
    def actor(self) -> Actor:
        """Who acts, for policy and audit: relations may be held by the user and by the user's site."""
        subjects = (self.id, self.site_id)
        return Actor(ActorKind.USER, self.id, self.name, self.role, self.site_id, subjects)


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


class OnCall(NamedTuple):
    """Who is to be paged, in the order of `rung` (1 first). `phone` is None where nobody entered it."""

    user_id: UUID
    name: str
    rung: int
    phone: str | None
    ends_at: datetime


class Shift(NamedTuple):
    """One planned shift on the roster, in its own zone."""

    id: UUID
    user_id: UUID
    name: str
    rung: int
    local_date: date
    starts: time
    ends_date: date
    ends: time
    zone: str
    starts_at: datetime
    ends_at: datetime
    has_phone: bool


class SessionRow(NamedTuple):
    """One open sign-in, for whoever may end it."""

    id: UUID
    user_id: UUID
    device: str
    started_at: datetime
    last_seen_at: datetime


def token_hash(token: str) -> bytes:
    """What is kept of a sign-in cookie."""
    return hashlib.sha256(token.encode()).digest()


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


def names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of staff by id, the disabled too: records name their author for ever."""
    wanted = set(ids)
    if not wanted:
        return {}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(wanted))).all())


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


def on_call(now: datetime) -> list[OnCall]:
    """Who is on call at `now`, first rung first; empty where the roster has nobody."""
    rows = (
        select(User.id, User.name, OnCallShift.rung, User.phone_sealed, OnCallShift.ends_at)
        .join(User, User.id == OnCallShift.user_id)
        .where(OnCallShift.starts_at <= now, OnCallShift.ends_at > now, OnCallShift.cancelled_at.is_(None))
        .where(User.disabled_at.is_(None))
        .order_by(OnCallShift.rung)
    )
    return [
        OnCall(id_, name, rung, User.phone.reveal(id_, phone), ends_at)
        for id_, name, rung, phone, ends_at in db.session.execute(rows)
    ]


def shifts(now: datetime) -> list[Shift]:
    """Shifts that are not over yet, soonest first."""
    columns = ("local_date", "starts", "ends_date", "ends", "zone", "starts_at", "ends_at")
    rows = (
        select(
            OnCallShift.id,
            User.id,
            User.name,
            OnCallShift.rung,
            *(getattr(OnCallShift, column) for column in columns),
            User.phone_index.is_not(None),
        )
        .join(User, User.id == OnCallShift.user_id)
        .where(OnCallShift.ends_at > now, OnCallShift.cancelled_at.is_(None))
        .order_by(OnCallShift.starts_at, OnCallShift.rung)
    )
    return [Shift(*row) for row in db.session.execute(rows)]


def sessions(real: datetime, user_id: UUID | None = None) -> list[SessionRow]:
    """Sign-ins that are open at `real` (the system's time), the latest first."""
    rows = select(SignInSession).where(SignInSession.ended_at.is_(None)).order_by(SignInSession.id.desc())
    if user_id is not None:
        rows = rows.where(SignInSession.user_id == user_id)
    return [
        SessionRow(row.id, row.user_id, row.device, row.started_at, row.last_seen_at)
        for row in db.session.scalars(rows)
        if ended(row.started_at, row.last_seen_at, real) is None
    ]


def signed_in(token: str, real: datetime) -> SignedIn | None:
    """Who holds this sign-in cookie, if it is open at `real`."""
    found = _session(token)
    if found is None:
        return None
    session, user = found
    return None if _end(session, user, real) else SignedIn(session, user)


class Ended(NamedTuple):
    """Whose sign-in a dead cookie was, and why it ended."""

    user_id: UUID
    reason: End


def signed_out(token: str, real: datetime) -> Ended | None:
    """Whose sign-in this cookie was, if it is over at `real`."""
    found = _session(token)
    if found is None:
        return None
    session, user = found
    reason = _end(session, user, real)
    return Ended(user.id, reason) if reason else None


def _session(token: str) -> tuple[SignInSession, User] | None:
    rows = select(SignInSession, User).join(User, User.id == SignInSession.user_id)
    found = db.session.execute(rows.where(SignInSession.token_hash == token_hash(token))).first()
    return (found[0], found[1]) if found else None


def _end(session: SignInSession, user: User, real: datetime) -> End | None:
    if user.disabled_at is not None:
        return End.DISABLED
    return session.end_reason or ended(session.started_at, session.last_seen_at, real)


def kept_form(kept_id: UUID, real: datetime) -> KeptForm | None:
    """A form kept because it came too late, while its day lasts; whose it is the caller must ask."""
    kept = db.session.get(KeptForm, kept_id)
    return kept if kept and kept.expires_at > real else None
