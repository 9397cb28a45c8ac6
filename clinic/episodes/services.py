"""Opening, moving, owning and closing an episode. The baton is never on the floor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from clinic.accounts import queries as accounts
from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Missing, Refused, Stale
from clinic.core.ids import uuid7
from clinic.episodes import queries, registry
from clinic.episodes.models import Episode, HandOver, Stay
from clinic.episodes.rules import Medication, NextContact, Track
from clinic.patients import access as patient_access
from clinic.patients import services as patients
from clinic.patients.rules import RelationKind, Right
from clinic.worklist import services as worklist

WITHIN_WALLS = (Track.DETOX, Track.INPATIENT)


@dataclass(frozen=True)
class Admission:
    """The open episode; `created` is false where another person had opened it already."""

    episode_id: UUID
    created: bool


def admit(
    patient_id: UUID,
    *,
    site_id: UUID,
    track: Track,
    medication: Medication,
    owner_id: UUID,
    next_contact: NextContact,
    at: datetime,
) -> Admission:
    """Open the one episode of a patient with its first stay; of two at once the second is led to it."""
    episode_id = uuid7()
    row = {
        "id": episode_id,
        "patient_id": patient_id,
        "site_id": site_id,
        "owner_id": owner_id,
        "opened_at": at,
        "last_contact_at": at,
        "version": 1,
        **_contact(next_contact),
    }
    with transaction() as session:
        if not insert_new(session, Episode, [row]):
            return Admission(_open(session, patient_id).id, created=False)
        _stay(session, episode_id, track, medication, at)
        patients.end_relations(patient_id, RelationKind.OWNER, at=at)  # to an earlier episode
        _relate(patient_id, RelationKind.OWNER, owner_id, episode_id, at)
        worklist.reassign(patient_id, owner_id, at=at)
        for kind in (RelationKind.SUPERVISION, RelationKind.CARE):
            _relate(patient_id, kind, site_id, episode_id, at)
        if track in WITHIN_WALLS:
            _relate(patient_id, RelationKind.UNIT, site_id, episode_id, at)
        audit.record(
            "episode.opened",
            [patient_id],
            at=at,
            subject_kind="episode",
            subject_id=episode_id,
            detail=track.value,
        )
        for opened in registry.opened:
            opened(episode_id, patient_id, at)
    return Admission(episode_id, created=True)


def move(
    patient_id: UUID,
    *,
    track: Track,
    medication: Medication,
    next_contact: NextContact,
    version: int | None,
    at: datetime,
) -> UUID:
    """End the open stay and add the next one. Returns the episode's id. Raises Stale, Missing."""
    with transaction() as session:
        episode = _open(session, patient_id)
        if version is not None and episode.version != version:
            raise Stale
        for stay in session.scalars(
            select(Stay).where(Stay.episode_id == episode.id, Stay.ends_at.is_(None)).with_for_update()
        ):
            stay.ends_at = at
        session.flush()  # the open stay must end before the next begins: one open stay at a time
        stay_id = _stay(session, episode.id, track, medication, at)
        _set_contact(episode, next_contact)
        flag_modified(episode, "next_contact_at")  # a move is a change even where the next contact stays
        if track in WITHIN_WALLS:
            _relate(patient_id, RelationKind.UNIT, episode.site_id, episode.id, at)
        else:
            patients.end_relations(patient_id, RelationKind.UNIT, at=at)
        audit.record(
            "episode.moved", [patient_id], at=at, subject_kind="episode", subject_id=episode.id, detail=track
        )
        for moved in registry.moved:
            moved(stay_id, patient_id, track, at)
        return episode.id


def offer(
    patient_id: UUID,
    to_id: UUID,
    *,
    words: str | None = None,
    version: int | None = None,
    at: datetime,
) -> UUID:
    """Offer the episode; a new offer takes the place of an open one. The owner keeps it meanwhile.

    `version` counts the offers that the page knew of, None where no page did. Raises Stale, Refused, Missing.
    """
    with transaction() as session:
        episode = _open(session, patient_id)
        if version is not None and queries.offers_made(episode.id) != version:
            raise Stale
        if to_id == episode.owner_id:
            raise Refused("This person owns the episode already.")
        if accounts.stand_in(to_id, at) is None:
            raise Refused("This person is away and nobody covers. Choose somebody else.")
        for waiting in session.scalars(_offers(episode.id).with_for_update()):
            waiting.answered_at, waiting.answer = at, "withdrawn"
        session.flush()
        made = HandOver(
            episode_id=episode.id, from_id=episode.owner_id, to_id=to_id, offered_at=at, words=words
        )
        session.add(made)
        audit.record("episode.offered", [patient_id], at=at, subject_kind="hand_over", subject_id=made.id)
        return made.id


def answer_offer(offer_id: UUID, *, accepted: bool, at: datetime) -> UUID:
    """The person offered to takes the baton or leaves it. Returns the patient's id.

    Raises Missing for a foreign offer, Refused where it was answered or withdrawn.
    """
    with transaction() as session:
        made = session.scalar(
            select(HandOver)
            .where(HandOver.id == offer_id, HandOver.to_id.in_(actor.get().stands_for))
            .with_for_update()
        )
        if made is None:
            raise Missing
        episode = session.get_one(Episode, made.episode_id, with_for_update=True)
        if made.answered_at is not None or episode.closed_at is not None:
            raise Refused("This offer is no longer open.")
        made.answered_at, made.answer = at, "accepted" if accepted else "declined"
        if accepted:
            _give(episode, made.to_id, at)
        audit.record(
            f"episode.offer_{made.answer}",
            [episode.patient_id],
            at=at,
            subject_kind="hand_over",
            subject_id=made.id,
        )
        return episode.patient_id


def plan_contact(patient_id: UUID, next_contact: NextContact, *, at: datetime) -> None:
    """Set when the person is contacted next; joins the caller's transaction and its audit."""
    with transaction() as session:
        _set_contact(_open(session, patient_id), next_contact)


def contacted(patient_id: UUID, *, at: datetime) -> None:
    """Somebody was in touch with the person; nothing where no episode is open."""
    with transaction() as session:
        episode = session.scalar(_open_of(patient_id))
        if episode is not None and (episode.last_contact_at is None or episode.last_contact_at < at):
            episode.last_contact_at = at
        for told in registry.contacted:
            told(patient_id, at)


def close(patient_id: UUID, reason: str, *, at: datetime) -> None:
    """End the episode and its stay: at the end of aftercare, at death, at re-admission."""
    with transaction() as session:
        patient_access.require(patient_id, Right.CLINICAL, at)
        episode = _open(session, patient_id)
        for stay in session.scalars(
            select(Stay).where(Stay.episode_id == episode.id, Stay.ends_at.is_(None)).with_for_update()
        ):
            stay.ends_at = at
        for waiting in session.scalars(_offers(episode.id).with_for_update()):
            waiting.answered_at, waiting.answer = at, "withdrawn"
        episode.closed_at, episode.close_reason = at, reason
        patients.end_relations(patient_id, RelationKind.UNIT, at=at)
        audit.record(
            "episode.closed",
            [patient_id],
            at=at,
            subject_kind="episode",
            subject_id=episode.id,
            detail=reason,
        )
        for closed in registry.closed:
            closed(episode.id, patient_id, at)


def give_all_of(user_id: UUID, at: datetime) -> None:
    """A user who is disabled owns nothing: all goes to the supervisor, in one transaction (R12)."""
    with transaction() as session:
        owned = select(Episode).where(Episode.owner_id == user_id, Episode.closed_at.is_(None))
        for episode in session.scalars(owned.with_for_update()):
            supervisor = accounts.supervisor_of(episode.site_id)
            if supervisor is None:
                raise Refused("Add a supervisor first: the open episodes of this person need an owner.")
            _give(episode, supervisor, at)
            audit.record(
                "episode.given",
                [episode.patient_id],
                at=at,
                subject_kind="episode",
                subject_id=episode.id,
                detail="owner disabled",
            )
        to_them = select(HandOver).where(HandOver.to_id == user_id, HandOver.answered_at.is_(None))
        for waiting in session.scalars(to_them.with_for_update()):
            waiting.answered_at, waiting.answer = at, "withdrawn"


def _give(episode: Episode, to_id: UUID, at: datetime) -> None:
    """Owner, relations and open work go together; intake's view ends with the first hand-over."""
    patient_id = episode.patient_id
    patients.end_relations(patient_id, RelationKind.OWNER, at=at)
    patients.end_relations(patient_id, RelationKind.INTAKE, at=at)
    _relate(patient_id, RelationKind.OWNER, to_id, episode.id, at)
    episode.owner_id = to_id
    worklist.reassign(patient_id, to_id, at=at)


def _relate(patient_id: UUID, kind: RelationKind, subject_id: UUID, episode_id: UUID, at: datetime) -> None:
    patients.relate(patient_id, kind, subject_id, at=at, source_kind="episode", source_id=episode_id)


def _open_of(patient_id: UUID) -> Select[Episode]:
    return (
        select(Episode).where(Episode.patient_id == patient_id, Episode.closed_at.is_(None)).with_for_update()
    )


def _open(session: Session, patient_id: UUID) -> Episode:
    episode: Episode | None = session.scalar(_open_of(patient_id))
    if episode is None:
        raise Missing
    return episode


def _offers(episode_id: UUID) -> Select[HandOver]:
    return select(HandOver).where(HandOver.episode_id == episode_id, HandOver.answered_at.is_(None))


def _stay(session: Session, episode_id: UUID, track: Track, medication: Medication, at: datetime) -> UUID:
    stay = Stay(
        episode_id=episode_id,
        track=track,
        medication=medication,
        starts_at=at,
        started_by=actor.get().id,
    )
    session.add(stay)
    return stay.id


def _contact(planned: NextContact) -> dict[str, object]:
    return {
        "next_contact_at": planned.moment,
        "next_contact_on": planned.on,
        "next_contact_time": planned.at,
        "next_contact_zone": planned.zone,
        "next_contact_kind": planned.kind,
    }


def _set_contact(episode: Episode, planned: NextContact) -> None:
    for name, value in _contact(planned).items():
        setattr(episode, name, value)
