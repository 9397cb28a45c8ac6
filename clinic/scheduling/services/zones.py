"""A site keeps other clocks: what is planned there keeps its local date and time (P7.1)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.core.db import transaction
from clinic.core.errors import Invalid
from clinic.core.rules import instant
from clinic.scheduling.models import Booking, ClinicSession, Series
from clinic.scheduling.rules import Resource, State
from clinic.scheduling.services import contacts, occupancy, reminders


def rezone(site_id: UUID, before: str, after: str, at: datetime) -> None:
    """Sessions still to come and series go over to the new zone; instants, bookings and reminders follow.

    Raises Invalid("zone", …) where somebody would be in two places at once.
    """
    with transaction() as session:
        for series in session.scalars(
            select(Series).where(Series.site_id == site_id, Series.zone == before).with_for_update()
        ):
            series.zone = after
        wanted = select(ClinicSession).where(
            ClinicSession.site_id == site_id,
            ClinicSession.zone == before,
            ClinicSession.state == State.PLANNED,
            ClinicSession.starts_at > at,
        )
        rows = session.scalars(wanted.order_by(ClinicSession.id).with_for_update()).all()
        for row in rows:
            row.zone = after
            row.starts_at = instant(row.local_date, row.local_time, after)
            row.ends_at = row.starts_at + timedelta(minutes=row.minutes)
            row.plan_version += 1
        ids = [row.id for row in rows]
        taken = _book_anew(session, {row.id: row for row in rows})
        reminders.withhold(session, ids, "session_moved", at=at)
        reminders.lay_out(ids, at=at)
        patients = {what for kind, what in taken if kind is Resource.PATIENT}
        contacts.plan_next(session, sorted(patients), at=at)


def _book_anew(session: Session, rows: dict[UUID, ClinicSession]) -> set[occupancy.Wanted]:
    """All bookings go first and come back at the new instants: none meets one that has still to move."""
    columns = (Booking.session_id, Booking.resource_kind, Booking.resource_id)
    found = session.execute(select(*columns).where(Booking.session_id.in_(rows))).all()
    taken = {(kind, resource_id) for _, kind, resource_id in found}
    occupancy.lock(session, taken)
    occupancy.free(session, rows)
    session.add_all(
        Booking(
            session_id=session_id,
            resource_kind=kind,
            resource_id=resource_id,
            starts_at=rows[session_id].starts_at,
            ends_at=rows[session_id].ends_at,
        )
        for session_id, kind, resource_id in found
    )
    try:
        session.flush()
    except IntegrityError:
        raise Invalid(
            "zone",
            "Choose another zone, or move sessions first. Some would overlap elsewhere",
        ) from None
    return taken
