"""Who is on call."""

from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from clinic.accounts.models import OnCallShift, User
from clinic.accounts.queries.leave import away
from clinic.accounts.rules import Away, stand_in
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
    """Who is on call at `now`, first rung first; who is away is stood in for. Empty where nobody is."""
    rows = (
        select(User.id, User.name, OnCallShift.rung, User.phone_sealed, OnCallShift.ends_at)
        .join(User, User.id == OnCallShift.user_id)
        .where(OnCallShift.starts_at <= now, OnCallShift.ends_at > now, OnCallShift.cancelled_at.is_(None))
        .where(User.disabled_at.is_(None))
        .order_by(OnCallShift.rung)
    )
    planned = [
        OnCall(id_, name, rung, User.phone.reveal(id_, phone), ends_at)
        for id_, name, rung, phone, ends_at in db.session.execute(rows)
    ]
    gone = away(now)
    return [_acting(one, gone) if one.user_id in gone else one for one in planned]


def _acting(planned: OnCall, gone: Away) -> OnCall:
    """The cover in the place of who is away. Whoever is on call has one: leave without is refused."""
    cover = db.session.get(User, stand_in(planned.user_id, gone) or planned.user_id)
    return planned._replace(user_id=cover.id, name=cover.name, phone=cover.phone) if cover else planned


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
