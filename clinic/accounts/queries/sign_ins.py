"""Who stands behind a cookie, and what was kept of a run-out sign-in."""

import hashlib
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import Row, bindparam, select

from clinic.accounts.models import KeptDraft, KeptForm, SignInSession, User
from clinic.accounts.rules import End, ended
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db, read
from clinic.web.drafts import Draft


class SignedIn(UserMixin):
    """The member of staff behind a request, as `current_user`; a plain value, never a row that reloads."""

    def __init__(self, row: Row[*tuple[Any, ...]]) -> None:
        self.session_id = row.session_id
        self.last_seen_at = row.last_seen_at
        self.id = row.id
        self.name = row.name
        self.role = row.role
        self.site_id = row.site_id
        self.flags = frozenset(flag for flag in User.FLAGS if getattr(row, flag))

    def actor(self, covers: tuple[UUID, ...] = ()) -> Actor:
        """Who acts, for policy and audit: relations may be held by the user, the user's site and `covers`."""
        subjects = (self.id, self.site_id, *covers)
        return Actor(ActorKind.USER, self.id, self.name, self.role, self.site_id, subjects, covers)


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
    row = _session(token)
    return None if row is None or _end(row, real) else SignedIn(row)


class Ended(NamedTuple):
    """Whose sign-in a dead cookie was, and why it ended."""

    user_id: UUID
    reason: End


def signed_out(token: str, real: datetime) -> Ended | None:
    """Whose sign-in this cookie was, if it is over at `real`."""
    row = _session(token)
    reason = _end(row, real) if row else None
    return Ended(row.id, reason) if row and reason else None


# Built once: every request asks it.
_SESSION = (
    select(
        SignInSession.id.label("session_id"), SignInSession.started_at, SignInSession.last_seen_at,
        SignInSession.end_reason, User.id, User.name, User.role, User.site_id, User.disabled_at,
        *(getattr(User, flag) for flag in User.FLAGS),
    )
    .join(User, User.id == SignInSession.user_id)
    .where(SignInSession.token_hash == bindparam("token_hash"))
)  # fmt: skip


def _session(token: str) -> Row[*tuple[Any, ...]] | None:
    return read(_SESSION, {"token_hash": token_hash(token)}).first()


def _end(row: Row[*tuple[Any, ...]], real: datetime) -> End | None:
    if row.disabled_at is not None:
        return End.DISABLED
    end: End | None = row.end_reason
    return end or ended(row.started_at, row.last_seen_at, real)


def kept_form(kept_id: UUID, real: datetime) -> KeptForm | None:
    """A form kept because it came too late, while its day lasts; whose it is the caller must ask."""
    kept = db.session.get(KeptForm, kept_id)
    return kept if kept and kept.expires_at > real else None


def draft_of(user_id: UUID, address: str) -> Draft | None:
    """What somebody has typed so far into the form at an address."""
    columns = (KeptDraft.id, KeptDraft.version, KeptDraft.saved_at, KeptDraft.fields_sealed)
    wanted = select(*columns).where(KeptDraft.user_id == user_id, KeptDraft.address == address)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    return Draft(row.version, row.saved_at, KeptDraft.fields.reveal(row.id, row.fields_sealed))
