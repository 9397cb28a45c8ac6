"""Who is away, who acts for them, and who works when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import Leave, StaffHours
from clinic.accounts.queries.people import names
from clinic.accounts.rules import DayHours, covered
from clinic.accounts.rules import stand_in as acts_for
from clinic.core.db import db, read


class LeaveRow(NamedTuple):
    """One leave that is not over, in words of local days; `by` planned or ended it, None is a command."""

    id: UUID
    user_id: UUID
    name: str
    cover: str | None
    starts_on: date
    ends_on: date
    starts_at: datetime
    by: str | None
    at: datetime


class HoursRow(NamedTuple):
    """One version of somebody's working hours; `by` is None for a command."""

    version: int
    hours: tuple[DayHours, ...]
    by: str | None
    changed_at: datetime


# Built once: every request asks it.
_AWAY = select(Leave.user_id, Leave.cover_id).where(
    Leave.starts_at <= bindparam("now"), Leave.ends_at > bindparam("now"), Leave.cancelled_at.is_(None)
)


def away(now: datetime) -> Mapping[UUID, UUID | None]:
    """Everybody who is away at `now`, with who covers."""
    return dict(read(_AWAY, {"now": now}).all())


def covered_by(user_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """For whom somebody acts at `now`."""
    return covered(user_id, away(now))


def stand_in(user_id: UUID, now: datetime) -> UUID | None:
    """Who acts for somebody at `now`; themself unless away; None where nobody covers."""
    return acts_for(user_id, away(now))


def leaves(now: datetime, user_id: UUID | None = None) -> list[LeaveRow]:
    """Leave that is not over, of one person or of all, soonest first, with who planned it."""
    standing = _found(now, user_id, Leave.cancelled_at.is_(None))
    called = _called(standing)
    return [_row(row, called, row.planned_by, row.planned_at) for row in standing]


def ended_leaves(now: datetime, user_id: UUID | None = None) -> list[LeaveRow]:
    """Leave ended before its last day that was not planned again, soonest first, with who ended it."""
    again = aliased(Leave)
    same = (getattr(again, one) == getattr(Leave, one) for one in ("user_id", "ends_on"))
    planned_again = exists().where(again.cancelled_at.is_(None), again.starts_on >= Leave.starts_on, *same)
    ended = _found(now, user_id, Leave.cancelled_at.is_not(None), ~planned_again)
    called = _called(ended)
    return [_row(row, called, row.cancelled_by, row.cancelled_at or now) for row in ended]


def _found(now: datetime, user_id: UUID | None, *which: ColumnElement[bool]) -> Sequence[Leave]:
    wanted = select(Leave).where(Leave.ends_at > now, *which)
    if user_id is not None:
        wanted = wanted.where(Leave.user_id == user_id)
    return db.session.scalars(wanted.order_by(Leave.starts_at, Leave.id)).all()


def _called(rows: Sequence[Leave]) -> Mapping[UUID, str]:
    people = (one for row in rows for one in (row.user_id, row.cover_id, row.planned_by, row.cancelled_by))
    return names(one for one in people if one)


def _row(row: Leave, called: Mapping[UUID, str], by: UUID | None, at: datetime) -> LeaveRow:
    return LeaveRow(
        row.id,
        row.user_id,
        called[row.user_id],
        called[row.cover_id] if row.cover_id else None,
        row.starts_on,
        row.ends_on,
        row.starts_at,
        called.get(by) if by else None,
        at,
    )


def hours_of_all() -> Mapping[UUID, tuple[DayHours, ...]]:
    """Working hours in force of everybody who has any."""
    newest = select(StaffHours.user_id, func.max(StaffHours.version).label("version"))
    last = newest.group_by(StaffHours.user_id).subquery()
    mine = (last.c.user_id == StaffHours.user_id, last.c.version == StaffHours.version)
    rows = db.session.execute(select(StaffHours.user_id, StaffHours.hours).where(*mine))
    return {user_id: typed_hours(hours) for user_id, hours in rows}


def hours_history(user_id: UUID) -> list[HoursRow]:
    """All versions of somebody's working hours, the one in force first."""
    wanted = select(StaffHours).where(StaffHours.user_id == user_id)
    rows = db.session.scalars(wanted.order_by(StaffHours.version.desc())).all()
    called = names(row.changed_by for row in rows if row.changed_by)
    return [
        HoursRow(
            row.version,
            typed_hours(row.hours),
            called.get(row.changed_by) if row.changed_by else None,
            row.changed_at,
        )
        for row in rows
    ]


def typed_hours(stored: list[list[object]]) -> tuple[DayHours, ...]:
    """Working hours of stored JSON."""
    return tuple(
        DayHours(int(str(day)), time.fromisoformat(str(starts)), time.fromisoformat(str(ends)))
        for day, starts, ends in stored
    )
