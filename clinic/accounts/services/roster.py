"""Planning who is on call (C8.6)."""

from dataclasses import fields, replace
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from clinic.accounts.models import Leave, OnCallShift, User
from clinic.accounts.rules import ShiftPlan
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid, Missing
from clinic.core.rules import exists, instant, local

PLAN = fields(ShiftPlan)


def add_shift(plan: ShiftPlan, *, at: datetime) -> UUID:
    """Put somebody on call. Raises Invalid for times that do not exist, end too early or are taken."""
    _refuse_missing("starts", plan.local_date, plan.starts, plan.zone)
    _refuse_missing("ends", plan.ends_date, plan.ends, plan.zone)
    starts_at = instant(plan.local_date, plan.starts, plan.zone)
    ends_at = instant(plan.ends_date, plan.ends, plan.zone)
    if ends_at <= starts_at:
        raise Invalid("ends", "Enter an end that is after the start")
    if ends_at <= at:
        raise Invalid("ends", "Enter an end that is still to come")
    with transaction() as session:
        enabled = select(User.id).where(User.id == plan.user_id, User.disabled_at.is_(None))
        if session.scalar(enabled.with_for_update()) is None:
            raise Invalid("user_id", "Choose somebody who still works here")
        gone = select(Leave.id).where(Leave.user_id == plan.user_id, Leave.cover_id.is_(None))
        during = (Leave.cancelled_at.is_(None), Leave.starts_at < ends_at, Leave.ends_at > starts_at)
        if session.scalar(gone.where(*during).limit(1)):
            raise Invalid("user_id", "Choose somebody else. This person is away then, and nobody covers")
        times = {"starts_at": starts_at, "ends_at": ends_at, "planned_at": at}
        shift = OnCallShift(**vars(plan), **times, planned_by=actor.user_id())
        session.add(shift)
        try:
            session.flush()
        except IntegrityError:
            raise Invalid("rung", "Choose other times. Somebody is on call in this place then") from None
        audit.record("on_call.planned", at=at, subject_kind="on_call_shift", subject_id=shift.id)
    return shift.id


def _refuse_missing(field: str, on: date, clock: time, zone: str) -> None:
    if not exists(on, clock, zone):
        raise Invalid(
            field, f"Enter another time. {clock:%H:%M} does not exist on that day: clocks go forward"
        )


def cancel_shift(shift_id: UUID, *, at: datetime) -> None:
    """Take a shift off the roster from now on; what was before stays known."""
    with transaction():
        _take_off(OnCallShift.id == shift_id, at)
        audit.record("on_call.cancelled", at=at, subject_kind="on_call_shift", subject_id=shift_id)


def put_back(shift_id: UUID, *, at: datetime) -> UUID:
    """Undo: plan again what is left of a shift that was taken off; nobody was on call meanwhile.

    Raises Missing for any other, and as `add_shift`.
    """
    with transaction() as session:
        shift = session.get(OnCallShift, shift_id)
        if shift is None or shift.cancelled_at is None:
            raise Missing
        plan = ShiftPlan(**{field.name: getattr(shift, field.name) for field in PLAN})
        if shift.starts_at < at:
            there = local(at, shift.zone)
            plan = replace(plan, local_date=there.date(), starts=there.time())
        return add_shift(plan, at=at)


def cancel_shifts_of(user_id: UUID, *, at: datetime) -> None:
    """Take somebody off the roster."""
    with transaction():
        _take_off(OnCallShift.user_id == user_id, at)


def _take_off(which: ColumnElement[bool], at: datetime) -> None:
    standing = (which, OnCallShift.cancelled_at.is_(None), OnCallShift.ends_at > at)
    ended = {"cancelled_at": at, "cancelled_by": actor.user_id()}
    db.session.execute(update(OnCallShift).where(*standing).values(**ended))
