"""Coming in and going out. Limits run on the system's time (`real`); the trail keeps the clinic's (`at`)."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from clinic.accounts.models import KeptDraft, KeptForm, SignInAttempt, SignInSession, User
from clinic.accounts.queries import token_hash
from clinic.accounts.rules import ABSOLUTE, FORGOTTEN_AFTER, Counted, End
from clinic.accounts.services import passwords, throttle
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import db, transaction
from clinic.core.errors import Missing, Refused

KEEP_ENDED = timedelta(days=30)


class NoMatch(Refused):
    """Sign-in name and password do not match; which of them is wrong nobody learns."""

    status = 422

    def __init__(self) -> None:
        super().__init__("Sign-in name and password do not match. Try again, or ask your administrator")


def sign_in(
    sign_in_name: str,
    password: str,
    *,
    address: str,
    device: str,
    at: datetime,
    real: datetime,
    instead_of: str | None = None,
) -> str:
    """Let somebody in: the new cookie's token. `instead_of`, the token held before, ends.

    Raises NoMatch and TooManyAttempts. Every attempt counts until it turns out to be the right one, so
    that many at one moment are no way around the delay.
    """
    sign_in_name = sign_in_name.strip().lower()
    try:
        with transaction():
            throttle.count(Counted.ADDRESS, address, real=real)
            throttle.count(Counted.ACCOUNT, sign_in_name, real=real)
    except throttle.TooManyAttempts:
        audit.record("sign_in.refused", at=at, detail="too_many")
        raise
    named = select(User).where(User.sign_in_name == sign_in_name, User.disabled_at.is_(None))
    user = db.session.scalar(named)
    if not passwords.matches(password, user.password_hash if user else None) or user is None:
        known = user.id if user else None
        audit.record("sign_in.refused", at=at, subject_kind="staff_user", subject_id=known, detail="no_match")
        raise NoMatch
    token = secrets.token_urlsafe(32)
    with transaction() as session, actor.acting(_as(user)):
        throttle.forgive(sign_in_name, real=real)
        throttle.take_back(address, real=real)
        if fresh := passwords.outdated(password, user.password_hash):
            session.execute(update(User).where(User.id == user.id).values(password_hash=fresh))
        if instead_of:
            _end(SignInSession.token_hash == token_hash(instead_of), reason=End.SIGNED_OUT, real=real)
        hashed = token_hash(token)
        row = SignInSession(
            user_id=user.id, token_hash=hashed, device=device, started_at=real, last_seen_at=real
        )
        session.add(row)
        audit.record("sign_in.done", at=at, subject_kind="sign_in_session", subject_id=row.id)
    return token


def _as(user: User) -> actor.Actor:
    return actor.Actor(actor.ActorKind.USER, user.id, user.name, user.role, user.site_id)


def saw(session_id: UUID, *, real: datetime) -> None:
    """The sign-in was used at `real`. Doors call it at most once a minute."""
    mine = (SignInSession.id == session_id, SignInSession.ended_at.is_(None))
    with transaction() as session:
        session.execute(update(SignInSession).where(*mine).values(last_seen_at=real))


def sign_out(session_id: UUID, *, at: datetime, real: datetime) -> None:
    """End this sign-in."""
    with transaction():
        _end(SignInSession.id == session_id, reason=End.SIGNED_OUT, real=real)
        audit.record("sign_in.ended", at=at, subject_kind="sign_in_session", subject_id=session_id)


def end_session(session_id: UUID, user_id: UUID, *, at: datetime, real: datetime) -> None:
    """End one sign-in of this user from elsewhere. Raises Missing for somebody else's."""
    mine = (SignInSession.id == session_id) & (SignInSession.user_id == user_id)
    with transaction() as session:
        if session.scalar(select(SignInSession.id).where(mine)) is None:
            raise Missing
        _end(mine, reason=End.BY_ADMINISTRATOR, real=real)
        audit.record("sign_in.ended", at=at, subject_kind="sign_in_session", subject_id=session_id)


def end_sessions(user_id: UUID, reason: End, *, at: datetime, real: datetime) -> None:
    """End all sign-ins of this user."""
    with transaction():
        _end(SignInSession.user_id == user_id, reason=reason, real=real)
        audit.record("sign_in.ended", at=at, subject_kind="staff_user", subject_id=user_id, detail=reason)


def _end(which: object, *, reason: End, real: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(SignInSession)
            .where(which, SignInSession.ended_at.is_(None))  # type: ignore[arg-type]
            .values(ended_at=real, end_reason=reason)
        )


def forget_old(*, real: datetime) -> int:
    """Remove what nobody asks for any more: kept forms past their day, old counts, long-ended sign-ins."""
    over = real - KEEP_ENDED - ABSOLUTE
    gone = [
        delete(KeptForm).where(KeptForm.expires_at <= real),
        delete(KeptDraft).where(KeptDraft.expires_at <= real),
        delete(SignInAttempt).where(SignInAttempt.last_at < real - FORGOTTEN_AFTER),
        delete(SignInSession).where(or_(SignInSession.ended_at < over, SignInSession.started_at < over)),
    ]
    with transaction() as session:
        return sum(len(session.scalars(one.returning(one.table.c.id)).all()) for one in gone)
