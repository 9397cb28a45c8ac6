"""Reading episodes: one of a patient, a caseload, offers, courses; a fixed number of queries each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import Leave, User
from clinic.core.db import db, once_per_request, read
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
from clinic.patients.access import NOW, on_caseload
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
    owner_away: bool
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

    @property
    def facts(self) -> str:
        """he/him · 34."""
        return f"{self.pronouns} · {self.age}" if self.pronouns else str(self.age)


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
        User.name.label("owner_name"),
        exists()
        .where(
            Leave.user_id == Episode.owner_id,
            Leave.starts_at <= NOW,
            Leave.ends_at > NOW,
            Leave.cancelled_at.is_(None),
        )
        .label("owner_away"),
    )
    .join(Stay, Stay.episode_id == Episode.id)
    .join(Patient, Patient.id == Episode.patient_id)
    .join(User, User.id == Episode.owner_id)
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
_TRACKS = select(Stay.episode_id, Stay.track).where(Stay.episode_id.in_(bindparam("ids", expanding=True)))
_STAYS = (
    select(Stay.episode_id, Stay.track, Stay.medication, Stay.starts_at, Stay.ends_at)
    .join(Episode, Episode.id == Stay.episode_id)
    .where(Episode.patient_id == bindparam("patient_id"))
    .order_by(Stay.starts_at, Stay.id)
)


@once_per_request
def open_episode(patient_id: UUID, *, now: datetime) -> EpisodeRow | None:
    """The open episode of a patient; the caller has opened the record."""
    row = read(_OPEN, {"patient_id": patient_id, "now": now}).one_or_none()
    if row is None:
        return None
    return EpisodeRow(
        id=row.e_id,
        version=row.e_version,
        patient_id=patient_id,
        site_id=row.e_site_id,
        owner_id=row.e_owner_id,
        owner_name=row.owner_name,
        owner_away=row.owner_away,
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
    open_ones = (
        select(Episode.patient_id, User.name)
        .join(User, User.id == Episode.owner_id)
        .where(Episode.patient_id.in_(set(patient_ids)), Episode.closed_at.is_(None))
    )
    return dict(read(open_ones).all())


_CASES = (
    select(
        Episode.id.label("episode_id"),
        Episode.patient_id,
        Episode.last_contact_at,
        Episode.next_contact_at,
        Episode.next_contact_kind,
        Stay.track,
        Stay.medication,
        Stay.starts_at,
        *patients.PERSON,
    )
    .join(Stay, Stay.episode_id == Episode.id)
    .join(Patient, Patient.id == Episode.patient_id)
    .where(Episode.closed_at.is_(None), Stay.ends_at.is_(None), on_caseload(Episode.patient_id, now=NOW))
    .order_by(Episode.next_contact_at, Episode.id)
    .limit(CASELOAD_LIMIT)
)
_OWN_CASES = _CASES.where(Episode.owner_id.in_(bindparam("owner_ids", expanding=True)))


def caseload(*, now: datetime, owned_by: Iterable[UUID] | None = None) -> list[CaseRow]:
    """Open episodes the actor works with, by next contact; `owned_by` keeps to theirs.

    The caller audits the ids it shows.
    """
    if owned_by is None:
        rows = read(_CASES, {"now": now}).all()
    else:
        rows = read(_OWN_CASES, {"now": now, "owner_ids": list(owned_by)}).all()
    stays = _tracks([row.episode_id for row in rows])
    return [_case(row, patients.person(row, now), stays[row.episode_id], now) for row in rows]


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
    for episode_id, track in read(_TRACKS, {"ids": ids}):
        found[episode_id].append(track)
    return found


def course_of(patient_id: UUID, *, now: datetime) -> Course:
    """The strip of one patient; without an open episode only the referral is drawn."""
    episode = open_episode(patient_id, now=now)
    if episode is None:
        return course([], None, "")
    return course(_tracks([episode.id])[episode.id], episode.track, episode.words)


def stays(patient_id: UUID) -> list[tuple[UUID, StayRow]]:
    """All stays of all episodes of a patient, oldest first: (episode id, stay)."""
    rows = read(_STAYS, {"patient_id": patient_id})
    return [(row.episode_id, StayRow(*row[1:])) for row in rows]


def tracks_now(patient_ids: Iterable[UUID], *, now: datetime) -> Mapping[UUID, tuple[Track, str]]:
    """Where each patient is: (track, words); the caller has authorised the patients."""
    return {
        row.patient_id: (row.track, stay_words(row.track, day_number(row.starts_at, now, row.zone)))
        for row in read(_TRACKS_NOW, {"ids": list(patient_ids)})
    }


_giver, _taker = aliased(User), aliased(User)
_OFFERS = (
    select(
        HandOver.id,
        HandOver.to_id,
        HandOver.offered_at,
        HandOver.words_sealed,
        Stay.track,
        _giver.name.label("from_name"),
        _taker.name.label("to_name"),
        *patients.PERSON,
    )
    .join(Episode, Episode.id == HandOver.episode_id)
    .join(Stay, Stay.episode_id == Episode.id)
    .join(Patient, Patient.id == Episode.patient_id)
    .join(_giver, _giver.id == HandOver.from_id)
    .join(_taker, _taker.id == HandOver.to_id)
    .where(HandOver.answered_at.is_(None), Episode.closed_at.is_(None), Stay.ends_at.is_(None))
    .order_by(HandOver.offered_at)
)
_OFFERS_TO = _OFFERS.where(HandOver.to_id.in_(bindparam("user_ids", expanding=True)))
_OFFER_OF = _OFFERS.where(Episode.patient_id == bindparam("patient_id"))


def offers_to(user_ids: Iterable[UUID], *, now: datetime) -> list[Offer]:
    """Open offers to any of these users, oldest first."""
    return [_offer(row, now) for row in read(_OFFERS_TO, {"user_ids": list(user_ids)})]


def offer_of(patient_id: UUID, *, now: datetime) -> Offer | None:
    """The open offer of a patient's episode."""
    row = read(_OFFER_OF, {"patient_id": patient_id}).first()
    return _offer(row, now) if row else None


def _offer(row: Row[*tuple[Any, ...]], now: datetime) -> Offer:
    person, words = patients.person(row, now), HandOver.words.reveal(row.id, row.words_sealed)
    return Offer(
        row.id,
        person.id,
        person.name,
        row.from_name,
        row.to_id,
        row.to_name,
        row.offered_at,
        row.track,
        words,
    )


def owned(user_id: UUID) -> int:
    """How many open episodes somebody owns."""
    mine = select(func.count()).where(Episode.owner_id == user_id, Episode.closed_at.is_(None))
    return db.session.scalars(mine).one()


def offers_made(episode_id: UUID) -> int:
    """How often an episode was offered so far."""
    made = select(func.count()).select_from(HandOver).where(HandOver.episode_id == episode_id)
    return db.session.scalars(made).one()
