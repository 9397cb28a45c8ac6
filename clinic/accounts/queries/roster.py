"""Who is on call."""

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from clinic.accounts.models import OnCallShift, User
from clinic.core.db import db


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
