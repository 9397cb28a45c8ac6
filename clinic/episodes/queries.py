"""Reading episodes: one of a patient, a caseload, offers, courses; a fixed number of queries each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.episodes.models import Episode, HandOver, Stay
from clinic.episodes.rules import (
    ContactKind,
    Course,
    Medication,
    NextContact,
    Track,
    course,
    day_number,
    stay_words,
)
from clinic.patients import queries as patients
from clinic.patients.access import on_caseload
from clinic.patients.models import Patient

CASELOAD_LIMIT = 500


class EpisodeRow(NamedTuple):
    """The open episode of one patient."""

    id: UUID
    version: int
    patient_id: UUID
    site_id: UUID
    owner_id: UUID
    owner_name: str
    opened_at: datetime
    stay_id: UUID
    track: Track
    medication: Medication
    stay_since: datetime
    day: int
    last_contact_at: datetime | None
    next_contact: NextContact

    @property
    def words(self) -> str:
        """Where the person is: "Aftercare, week 9"."""
        return stay_words(self.track, self.day)


class CaseRow(NamedTuple):
    """One line of a caseload."""

    patient_id: UUID
    name: str
    pronouns: str | None
    age: int
    track: Track
    medication: Medication
    words: str
    course: Course
    last_contact_at: datetime | None
    next_contact_at: datetime
    next_contact_kind: ContactKind


class Offer(NamedTuple):
    """An open offer of a hand-over."""

    id: UUID
    patient_id: UUID
    name: str
    from_name: str
    to_id: UUID
    to_name: str
    offered_at: datetime
    track: Track
    words: str | None


class StayRow(NamedTuple):
    """One stay of an episode."""

    track: Track
    medication: Medication
    starts_at: datetime
    ends_at: datetime | None


# Built once, as those below: every record's banner asks them, and building them costs more than asking.
_OPEN = (
    select(
        *(column.label(f"e_{column.key}") for column in Episode.__table__.c),
        Stay.id.label("stay_id"),
        Stay.track,
        Stay.medication,
        Stay.starts_at,
        Patient.zone,
    )
    .join(Stay, Stay.episode_id == Episode.id)
    .join(Patient, Patient.id == Episode.patient_id)
    .where(Episode.patient_id == bindparam("patient_id"), Episode.closed_at.is_(None), Stay.ends_at.is_(None))
)
_TRACKS_NOW = (
    select(Episode.patient_id, Stay.track, Stay.starts_at, Patient.zone)
    .join(Stay, Stay.episode_id == Episode.id)
    .join(Patient, Patient.id == Episode.patient_id)
    .where(
        Episode.patient_id.in_(bindparam("ids", expanding=True)),
        Episode.closed_at.is_(None),
        Stay.ends_at.is_(None),
    )
)
_STAYS = (
    select(Stay.episode_id, Stay.track, Stay.medication, Stay.starts_at, Stay.ends_at)
    .join(Episode, Episode.id == Stay.episode_id)
    .where(Episode.patient_id == bindparam("patient_id"))
    .order_by(Stay.starts_at, Stay.id)
)


def open_episode(patient_id: UUID, *, now: datetime) -> EpisodeRow | None:
    """The open episode of a patient; the caller has opened the record."""
    row = db.session.execute(_OPEN, {"patient_id": patient_id}).one_or_none()
    if row is None:
        return None
    return EpisodeRow(
        id=row.e_id,
        version=row.e_version,
        patient_id=patient_id,
        site_id=row.e_site_id,
        owner_id=row.e_owner_id,
        owner_name=accounts.names([row.e_owner_id])[row.e_owner_id],
        opened_at=row.e_opened_at,
        stay_id=row.stay_id,
        track=row.track,
        medication=row.medication,
        stay_since=row.starts_at,
        day=day_number(row.starts_at, now, row.zone),
        last_contact_at=row.e_last_contact_at,
        next_contact=NextContact(
            row.e_next_contact_on, row.e_next_contact_time, row.e_next_contact_zone, row.e_next_contact_kind
        ),
    )


def owner_of(patient_id: UUID) -> tuple[UUID, UUID] | None:
    """(owner, site) of the open episode."""
    wanted = select(Episode.owner_id, Episode.site_id).where(
        Episode.patient_id == patient_id, Episode.closed_at.is_(None)
    )
    row = db.session.execute(wanted).one_or_none()
    return (row.owner_id, row.site_id) if row else None


def owners(patient_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Who owns the open episode of each patient, by name; the caller has authorised the patients."""
    open_ones = select(Episode.patient_id, Episode.owner_id).where(
        Episode.patient_id.in_(set(patient_ids)), Episode.closed_at.is_(None)
    )
    found = dict(iter(db.session.execute(open_ones)))
    names = accounts.names(found.values())
    return {patient_id: names[owner_id] for patient_id, owner_id in found.items()}


def caseload(
    *, now: datetime, owned_by: Iterable[UUID] | None = None, track: Track | None = None
) -> list[CaseRow]:
    """Open episodes the actor works with, by next contact; `owned_by` keeps to theirs.

    The caller audits the ids it shows.
    """
    wanted = (
        select(
            Episode.id.label("episode_id"),
            Episode.patient_id,
            Episode.last_contact_at,
            Episode.next_contact_at,
            Episode.next_contact_kind,
            Stay.track,
            Stay.medication,
            Stay.starts_at,
            Patient.zone,
        )
        .join(Stay, Stay.episode_id == Episode.id)
        .join(Patient, Patient.id == Episode.patient_id)
        .where(Episode.closed_at.is_(None), Stay.ends_at.is_(None), on_caseload(Episode.patient_id, now=now))
    )
    if owned_by is not None:
        wanted = wanted.where(Episode.owner_id.in_(tuple(owned_by)))
    if track is not None:
        wanted = wanted.where(Stay.track == track)
    rows = db.session.execute(
        wanted.order_by(Episode.next_contact_at, Episode.id).limit(CASELOAD_LIMIT)
    ).all()
    people = patients.people([row.patient_id for row in rows], now=now)
    stays = _tracks([row.episode_id for row in rows])
    return [_case(row, people[row.patient_id], stays[row.episode_id], now) for row in rows]


def _case(
    row: Row[*tuple[object, ...]], person: patients.Person, tracks: list[Track], now: datetime
) -> CaseRow:
    words = stay_words(row.track, day_number(row.starts_at, now, row.zone))
    return CaseRow(
        row.patient_id,
        person.name,
        person.pronouns,
        person.age,
        row.track,
        row.medication,
        words,
        course(tracks, row.track, words),
        row.last_contact_at,
        row.next_contact_at,
        row.next_contact_kind,
    )


def _tracks(episode_ids: Iterable[UUID]) -> dict[UUID, list[Track]]:
    ids = list(episode_ids)
    found: dict[UUID, list[Track]] = {episode_id: [] for episode_id in ids}
    for row in db.session.execute(select(Stay.episode_id, Stay.track).where(Stay.episode_id.in_(ids))):
        found[row.episode_id].append(row.track)
    return found


def course_of(patient_id: UUID, *, now: datetime) -> Course:
    """The strip of one patient; without an open episode only the referral is drawn."""
    episode = open_episode(patient_id, now=now)
    if episode is None:
        return course([], None, "")
    return course(_tracks([episode.id])[episode.id], episode.track, episode.words)


def stays(patient_id: UUID) -> list[tuple[UUID, StayRow]]:
    """All stays of all episodes of a patient, oldest first: (episode id, stay)."""
    rows = db.session.execute(_STAYS, {"patient_id": patient_id})
    return [(row.episode_id, StayRow(*row[1:])) for row in rows]


def tracks_now(patient_ids: Iterable[UUID], *, now: datetime) -> Mapping[UUID, tuple[Track, str]]:
    """Where each patient is: (track, words); the caller has authorised the patients."""
    return {
        row.patient_id: (row.track, stay_words(row.track, day_number(row.starts_at, now, row.zone)))
        for row in db.session.execute(_TRACKS_NOW, {"ids": list(patient_ids)})
    }


def offers_to(user_ids: Iterable[UUID], *, now: datetime) -> list[Offer]:
    """Open offers to any of these users, oldest first."""
    return _offers(_open_offers().where(HandOver.to_id.in_(tuple(user_ids))), now)


def owned(user_id: UUID) -> int:
    """How many open episodes somebody owns."""
    mine = select(func.count()).where(Episode.owner_id == user_id, Episode.closed_at.is_(None))
    return db.session.scalars(mine).one()


def offer_of(patient_id: UUID, *, now: datetime) -> Offer | None:
    """The open offer of a patient's episode."""
    return next(iter(_offers(_open_offers().where(Episode.patient_id == patient_id), now)), None)


def offers_made(episode_id: UUID) -> int:
    """How often an episode was offered so far."""
    made = select(func.count()).select_from(HandOver).where(HandOver.episode_id == episode_id)
    return db.session.scalars(made).one()


def _open_offers() -> Select[*tuple[object, ...]]:
    return (
        select(
            HandOver.id,
            HandOver.from_id,
            HandOver.to_id,
            HandOver.offered_at,
            HandOver.words_sealed,
            Episode.patient_id,
            Stay.track,
        )
        .join(Episode, Episode.id == HandOver.episode_id)
        .join(Stay, Stay.episode_id == Episode.id)
        .where(HandOver.answered_at.is_(None), Episode.closed_at.is_(None), Stay.ends_at.is_(None))
        .order_by(HandOver.offered_at)
    )


def _offers(wanted: Select[*tuple[object, ...]], now: datetime) -> list[Offer]:
    rows = db.session.execute(wanted).all()
    people = patients.people([row.patient_id for row in rows], now=now)
    names = accounts.names({person for row in rows for person in (row.from_id, row.to_id)})
    return [
        Offer(
            row.id,
            row.patient_id,
            people[row.patient_id].name,
            names[row.from_id],
            row.to_id,
            names[row.to_id],
            row.offered_at,
            row.track,
            HandOver.words.reveal(row.id, row.words_sealed),
        )
        for row in rows
    ]
