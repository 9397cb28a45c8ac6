"""A site keeps other clocks: on-call shifts and leave of its staff keep their local date and time (P7.1)."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from clinic.accounts.models import Leave, OnCallShift, User
from clinic.core.db import transaction
from clinic.core.errors import Invalid
from clinic.core.rules import instant


def rezone(site_id: UUID, before: str, after: str, at: datetime) -> None:
    """What is not over goes over to the new zone. Raises Invalid("zone", …) where shifts would overlap."""
    here = select(User.id).where(User.site_id == site_id)
    standing = (OnCallShift.cancelled_at.is_(None), OnCallShift.ends_at > at, OnCallShift.zone == before)
    gone = (Leave.cancelled_at.is_(None), Leave.ends_at > at, Leave.zone == before)
    with transaction() as session:
        shifts = session.scalars(
            select(OnCallShift).where(OnCallShift.user_id.in_(here), *standing).with_for_update()
        ).all()
        later = instant(at.date(), time(12), after) > instant(at.date(), time(12), before)
        # In this order none meets a neighbor that has still to move the same way.
        for shift in sorted(shifts, key=lambda shift: shift.starts_at, reverse=later):
            shift.zone = after
            shift.starts_at = instant(shift.local_date, shift.starts, after)
            shift.ends_at = instant(shift.ends_date, shift.ends, after)
            try:
                session.flush()
            except IntegrityError:
                raise Invalid("zone", "Change the on-call roster first. Two shifts would overlap") from None
        for leave in session.scalars(select(Leave).where(Leave.user_id.in_(here), *gone).with_for_update()):
            leave.zone = after
            leave.starts_at = instant(leave.starts_on, time.min, after)
            leave.ends_at = instant(leave.ends_on + timedelta(days=1), time.min, after)
            session.flush()
