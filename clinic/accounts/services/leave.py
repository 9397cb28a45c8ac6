"""Planning who is away, who acts meanwhile, and who works when.

Nothing is handed over: while a leave lasts the cover stands in every relation, item, offer and page of who is
away, and when it ends all is as before.
"""

from dataclasses import fields, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.accounts import registry
from clinic.accounts.models import Leave, OnCallShift, StaffHours, User
from clinic.accounts.queries import supervisor_of
from clinic.accounts.rules import DayHours, LeavePlan, may_cover
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.rules import instant, local

PLAN = fields(LeavePlan)


def plan_leave(plan: LeavePlan, *, at: datetime) -> UUID:
    """Somebody will be away. Raises Invalid for days that overlap or are over, for a cover who cannot, and

    for none where the person owns patients, is on call, or covers somebody meanwhile.
    """
    if plan.ends_on < plan.starts_on:
        raise Invalid("ends_on", "Enter a last day that is not before the first")
    starts_at = instant(plan.starts_on, time.min, plan.zone)
    ends_at = instant(plan.ends_on + timedelta(days=1), time.min, plan.zone)
    if ends_at <= at:
        raise Invalid("ends_on", "Enter a last day that is still to come")
    with transaction() as session:
        away = _locked(session, plan)
        if plan.cover_id is None:
            _refuse_without_cover(session, away, starts_at, ends_at)
        else:
            _refuse_cover(session, away, plan.cover_id, starts_at, ends_at)
        leave = Leave(
            **vars(plan), starts_at=starts_at, ends_at=ends_at, planned_by=actor.user_id(), planned_at=at
        )
        session.add(leave)
        name = away.name
        try:
            session.flush()
        except IntegrityError:
            raise Invalid("starts_on", f"Choose other days. {name} is away on some of these") from None
        days = f"{plan.starts_on.isoformat()}/{plan.ends_on.isoformat()}"
        audit.record("leave.planned", at=at, subject_kind="staff_user", subject_id=away.id, detail=days)
    return leave.id


def cancel_leave(leave_id: UUID, *, at: datetime) -> None:
    """Somebody is back, or does not go: from now on they act themself. Raises Missing where it is over."""
    standing = (Leave.id == leave_id, Leave.cancelled_at.is_(None), Leave.ends_at > at)
    with transaction() as session:
        leave = session.scalar(select(Leave).where(*standing).with_for_update())
        if leave is None:
            raise Missing
        leave.cancelled_at, leave.cancelled_by = at, actor.user_id()
        audit.record("leave.cancelled", at=at, subject_kind="staff_user", subject_id=leave.user_id)


def plan_leave_again(leave_id: UUID, *, at: datetime) -> UUID:
    """Undo: plan again the days left of a leave that was ended; on those before nobody was away.

    Raises Missing for any other, and as `plan_leave`.
    """
    with transaction() as session:
        leave = session.get(Leave, leave_id)
        if leave is None or leave.cancelled_at is None:
            raise Missing
        plan = LeavePlan(**{field.name: getattr(leave, field.name) for field in PLAN})
        today = local(at, leave.zone).date()
        return plan_leave(replace(plan, starts_on=max(plan.starts_on, today)), at=at)


def leave_clinic(user_id: UUID, *, at: datetime) -> None:
    """Whoever is disabled is no longer away, and covers nobody: the site's supervisor does instead."""
    with transaction() as session:
        own = (Leave.user_id == user_id, Leave.cancelled_at.is_(None), Leave.ends_at > at)
        session.execute(update(Leave).where(*own).values(cancelled_at=at, cancelled_by=actor.user_id()))
        covering = (Leave.cover_id == user_id, Leave.cancelled_at.is_(None), Leave.ends_at > at)
        for leave in session.scalars(select(Leave).where(*covering).with_for_update()):
            away = session.get_one(User, leave.user_id)
            supervisor_id = supervisor_of(away.site_id)
            if supervisor_id in (None, leave.user_id):
                raise Refused(f"Give the leave of {away.name} another cover first. This person covers it.")
            leave.cover_id = supervisor_id


def set_hours(user_id: UUID, hours: tuple[DayHours, ...], *, read: int, at: datetime) -> None:
    """Decide when somebody works from now on. `read` is the version it was decided on, 0 for none yet.

    Raises Stale where somebody decided meanwhile.
    """
    with transaction() as session:
        session.get_one(User, user_id, with_for_update=True)
        newest = select(func.coalesce(func.max(StaffHours.version), 0)).where(StaffHours.user_id == user_id)
        if session.scalars(newest).one() != read:
            raise Stale
        stored = [[day.weekday, f"{day.starts:%H:%M}", f"{day.ends:%H:%M}"] for day in hours]
        row = StaffHours(
            user_id=user_id, version=read + 1, hours=stored, changed_by=actor.user_id(), changed_at=at
        )
        session.add(row)
        audit.record("staff.hours_decided", at=at, subject_kind="staff_user", subject_id=user_id)


def _locked(session: Session, plan: LeavePlan) -> User:
    """Who goes, and the cover, locked in one order: two who name each other at once wait."""
    ids = [one for one in (plan.user_id, plan.cover_id) if one]
    wanted = select(User).where(User.id.in_(ids), User.disabled_at.is_(None)).order_by(User.id)
    found = {user.id: user for user in session.scalars(wanted.with_for_update())}
    if plan.user_id not in found:
        raise Missing
    if plan.cover_id and (plan.cover_id == plan.user_id or plan.cover_id not in found):
        raise Invalid("cover_id", "Choose somebody else who works here")
    return found[plan.user_id]


def _during(starts_at: datetime, ends_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Leave.cancelled_at.is_(None), Leave.starts_at < ends_at, Leave.ends_at > starts_at)


def _refuse_without_cover(session: Session, away: User, starts_at: datetime, ends_at: datetime) -> None:
    shift = select(OnCallShift.id).where(
        OnCallShift.user_id == away.id,
        OnCallShift.cancelled_at.is_(None),
        OnCallShift.starts_at < ends_at,
        OnCallShift.ends_at > starts_at,
    )
    covers = select(Leave.id).where(Leave.cover_id == away.id, *_during(starts_at, ends_at))
    number = sum(count(away.id) for count in registry.owned)
    whys = [
        f"owns {number} open {'patient' if number == 1 else 'patients'}" if number else "",
        "is on call on these days" if session.scalar(shift.limit(1)) else "",
        "covers somebody who is away" if session.scalar(covers.limit(1)) else "",
    ]
    if why := " and ".join(filter(None, whys)):
        raise Invalid("cover_id", f"Choose a cover, the supervisor if nobody else: {away.name} {why}")


def _refuse_cover(
    session: Session, away: User, cover_id: UUID, starts_at: datetime, ends_at: datetime
) -> None:
    cover = session.get_one(User, cover_id)
    if not may_cover(cover.role, away.role):
        role = away.role.label.lower()
        raise Invalid("cover_id", f"Choose a {role} or the supervisor. {cover.name} may not do this work")
    gone = select(Leave.id).where(Leave.user_id == cover_id, *_during(starts_at, ends_at))
    if session.scalar(gone.limit(1)):
        raise Invalid("cover_id", f"Choose somebody else. {cover.name} is away on some of these days")
