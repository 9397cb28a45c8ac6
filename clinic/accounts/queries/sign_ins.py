"""Who stands behind a cookie, and what was kept of a run-out sign-in."""

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import select

from clinic.accounts.models import KeptDraft, KeptForm, SignInSession, User
from clinic.accounts.rules import End, ended
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.web.drafts import Draft


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


def draft_of(user_id: UUID, address: str) -> Draft | None:
    """What somebody has typed so far into the form at an address."""
    columns = (KeptDraft.id, KeptDraft.version, KeptDraft.saved_at, KeptDraft.fields_sealed)
    wanted = select(*columns).where(KeptDraft.user_id == user_id, KeptDraft.address == address)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    return Draft(row.version, row.saved_at, KeptDraft.fields.reveal(row.id, row.fields_sealed))
