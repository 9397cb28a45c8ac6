"""Who is on call."""

from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

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
    """One shift on the roster, in its own zone. `by` planned it or took it off; None is a command."""

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
    by: str | None
    at: datetime


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
    """Shifts that are not over yet, soonest first, with who planned them."""
    return _shifts(now, OnCallShift.planned_by, OnCallShift.planned_at, OnCallShift.cancelled_at.is_(None))


def taken_off(now: datetime) -> list[Shift]:
    """Shifts taken off before they were over, soonest first, that were not put back; with who did it."""
    again, key = aliased(OnCallShift), ("user_id", "rung", "ends_at")
    same = (getattr(again, column) == getattr(OnCallShift, column) for column in key)
    put_back = exists().where(again.cancelled_at.is_(None), again.starts_at >= OnCallShift.starts_at, *same)
    off = and_(OnCallShift.cancelled_at.is_not(None), ~put_back)
    return _shifts(now, OnCallShift.cancelled_by, OnCallShift.cancelled_at, off)


def _shifts(now: datetime, by: Any, at: Any, which: ColumnElement[bool]) -> list[Shift]:
    columns = ("local_date", "starts", "ends_date", "ends", "zone", "starts_at", "ends_at")
    who = aliased(User)
    rows = (
        select(
            OnCallShift.id,
            User.id,
            User.name,
            OnCallShift.rung,
            *(getattr(OnCallShift, column) for column in columns),
            User.phone_index.is_not(None),
            who.name,
            at,
        )
        .join(User, User.id == OnCallShift.user_id)
        .outerjoin(who, who.id == by)
        .where(OnCallShift.ends_at > now, which)
        .order_by(OnCallShift.starts_at, OnCallShift.rung)
    )
    return [Shift(*row) for row in db.session.execute(rows)]
