"""Adding, changing and disabling staff."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.accounts import registry
from clinic.accounts.models import User
from clinic.accounts.rules import WITHOUT_PATIENTS, Counted, End, Role, StaffDetails, refusal
from clinic.accounts.services import passwords, throttle
from clinic.accounts.services.leave import leave_clinic
from clinic.accounts.services.roster import cancel_shifts_of
from clinic.accounts.services.sessions import end_sessions
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid, Refused, Stale
from clinic.core.sealed import blind_index

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


def first_password() -> str:
    """A random password to hand over: 20 characters in groups of five, 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def create_user(
    *,
    name: str,
    sign_in_name: str,
    role: Role,
    site_id: UUID,
    password: str,
    at: datetime,
    phone: str | None = None,
    flags: frozenset[str] = frozenset(),
) -> UUID:
    """Add a member of staff. Raises Invalid for a taken name or phone and a password that cannot be."""
    details = StaffDetails(name, sign_in_name, role, site_id, phone, flags)
    _refuse_weak(password, name, sign_in_name)
    with transaction() as session:
        user = User(password_hash=passwords.hash_password(password), changed_at=at, **_columns(details))
        user.phone, user.changed_by = phone, _by()
        session.add(user)
        _flush(session)
        audit.record("staff.added", at=at, subject_kind="staff_user", subject_id=user.id, detail=role)
    return user.id


def update_user(user_id: UUID, details: StaffDetails, *, version: int, at: datetime, real: datetime) -> None:
    """Change a member of staff. A new role or site ends the sign-ins, so that rights are read anew.

    Whoever gets a role without patients hands on what they own, in the same transaction.

    Raises Stale when somebody saved meanwhile, Invalid for a taken name or phone, Refused for the last
    administrator.
    """
    with transaction() as session:
        if details.role is not Role.ADMINISTRATOR:
            _refuse_last_administrator(session, user_id)
        user = _locked(session, user_id)
        if user.version != version:
            raise Stale
        columns = _columns(details)
        changes = {name: [str(getattr(user, name)), str(new)] for name, new in columns.items()}
        changes["phone"] = [str(user.phone), str(details.phone)]
        del changes["phone_index"]
        moved = (user.role, user.site_id) != (details.role, details.site_id)
        for name, value in columns.items():
            setattr(user, name, value)
        user.phone, user.changed_at, user.changed_by = details.phone, at, _by()
        _flush(session)
        if moved:
            end_sessions(user_id, End.CHANGED, at=at, real=real)
        if details.role in WITHOUT_PATIENTS:
            _hand_on(user_id, at)
        changes = {name: both for name, both in changes.items() if both[0] != both[1]}
        audit.record("staff.changed", at=at, subject_kind="staff_user", subject_id=user_id, changes=changes)


def disable_user(user_id: UUID, *, reason: str = "left", at: datetime, real: datetime) -> None:
    """End somebody's access now, and in the same transaction hand on whatever they own (reliability 12).

    `reason` is a code. Raises Refused for the only administrator.
    """
    with transaction() as session:
        _refuse_last_administrator(session, user_id)
        user = _locked(session, user_id)
        if user.disabled_at is not None:
            return
        user.disabled_at, user.changed_at, user.changed_by = at, at, _by()
        session.flush()
        end_sessions(user_id, End.DISABLED, at=at, real=real)
        cancel_shifts_of(user_id, at=at)
        leave_clinic(user_id, at=at)
        _hand_on(user_id, at)
        audit.record("staff.disabled", at=at, subject_kind="staff_user", subject_id=user_id, detail=reason)


def reset_password(user_id: UUID, password: str, *, at: datetime, real: datetime) -> None:
    """Give a new password and end all sign-ins made with the old one. Raises Invalid."""
    with transaction() as session:
        user = _locked(session, user_id)
        _refuse_weak(password, user.name, user.sign_in_name)
        user.password_hash, user.changed_at, user.changed_by = passwords.hash_password(password), at, _by()
        session.flush()
        end_sessions(user_id, End.CHANGED, at=at, real=real)
        audit.record("staff.password_reset", at=at, subject_kind="staff_user", subject_id=user_id)


def prove_password(user_id: UUID, current: str, *, at: datetime, real: datetime) -> None:
    """Whoever gives oneself a new password knows the old one. Raises Invalid("current").

    Wrong attempts count like those to sign in: raises TooManyAttempts. What counts them must outlast the
    refusal, so this stands in no transaction of the caller.
    """
    user = db.session.get_one(User, user_id)
    throttle.count(Counted.ACCOUNT, user.sign_in_name, real=real)
    if not passwords.matches(current, user.password_hash):
        audit.record("staff.password_refused", at=at, subject_kind="staff_user", subject_id=user_id)
        raise Invalid("current", "Enter your current password. This one does not match")
    throttle.forgive(user.sign_in_name, real=real)


def _columns(details: StaffDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "sign_in_name": details.sign_in_name.lower(),
        "role": details.role,
        "site_id": details.site_id,
        "phone_index": blind_index(details.phone) if details.phone else None,
        **{flag: flag in details.flags for flag in User.FLAGS},
    }


def _hand_on(user_id: UUID, at: datetime) -> None:
    for told in registry.on_disable:
        told(user_id, at)


def _by() -> UUID | None:
    who = actor.get()
    return who.id if who.kind is actor.ActorKind.USER else None


def _locked(session: Session, user_id: UUID) -> User:
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def _refuse_weak(password: str, *near: str) -> None:
    why = refusal(password, (*near, registry.slots.clinic_name()))
    if why:
        raise Invalid("password", why)


def _refuse_last_administrator(session: Session, user_id: UUID) -> None:
    # All are locked in one order: two who disable each other at once wait, and the second is refused.
    rows = select(User.id).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None))
    if session.scalars(rows.order_by(User.id).with_for_update()).all() == [user_id]:
        raise Refused("This is the only administrator. Make another one first, then come back.")


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "phone_index" in str(error.orig):
            raise Invalid(
                "phone", "Enter another phone. This one belongs to another member of staff"
            ) from None
        raise Invalid("sign_in_name", "Enter another sign-in name. This one is taken") from None
