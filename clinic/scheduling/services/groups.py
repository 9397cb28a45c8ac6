"""Weekly groups: laid out weeks ahead, joined and left as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing
from clinic.core.rules import instant, local
from clinic.patients import services as patients
from clinic.patients.access import require
from clinic.patients.rules import RelationKind, Right
from clinic.scheduling.models import ClinicSession, Enrolment, Seat, Series
from clinic.scheduling.rules import Resource, State, lowest_free, weekly
from clinic.scheduling.services import contacts, occupancy, reminders
from clinic.scheduling.services.sessions import resources, usable_room
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level


@dataclass(frozen=True)
class NewSeries:
    """A weekly group to be: the first date gives the weekday."""

    kind: str
    title: str
    therapist_id: UUID
    room_id: UUID | None
    first_on: date
    at: time
    minutes: int
    capacity: int


def create_series(new: NewSeries, *, site_id: UUID, at: datetime) -> UUID:
    """Begin a weekly group and lay it out weeks ahead (C6.1). Raises Invalid naming a date that is taken."""
    kind, zone = configuration.session_kind(new.kind), configuration.site(site_id).zone
    if kind is None or not kind.group:
        raise Invalid("kind", "Choose kind of group from the list")
    if new.capacity > kind.most:
        raise Invalid(
            "capacity", f"Enter places as a whole number from 1 to {kind.most}: the most for this kind"
        )
    if instant(new.first_on, new.at, zone) <= at:
        raise Invalid("on_date", "Enter a first date and time that are still to come")
    with transaction() as session:
        usable_room(session, new.room_id, site_id, new.capacity)
        series = Series(
            site_id=site_id, kind=new.kind, title=new.title, therapist_id=new.therapist_id,
            room_id=new.room_id, weekday=new.first_on.weekday(), local_time=new.at, minutes=new.minutes,
            zone=zone, capacity=new.capacity, first_on=new.first_on,
        )  # fmt: skip
        session.add(series)
        session.flush()
        rows = [_session(series, on) for on in weekly(new.first_on, configuration.value("series_weeks"))]
        wanted = resources(rows[0])
        occupancy.lock(session, wanted)
        if taken := occupancy.first_taken(session, wanted, [_slot(row) for row in rows]):
            raise Invalid(taken.field, f"{taken.words}. Choose another time or place")
        _lay(session, rows)
        audit.record("series.created", at=at, subject_kind="series", subject_id=series.id)
        return series.id


def _session(series: Series, on: date) -> ClinicSession:
    starts_at = instant(on, series.local_time, series.zone)
    return ClinicSession(
        site_id=series.site_id, series_id=series.id, series_date=on, kind=series.kind, title=series.title,
        therapist_id=series.therapist_id, room_id=series.room_id, local_date=on, local_time=series.local_time,
        minutes=series.minutes, zone=series.zone, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=series.minutes), capacity=series.capacity, plan_version=1,
        state=State.PLANNED,
    )  # fmt: skip


def _slot(row: ClinicSession) -> occupancy.Slot:
    return occupancy.Slot(row.id, row.starts_at, row.ends_at)


def _lay(session: Session, rows: Sequence[ClinicSession]) -> None:
    session.add_all(rows)
    session.flush()
    occupancy.take(session, resources(rows[0]), [_slot(row) for row in rows])


def extend(*, at: datetime) -> int:
    """Lay out every group as far ahead as the clinic wants, with its members' seats. How many were new.

    A date that is taken is left out and becomes work.
    """
    with transaction() as session:
        made = 0
        running = select(Series).where(Series.ends_on.is_(None)).order_by(Series.id)
        for series in session.scalars(running.with_for_update()).all():
            made += _extend(session, series, at)
        return made


def _extend(session: Session, series: Series, at: datetime) -> int:
    until = local(at, series.zone).date() + timedelta(weeks=configuration.value("series_weeks"))
    last = select(func.max(ClinicSession.series_date)).where(ClinicSession.series_id == series.id)
    on, made = (session.scalar(last) or series.first_on) + timedelta(weeks=1), 0
    while on < until:
        row = _session(series, on)
        made += _extend_by(session, series, row, at) if row.starts_at > at else 0
        on += timedelta(weeks=1)
    return made


def _extend_by(session: Session, series: Series, row: ClinicSession, at: datetime) -> int:
    wanted = resources(row)
    occupancy.lock(session, wanted)
    taken = occupancy.first_taken(session, wanted, [_slot(row)])
    if taken:
        _not_laid_out(series, row, taken.words, at)
        return 0
    _lay(session, [row])
    members = select(Enrolment.patient_id).where(Enrolment.series_id == series.id, Enrolment.until.is_(None))
    for patient_id in session.scalars(members.order_by(Enrolment.id)).all():
        occupancy.lock(session, [(Resource.PATIENT, patient_id)])
        if clash := occupancy.first_taken(session, [(Resource.PATIENT, patient_id)], [_slot(row)]):
            _not_laid_out(series, row, clash.words, at, patient_id)
        else:
            _seat(session, [row], patient_id, at)
    return 1


def _not_laid_out(
    series: Series, row: ClinicSession, words: str, at: datetime, patient_id: UUID | None = None
) -> None:
    worklist.raise_item(
        "scheduling.not_laid_out",
        "series",
        uuid5(series.id, f"{row.local_date} {patient_id}"),  # once for each date and person
        patient_id=patient_id,
        owner_id=series.therapist_id,
        site_id=series.site_id,
        level=Level.NONE,
        reason=f"{series.title} on {row.local_date:%a %b} {row.local_date.day} could not be planned: {words}",
        due_at=row.starts_at,
        at=at,
    )


def enrol(series_id: UUID, patient_id: UUID, *, at: datetime) -> UUID:
    """A seat in every session of the group still to come, or in none. Joining twice changes nothing.

    Raises Invalid naming the date on which the person is taken or no seat is free; Missing, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.SCHEDULE, at)
        series = session.scalar(select(Series).where(Series.id == series_id).with_for_update())
        if series is None or series.ends_on is not None:
            raise Missing
        open_now = (
            Enrolment.series_id == series_id,
            Enrolment.patient_id == patient_id,
            Enrolment.until.is_(None),
        )
        if there := session.scalar(select(Enrolment.id).where(*open_now)):
            return there
        rows = _to_come(session, series_id, at)
        made = Enrolment(series_id=series_id, patient_id=patient_id, since=local(at, series.zone).date())
        session.add(made)
        occupancy.lock(session, [(Resource.PATIENT, patient_id)])
        _seat(session, rows, patient_id, at)
        patients.relate(
            patient_id, RelationKind.GROUP, series.therapist_id, at=at, source_kind="enrolment",
            source_id=made.id,
        )  # fmt: skip
        reminders.lay_out([row.id for row in rows], at=at)
        contacts.plan_next(session, [patient_id], at=at)
        audit.record("series.joined", [patient_id], at=at, subject_kind="series", subject_id=series_id)
        return made.id


def _to_come(session: Session, series_id: UUID, at: datetime) -> Sequence[ClinicSession]:
    mine = (ClinicSession.series_id == series_id, ClinicSession.state == State.PLANNED)
    wanted = (
        select(ClinicSession).where(*mine, ClinicSession.starts_at > at).order_by(ClinicSession.starts_at)
    )
    return session.scalars(wanted.with_for_update()).all()


def _seat(session: Session, rows: Sequence[ClinicSession], patient_id: UUID, at: datetime) -> None:
    """Book the person and the lowest free seat in each session. Raises Invalid naming the date."""
    occupancy.take(session, [(Resource.PATIENT, patient_id)], [_slot(row) for row in rows])
    taken: dict[UUID, list[int]] = {row.id: [] for row in rows}
    held = select(Seat.session_id, Seat.seat).where(Seat.session_id.in_(list(taken)))
    for session_id, number in session.execute(held):
        taken[session_id].append(number)
    for row in rows:
        free = lowest_free(taken[row.id], row.capacity)
        if free is None:
            full = f"All {row.capacity} places are taken on {row.local_date:%a %b} {row.local_date.day}"
            raise Invalid("patient_id", f"{full}. Choose another group")
        seat = Seat(session_id=row.id, patient_id=patient_id, seat=free, capacity=row.capacity, booked_at=at)
        session.add(seat)
    session.flush()


def leave(series_id: UUID, patient_id: UUID, *, at: datetime) -> None:
    """The person leaves the group: seats and reminders to come are given back. Raises Missing, Hidden."""
    with transaction() as session:
        require(patient_id, Right.SCHEDULE, at)
        series = session.scalar(select(Series).where(Series.id == series_id).with_for_update())
        open_now = (
            Enrolment.series_id == series_id,
            Enrolment.patient_id == patient_id,
            Enrolment.until.is_(None),
        )
        enrolment = session.scalar(select(Enrolment).where(*open_now))
        if series is None or enrolment is None:
            raise Missing
        enrolment.until = local(at, series.zone).date()
        ids = [row.id for row in _to_come(session, series_id, at)]
        occupancy.free(session, ids, patient_id)
        session.execute(delete(Seat).where(Seat.session_id.in_(ids), Seat.patient_id == patient_id))
        reminders.withhold(session, ids, "left_group", at=at, patient_id=patient_id)
        contacts.plan_next(session, [patient_id], at=at)
        session.flush()
        if not _led_elsewhere(session, patient_id, series.therapist_id):
            patients.end_relations(patient_id, RelationKind.GROUP, at=at, subject_id=series.therapist_id)
        audit.record("series.left", [patient_id], at=at, subject_kind="series", subject_id=series_id)


def _led_elsewhere(session: Session, patient_id: UUID, therapist_id: UUID) -> bool:
    """Whether the person is still in another group of the same therapist."""
    member = (Enrolment.patient_id == patient_id, Enrolment.until.is_(None))
    groups = select(Enrolment.id).join(Series, Series.id == Enrolment.series_id)
    return session.scalar(groups.where(*member, Series.therapist_id == therapist_id).limit(1)) is not None
