"""Sessions: small rows, a fixed number of statements each; patients only where the actor may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from clinic.accounts import queries as accounts
from clinic.accounts.models import User
from clinic.core.db import db, read
from clinic.core.errors import Missing
from clinic.core.rules import local
from clinic.patients import queries as patients
from clinic.patients.access import NOW, visible
from clinic.patients.models import Patient
from clinic.patients.rules import Right
from clinic.scheduling import access
from clinic.scheduling.models import Attendance, ClinicSession, Room, Seat, SessionReminder
from clinic.scheduling.rules import Mark, Reply, State
from clinic.web.amendments import Amendment, changed


@dataclass(frozen=True)
class SessionRow:
    """One session; `taken` counts seats, `patient` is whom the actor may see of an individual one."""

    id: UUID
    series_id: UUID | None
    kind: str
    title: str
    site_id: UUID
    therapist_id: UUID
    therapist: str
    room_id: UUID | None
    room: str | None
    local_date: date
    local_time: time
    minutes: int
    zone: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    state: State
    version: int
    patient: patients.Person | None = None

    @property
    def group(self) -> bool:
        """Whether several take part."""
        return self.capacity > 1

    @property
    def local_end(self) -> time:
        """When it ends, on the clocks of its zone."""
        return local(self.ends_at, self.zone).time()

    @property
    def place(self) -> str:
        """The room, or that there is none."""
        return self.room or "Phone or video"


class Coming(NamedTuple):
    """A session that is ahead, as the actor may read it."""

    starts_at: datetime
    title: str
    therapist: str


class RoomRow(NamedTuple):
    """A room to choose."""

    id: UUID
    name: str
    capacity: int


@dataclass(frozen=True)
class Attendee:
    """One person on the list of a session; `mark` once it was signed, `reply` to the reminder.

    `recorded` counts the signature and its amendments.
    """

    person: patients.Person
    seat: int
    mark: Mark | None
    minutes: int | None
    recorded: int
    reply: Reply | None


def rooms(site_id: UUID) -> list[RoomRow]:
    """The rooms of a site by name."""
    wanted = select(Room.id, Room.name, Room.capacity).where(Room.site_id == site_id).order_by(Room.name)
    return [RoomRow(*row) for row in db.session.execute(wanted)]


# Built once: building them costs more than asking.
_amended, _every_mark = aliased(Attendance), aliased(Attendance)
_LATEST = ~exists().where(_amended.amends_id == Attendance.id)
_taken = select(func.count(Seat.id)).where(Seat.session_id == ClinicSession.id).scalar_subquery()
_SESSIONS = (
    select(
        *(column for column in ClinicSession.__table__.c if column.key in SessionRow.__dataclass_fields__),
        User.name.label("therapist"),
        Room.name.label("room"),
        _taken.label("taken"),
    )
    .join(User, User.id == ClinicSession.therapist_id)
    .outerjoin(Room, Room.id == ClinicSession.room_id)
    .order_by(ClinicSession.starts_at, ClinicSession.id)
)
_SEATED = (
    select(Seat.session_id, *patients.PERSON)
    .join(Patient, Patient.id == Seat.patient_id)
    .where(
        Seat.session_id.in_(bindparam("ids", expanding=True)),
        visible(Seat.patient_id, Right.SCHEDULE, now=NOW),
    )
)
_COMING = (
    select(
        ClinicSession.kind, ClinicSession.title, ClinicSession.capacity, ClinicSession.starts_at, User.name
    )
    .join(User, User.id == ClinicSession.therapist_id)
    .join(Seat, Seat.session_id == ClinicSession.id)
    .where(
        Seat.patient_id == bindparam("patient_id"),
        ClinicSession.state == State.PLANNED,
        ClinicSession.starts_at > bindparam("now"),
    )
    .order_by(ClinicSession.starts_at, ClinicSession.id)
    .limit(bindparam("limit"))
)


def _sessions(*where: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    return _SESSIONS.where(*where)


def _rows(wanted: Select[*tuple[object, ...]], now: datetime) -> list[SessionRow]:
    rows = read(wanted).mappings().all()
    single = [row["id"] for row in rows if row["capacity"] == 1]
    # Asked for none too: else a session that one may not see would cost more than one that does not exist.
    seated = read(_SEATED, {"ids": single, "now": now})
    people = {row.session_id: patients.person(row, now) for row in seated}
    return [
        SessionRow(**{**row, **access.programme(row)}, patient=people.get(row["id"]))  # type: ignore[arg-type]
        for row in rows
    ]


def week(
    site_id: UUID, days: Sequence[date], *, therapist_id: UUID | None = None, now: datetime
) -> list[SessionRow]:
    """The sessions of these days at a site, of one therapist or of all; cancelled ones are left out.

    The caller audits the patients it shows.
    """
    where = [
        ClinicSession.site_id == site_id,
        ClinicSession.local_date.in_(days),
        ClinicSession.state != State.CANCELLED,
    ]
    if therapist_id is not None:
        where.append(ClinicSession.therapist_id == therapist_id)
    return _rows(_sessions(*where), now)


def today(user_id: UUID, day: date, *, now: datetime) -> list[SessionRow]:
    """A therapist's sessions of one day, cancelled ones too."""
    return _rows(_sessions(ClinicSession.therapist_id == user_id, ClinicSession.local_date == day), now)


def one(session_id: UUID, *, now: datetime) -> SessionRow:
    """One session. Raises Missing."""
    rows = _rows(_sessions(ClinicSession.id == session_id), now)
    if not rows:
        raise Missing
    return rows[0]


def attendees(session_id: UUID, *, now: datetime) -> list[Attendee]:
    """Who has a seat in a session, of those the actor may see, by name."""
    replied = (
        select(SessionReminder.reply)
        .where(
            SessionReminder.session_id == Seat.session_id,
            SessionReminder.patient_id == Seat.patient_id,
            SessionReminder.reply.is_not(None),
        )
        .order_by(SessionReminder.replied_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    recorded = (
        select(func.count(_every_mark.id))
        .where(_every_mark.session_id == Seat.session_id, _every_mark.patient_id == Seat.patient_id)
        .scalar_subquery()
    )
    wanted = (
        select(
            Seat.patient_id,
            Seat.seat,
            Attendance.mark,
            Attendance.minutes,
            recorded.label("recorded"),
            replied.label("reply"),
        )
        .outerjoin(
            Attendance,
            (Attendance.session_id == Seat.session_id) & (Attendance.patient_id == Seat.patient_id) & _LATEST,
        )
        .where(Seat.session_id == session_id, visible(Seat.patient_id, Right.SCHEDULE, now=now))
    )
    rows = db.session.execute(wanted).all()
    people = patients.people([row.patient_id for row in rows], now=now)
    found = [Attendee(people[r.patient_id], r.seat, r.mark, r.minutes, r.recorded, r.reply) for r in rows]
    return sorted(found, key=lambda attendee: attendee.person.name)


def amendments(session_id: UUID, patient_ids: Iterable[UUID]) -> dict[UUID, list[Amendment]]:
    """How the marks of these people were amended, oldest first; only of those who have an amendment."""
    mine = (Attendance.session_id == session_id, Attendance.patient_id.in_(list(patient_ids)))
    rows = {row.id: row for row in db.session.scalars(select(Attendance).where(*mine))}
    names = accounts.names({row.signed_by for row in rows.values()})
    told: dict[UUID, list[Amendment]] = {}
    for row in sorted(rows.values(), key=lambda row: row.signed_at):
        if row.amends_id:
            words = [("Attendance", mark_words(rows[row.amends_id]), mark_words(row))]
            amendment = Amendment(row.signed_at, names[row.signed_by], row.reason, changed(words))
            told.setdefault(row.patient_id, []).append(amendment)
    return told


def mark_words(row: Attendance) -> str:
    """Late, 35 min."""
    return f"{row.mark.label}, {row.minutes} min" if row.minutes else row.mark.label


def of_patient(patient_id: UUID, *, now: datetime) -> list[tuple[SessionRow, Mark | None, Reply | None]]:
    """All sessions of a patient whose record was opened, latest first, with mark and reply."""
    mine = select(Seat.session_id).where(Seat.patient_id == patient_id)
    rows = _rows(_sessions(ClinicSession.id.in_(mine)), now)
    marks = select(Attendance.session_id, Attendance.mark).where(Attendance.patient_id == patient_id, _LATEST)
    replies = select(SessionReminder.session_id, SessionReminder.reply).where(
        SessionReminder.patient_id == patient_id, SessionReminder.reply.is_not(None)
    )
    marked, replied = dict(iter(db.session.execute(marks))), dict(iter(db.session.execute(replies)))
    return [(row, marked.get(row.id), replied.get(row.id)) for row in reversed(rows)]


def coming(patient_id: UUID, *, limit: int, now: datetime) -> list[Coming]:
    """The next planned sessions of a patient whose record was opened, soonest first."""
    rows = read(_COMING, {"patient_id": patient_id, "limit": limit, "now": now})
    return [Coming(row.starts_at, access.programme(row._asdict())["title"], row.name) for row in rows]


def seated(session_id: UUID, patient_id: UUID) -> bool:
    """Whether a patient whose record was opened has a seat in a session."""
    seat = select(Seat.id).where(Seat.session_id == session_id, Seat.patient_id == patient_id)
    return db.session.scalar(seat) is not None


def next_for(patient_ids: Iterable[UUID], *, now: datetime) -> Mapping[UUID, SessionRow]:
    """The next planned session of each patient; the caller has authorised them."""
    wanted = (
        select(Seat.patient_id, ClinicSession.id)
        .join(ClinicSession, ClinicSession.id == Seat.session_id)
        .where(
            Seat.patient_id.in_(set(patient_ids)),
            ClinicSession.state == State.PLANNED,
            ClinicSession.ends_at > now,
        )
        .order_by(ClinicSession.starts_at.desc())
    )
    first = dict(iter(db.session.execute(wanted)))
    rows = {row.id: row for row in _rows(_sessions(ClinicSession.id.in_(set(first.values()))), now)}
    return {patient_id: rows[session_id] for patient_id, session_id in first.items()}


def of_series(series_id: UUID, *, now: datetime) -> list[SessionRow]:
    """The sessions of a group, first to last."""
    return _rows(_sessions(ClinicSession.series_id == series_id), now)
