"""Taking up therapist, room and patients: locked in one order, and the first that is taken is named."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from clinic.accounts.models import User
from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.core.errors import Invalid
from clinic.core.rules import local
from clinic.patients.models import Patient
from clinic.scheduling.models import Booking, ClinicSession, Room
from clinic.scheduling.rules import Resource

Wanted = tuple[Resource, UUID]
FIELDS = {Resource.THERAPIST: "therapist_id", Resource.ROOM: "room_id", Resource.PATIENT: "patient_id"}
_LOCKED = {Resource.THERAPIST: User, Resource.ROOM: Room, Resource.PATIENT: Patient}


class Slot(NamedTuple):
    """A session's time."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime


class Taken(NamedTuple):
    """What stands in the way, in words, and when the wanted slot begins."""

    field: str
    words: str
    slot: Slot


def lock(session: Session, wanted: Iterable[Wanted]) -> None:
    """Hold the rows until the transaction ends, always in the same order; others wait, then see our bookings.

    Foreign keys to the rows are not held up.
    """
    for resource in Resource:
        ids = sorted(resource_id for kind, resource_id in wanted if kind is resource)
        model = _LOCKED[resource]
        for resource_id in ids:
            session.scalar(select(model.id).where(model.id == resource_id).with_for_update(key_share=True))


def first_taken(session: Session, wanted: Sequence[Wanted], slots: Sequence[Slot]) -> Taken | None:
    """The first of the slots at which one of the wanted is taken up by another session."""
    if not slots or not wanted:
        return None
    others = session.execute(_bookings(wanted, slots)).all()
    for slot in slots:
        for row in others:
            if row.starts_at < slot.ends_at and row.ends_at > slot.starts_at:
                return Taken(FIELDS[row.resource_kind], _words(session, row), slot)
    return None


def _bookings(wanted: Sequence[Wanted], slots: Sequence[Slot]) -> Select[*tuple[object, ...]]:
    is_wanted = or_(
        *(
            (Booking.resource_kind == kind) & (Booking.resource_id == resource_id)
            for kind, resource_id in wanted
        )
    )
    return (
        select(
            Booking.resource_kind, Booking.resource_id, Booking.starts_at, Booking.ends_at,
            ClinicSession.zone,
            ClinicSession.title, ClinicSession.capacity, User.name.label("therapist"),
        )
        .join(ClinicSession, ClinicSession.id == Booking.session_id)
        .join(User, User.id == ClinicSession.therapist_id)
        .where(
            is_wanted,
            Booking.session_id.not_in([slot.session_id for slot in slots]),
            Booking.starts_at < max(slot.ends_at for slot in slots),
            Booking.ends_at > min(slot.starts_at for slot in slots),
        )
        .order_by(Booking.starts_at)
    )  # fmt: skip


def _words(session: Session, row: Any) -> str:
    """Who or what is taken, by what, when. The desk learns no programme; nobody learns another's patient."""
    kind, resource_id = row.resource_kind, row.resource_id
    starts, ends = local(row.starts_at, row.zone), local(row.ends_at, row.zone)
    when = f"{starts:%a %b} {starts.day} from {starts:%H:%M} to {ends:%H:%M}"
    group = row.capacity > 1
    what = row.title if group and actor.get().role != Role.DESK else "a group" if group else "a session"
    if kind is Resource.THERAPIST:
        return f"{row.therapist} has {what} on {when}"
    if kind is Resource.PATIENT:
        return f"This person has another appointment with {row.therapist} on {when}"
    room = session.scalar(select(Room.name).where(Room.id == resource_id))
    return f"{room} is taken by {what} of {row.therapist} on {when}"


def take(session: Session, wanted: Sequence[Wanted], slots: Sequence[Slot]) -> None:
    """Book all wanted for all slots. Raises Invalid beside the field of what is taken."""
    if taken := first_taken(session, wanted, slots):
        raise Invalid(taken.field, f"{taken.words}. Choose another time")
    session.add_all(
        Booking(resource_kind=kind, resource_id=resource_id, **slot._asdict())
        for kind, resource_id in wanted
        for slot in slots
    )
    session.flush()


def free(session: Session, session_ids: Iterable[UUID], patient_id: UUID | None = None) -> None:
    """Give back what sessions take up; only for one patient where `patient_id` is given."""
    gone = delete(Booking).where(Booking.session_id.in_(list(session_ids)))
    if patient_id is not None:
        mine = (Booking.resource_kind == Resource.PATIENT, Booking.resource_id == patient_id)
        gone = gone.where(*mine)
    session.execute(gone)
