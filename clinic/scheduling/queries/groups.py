"""Weekly groups and who belongs to them."""

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import func, select

from clinic.accounts.models import User
from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.patients import queries as patients
from clinic.patients.access import visible
from clinic.patients.rules import Right
from clinic.scheduling.models import ClinicSession, Enrolment, Room, Series
from clinic.scheduling.rules import State


@dataclass(frozen=True)
class SeriesRow:
    """One weekly group with its next session."""

    id: UUID
    title: str
    therapist_id: UUID
    therapist: str
    room: str | None
    weekday: int
    local_time: time
    minutes: int
    capacity: int
    members: int
    next_on: date | None

    @property
    def day_name(self) -> str:
        """Tuesday."""
        return calendar.day_name[self.weekday]


def groups(site_id: UUID, *, now: datetime) -> list[SeriesRow]:
    """The weekly groups of a site by weekday and time."""
    wanted = (
        select(Series, User.name, Room.name)
        .join(User, User.id == Series.therapist_id)
        .outerjoin(Room, Room.id == Series.room_id)
        .where(Series.site_id == site_id, Series.ends_on.is_(None))
        .order_by(Series.weekday, Series.local_time, Series.title)
    )
    rows = db.session.execute(wanted).all()
    ids = [series.id for series, _, _ in rows]
    open_now = select(Enrolment.series_id).where(Enrolment.series_id.in_(ids), Enrolment.until.is_(None))
    members = Counter(db.session.scalars(open_now))
    coming = (
        ClinicSession.series_id.in_(ids),
        ClinicSession.state == State.PLANNED,
        ClinicSession.starts_at > now,
    )
    nexts = select(ClinicSession.series_id, func.min(ClinicSession.local_date)).where(*coming)
    next_on = dict(iter(db.session.execute(nexts.group_by(ClinicSession.series_id))))
    return [
        SeriesRow(
            s.id, s.title, s.therapist_id, therapist, room, s.weekday, s.local_time, s.minutes, s.capacity,
            members[s.id], next_on.get(s.id),
        )
        for s, therapist, room in rows
    ]  # fmt: skip


def group(series_id: UUID, site_id: UUID, *, now: datetime) -> SeriesRow:
    """One weekly group of a site. Raises Missing."""
    found = next((row for row in groups(site_id, now=now) if row.id == series_id), None)
    if found is None:
        raise Missing
    return found


def members(series_id: UUID, *, now: datetime) -> list[patients.Person]:
    """Who belongs to a group, of those the actor may see, by name."""
    wanted = select(Enrolment.patient_id).where(
        Enrolment.series_id == series_id,
        Enrolment.until.is_(None),
        visible(Enrolment.patient_id, Right.SCHEDULE, now=now),
    )
    people = patients.people(db.session.scalars(wanted).all(), now=now)
    return sorted(people.values(), key=lambda person: person.name)
