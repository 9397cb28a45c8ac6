"""Booking, moving and cancelling one session; its attendance and signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.accounts.rules import Role
from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.rules import exists, instant
from clinic.episodes import services as episodes
from clinic.patients.access import require
from clinic.patients.rules import Right
from clinic.scheduling import access
from clinic.scheduling.models import Attendance, ClinicSession, Room, Seat
from clinic.scheduling.rules import CancelReason, Mark, Resource, State
from clinic.scheduling.services import contacts, occupancy, reminders

SIGNED_TWICE = "Two people marked this session; chosen with both side by side"


@dataclass(frozen=True)
class Plan:
    """When and where: local date and time at the site, minutes, room (None: by phone or video)."""

    on: date
    at: time
    minutes: int
    room_id: UUID | None

    def span(self, zone: str, now: datetime) -> tuple[datetime, datetime]:
        """The instants. Raises Invalid for a time that is past or that the clocks skip."""
        if not exists(self.on, self.at, zone):
            raise Invalid("at_time", f"The clocks skip {self.at:%H:%M} on that day. Enter another time")
        starts_at = instant(self.on, self.at, zone)
        if starts_at <= now:
            raise Invalid("on_date", "Enter a date and time that are still to come")
        return starts_at, starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Marked:
    """How one person attended; `minutes` where it was not the whole session."""

    mark: Mark
    minutes: int | None = None


def book_individual(
    patient_id: UUID, plan: Plan, *, kind: str, therapist_id: UUID, site_id: UUID, at: datetime
) -> UUID:
    """Book one patient with one therapist. Raises Invalid naming who or what is taken, Hidden."""
    with transaction() as session:
        require(patient_id, Right.SCHEDULE, at)
        who = actor.get()
        if who.role == Role.THERAPIST and therapist_id != who.id:
            raise Invalid("therapist_id", "Choose yourself: the front desk books for others")
        found, zone = configuration.session_kind(kind), configuration.site(site_id).zone
        if found is None or found.group:
            raise Invalid("kind", "Choose kind of session from the list")
        starts_at, ends_at = plan.span(zone, at)
        usable_room(session, plan.room_id, site_id, capacity=1)
        row = ClinicSession(
            site_id=site_id, kind=kind, title=found.label, therapist_id=therapist_id, room_id=plan.room_id,
            local_date=plan.on, local_time=plan.at, minutes=plan.minutes, zone=zone, starts_at=starts_at,
            ends_at=ends_at, capacity=1, plan_version=1, state=State.PLANNED,
        )  # fmt: skip
        wanted = [*resources(row), (Resource.PATIENT, patient_id)]
        occupancy.lock(session, wanted)
        session.add(row)
        session.flush()
        occupancy.take(session, wanted, [occupancy.Slot(row.id, starts_at, ends_at)])
        session.add(Seat(session_id=row.id, patient_id=patient_id, seat=1, capacity=1, booked_at=at))
        session.flush()
        reminders.lay_out([row.id], at=at)
        contacts.plan_next(session, [patient_id], at=at)
        audit.record("session.booked", [patient_id], at=at, subject_kind="session", subject_id=row.id)
        return row.id


def usable_room(session: Session, room_id: UUID | None, site_id: UUID, capacity: int) -> None:
    """The room is of this site and holds so many. Raises Invalid beside the room."""
    if room_id is None:
        return
    room = session.get(Room, room_id)
    if room is None or room.site_id != site_id:
        raise Invalid("room_id", "Choose room from the list")
    if room.capacity < capacity:
        raise Invalid("room_id", f"{room.name} holds {room.capacity}. Choose a room for {capacity} or more")


def resources(row: ClinicSession) -> list[occupancy.Wanted]:
    """What a session takes up beside its patients."""
    room = [(Resource.ROOM, row.room_id)] if row.room_id else []
    return [(Resource.THERAPIST, row.therapist_id), *room]


def move_session(session_id: UUID, plan: Plan, *, version: int, at: datetime) -> None:
    """Give a planned session another time or room; the old reminders are withheld, new ones made.

    Raises Invalid, Stale, Refused, Missing, Hidden.
    """
    with transaction() as session:
        row, patients = planned(session, session_id, version, at)
        usable_room(session, plan.room_id, row.site_id, row.capacity)
        row.starts_at, row.ends_at = plan.span(row.zone, at)
        row.local_date, row.local_time, row.minutes, row.room_id = (
            plan.on,
            plan.at,
            plan.minutes,
            plan.room_id,
        )
        row.plan_version += 1
        wanted = [*resources(row), *((Resource.PATIENT, patient_id) for patient_id in patients)]
        occupancy.lock(session, wanted)
        occupancy.free(session, [row.id])
        occupancy.take(session, wanted, [occupancy.Slot(row.id, row.starts_at, row.ends_at)])
        reminders.withhold(session, [row.id], "session_moved", at=at)
        reminders.lay_out([row.id], at=at)
        contacts.plan_next(session, patients, at=at)
        audit.record("session.moved", patients, at=at, subject_kind="session", subject_id=row.id)


def cancel_session(session_id: UUID, reason: CancelReason, *, version: int, at: datetime) -> None:
    """The session does not take place: time and room are free again, no reminder goes out.

    Raises Stale, Refused, Missing, Hidden.
    """
    with transaction() as session:
        row, patients = planned(session, session_id, version, at)
        row.state, row.cancel_reason, row.cancelled_at = State.CANCELLED, reason, at
        occupancy.free(session, [row.id])
        reminders.withhold(session, [row.id], "session_cancelled", at=at)
        contacts.plan_next(session, patients, at=at)
        audit.record(
            "session.cancelled", patients, at=at, subject_kind="session", subject_id=row.id, detail=reason
        )


def sign_session(session_id: UUID, marks: Mapping[UUID, Marked], *, version: int, at: datetime) -> None:
    """Record everybody's attendance and close the session, all at once.

    Raises Refused before it has begun, once it is signed and while somebody is not marked; Stale, Missing,
    Hidden.
    """
    with transaction() as session:
        row, patients = planned(session, session_id, version, at)
        if at < row.starts_at:
            raise Refused("You can sign from the time the session begins.")
        if set(patients) != set(marks):
            raise Refused("Mark everybody on the list before you sign. The list may have changed meanwhile.")
        row.state, row.signed_at, row.signed_by = State.HELD, at, actor.get().id
        for patient_id, marked in marks.items():
            _attended(session, row, patient_id, marked, at)
        contacts.plan_next(session, patients, at=at)
        audit.record("session.signed", patients, at=at, subject_kind="session", subject_id=row.id)


def amend_attendance(
    session_id: UUID, patient_id: UUID, marked: Marked, reason: str, *, version: int, at: datetime
) -> None:
    """Correct how somebody attended a signed session; what was signed stays readable.

    `version` counts what was recorded so far, 1 for the signature. Raises Missing, Stale.
    """
    with transaction() as session:
        row = _held(session, session_id, State.HELD, at)
        mine = (Attendance.session_id == session_id, Attendance.patient_id == patient_id)
        so_far = {one.id: one.amends_id for one in session.scalars(select(Attendance).where(*mine))}
        if not so_far:
            raise Missing
        if len(so_far) != version:
            raise Stale
        [newest] = so_far.keys() - so_far.values()
        _attended(session, row, patient_id, marked, at, amends_id=newest, reason=reason)
        audit.record(
            "attendance.amended", [patient_id], at=at, subject_kind="session", subject_id=session_id,
            detail=marked.mark,
        )  # fmt: skip


def sign_again(
    session_id: UUID, marks: Mapping[UUID, Marked], seen: Mapping[UUID, tuple[Marked, int]], *, at: datetime
) -> None:
    """The marks of somebody who signed second, chosen beside those of the first: what differs is amended.

    `seen` are the marks that hold and how often each was recorded. Raises Missing, Stale.
    """
    with transaction():
        for patient_id, marked in marks.items():
            held, version = seen[patient_id]
            if marked != held:
                amend_attendance(session_id, patient_id, marked, SIGNED_TWICE, version=version, at=at)


def _attended(
    session: Session, row: ClinicSession, patient_id: UUID, marked: Marked, at: datetime, **more: UUID | str
) -> None:
    session.add(
        Attendance(
            session_id=row.id, patient_id=patient_id, mark=marked.mark, minutes=marked.minutes,
            signed_by=actor.get().id, signed_at=at, **more,
        )
    )  # fmt: skip
    if marked.mark.attended:
        episodes.contacted(patient_id, at=row.starts_at)


def planned(
    session: Session, session_id: UUID, version: int, at: datetime
) -> tuple[ClinicSession, list[UUID]]:
    """A planned session that the actor may change, locked, and its patients. Raises Stale, Missing."""
    row = _held(session, session_id, State.PLANNED, at)
    if row.version != version:
        raise Stale
    seats = select(Seat.patient_id).where(Seat.session_id == row.id).order_by(Seat.seat)
    patients = list(session.scalars(seats))
    if row.capacity == 1:
        for patient_id in patients:
            require(patient_id, Right.SCHEDULE, at)
    return row, patients


def _held(session: Session, session_id: UUID, state: State, at: datetime) -> ClinicSession:
    """The session locked, if it is the actor's: led by them, or at their site for desk and supervisor."""
    wanted = select(ClinicSession).where(ClinicSession.id == session_id).with_for_update()
    row = session.scalar(wanted.execution_options(populate_existing=True))
    if row is None or not access.responsible(row.therapist_id, row.site_id):
        raise Missing
    if row.state is not state:
        raise Refused(f"This session is {row.state.value} by now. Nothing was changed.")
    return row


def add_room(site_id: UUID, name: str, capacity: int, *, at: datetime) -> UUID:
    """A further room. Raises Invalid for a name that is there already."""
    with transaction() as session:
        if session.scalar(select(Room.id).where(Room.site_id == site_id, Room.name == name)):
            raise Invalid("name", f"There is a room called {name} already. Enter another name")
        room = Room(site_id=site_id, name=name, capacity=capacity)
        session.add(room)
        audit.record("room.added", at=at, subject_kind="room", subject_id=room.id)
        return room.id
