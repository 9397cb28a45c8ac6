"""Stays, sessions, groups and notes of the invented patients."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from clinic.cases import services as cases
from clinic.cases.rules import NoteKind
from clinic.configuration import queries as configuration
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid
from clinic.core.rules import instant, local
from clinic.demo.services.clinic import Clinic
from clinic.episodes import services as episodes
from clinic.episodes.models import Episode, Stay
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.instruments import services as instruments
from clinic.scheduling.models import ClinicSession, Seat
from clinic.scheduling.rules import Mark, State
from clinic.scheduling.services import groups, sessions

NOTES = (
    "Talked through the first days. Sleeps badly, eats again. Next step is a plan for the evenings.",
    "Practised saying no on the phone. Wrote down two people to call.",
    "Worked on triggers around payday. Agreed to leave the bank card with a sister until Monday.",
    "Cravings less often. Goes for walks after lunch. Wants to speak with the employer next week.",
)
HOURS = (time(9), time(10), time(11), time(13), time(14), time(15), time(16))


def move(clinic: Clinic, patient_id: UUID, track: Track, *, at: datetime) -> None:
    """On to the next track, with a contact on the next working day."""
    following = configuration.next_working_day(local(at, clinic.zone).date())
    contact = NextContact(following, time(10), clinic.zone, ContactKind.SESSION)
    episodes.move(
        patient_id, track=track, medication=Medication.AGONIST, next_contact=contact, version=None, at=at
    )


def look_ahead(clinic: Clinic, *, now: datetime) -> None:
    """Whose next contact is over gets one to come: today's round within walls, else a call this week."""
    overdue = select(Episode.patient_id, Stay.track).join(Stay, Stay.episode_id == Episode.id)
    overdue = overdue.where(
        Episode.closed_at.is_(None), Stay.ends_at.is_(None), Episode.next_contact_at < now
    )
    today = local(now, clinic.zone).date()
    for place, row in enumerate(db.session.execute(overdue.order_by(Episode.id)).all()):
        if row.track is Track.AFTERCARE or place % 6 == 5:  # some are left overdue, to be seen
            continue
        within = row.track in (Track.DETOX, Track.INPATIENT)
        days, kind = (1, ContactKind.VISIT) if within else (1 + place % 4, ContactKind.CALL)
        contact = NextContact(today + timedelta(days=days), time(10), clinic.zone, kind)
        episodes.plan_contact(row.patient_id, contact, at=now)


def note(clinic: Clinic, patient_id: UUID, therapist: str, chance: Random, *, at: datetime) -> None:
    """A signed note after a session."""
    with clinic.acting(therapist):
        cases.write(
            patient_id, kind=NoteKind.SESSION, happened_at=at, words=chance.choice(NOTES), sign=True,
            at=at + timedelta(minutes=40),
        )  # fmt: skip


def scale(clinic: Clinic, patient_id: UUID, therapist: str, total: int, *, at: datetime) -> None:
    """A PHQ-9 with about this total, thoughts of self-harm answered with no."""
    answers = {f"q{n}": str(min(3, max(0, (total + 8 - n) // 8))) for n in range(1, 9)} | {"q9": "0"}
    with clinic.acting(therapist):
        saved = instruments.complete(
            patient_id, "phq9", instruments.Filled(answers, {}, observed_at=at), version=None, at=at
        )
        instruments.sign(patient_id, saved.id, at=at)


def book(
    clinic: Clinic, patient_id: UUID, therapist: str, on: date, chance: Random, *, at: datetime
) -> UUID | None:
    """An individual session at the first free hour of a day; None where the day is full."""
    rooms = list(clinic.rooms.values())[:3]
    with clinic.acting(therapist):
        for hour in chance.sample(HOURS, len(HOURS)):
            try:
                with transaction() as session, session.begin_nested():  # the whole load is one transaction
                    return sessions.book_individual(
                        patient_id,
                        sessions.Plan(on, hour, 50, chance.choice(rooms)),
                        kind="individual",
                        therapist_id=clinic.staff[therapist],
                        site_id=clinic.site_id,
                        at=at,
                    )
            except Invalid:
                continue  # taken: the next hour
    return None


def join_group(clinic: Clinic, patient_id: UUID, therapist: str, *, at: datetime) -> None:
    """A seat in the relapse-prevention group, if one is free and the hours are."""
    with clinic.acting(therapist):
        try:
            with transaction() as session, session.begin_nested():
                groups.enrol(clinic.group_id, patient_id, at=at)
        except Invalid:
            return  # full, or another session at the same hour: the story goes on without the group


def sign_past_sessions(clinic: Clinic, chance: Random, *, now: datetime) -> None:
    """Everybody's attendance of what is over, by who led it; the newest is left for the demonstration."""
    names = {user_id: name for name, user_id in clinic.staff.items()}
    over = select(ClinicSession.id, ClinicSession.therapist_id, ClinicSession.ends_at, ClinicSession.version)
    over = over.where(ClinicSession.state == State.PLANNED, ClinicSession.ends_at < now - timedelta(hours=3))
    for row in db.session.execute(over.order_by(ClinicSession.ends_at)).all():
        seats = db.session.scalars(select(Seat.patient_id).where(Seat.session_id == row.id)).all()
        marks = {
            patient_id: sessions.Marked(
                chance.choices((Mark.PRESENT, Mark.EXCUSED, Mark.NO_SHOW), (9, 1, 1))[0]
            )
            for patient_id in seats
        }
        if marks:
            with clinic.acting(names[row.therapist_id]):
                sessions.sign_session(row.id, marks, version=row.version, at=row.ends_at)


def at_local(on: date, hour: time, zone: str) -> datetime:
    """A local time as an instant."""
    return instant(on, hour, zone)
