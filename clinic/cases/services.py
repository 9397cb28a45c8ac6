"""Writing, signing and amending notes; moving a person to another track."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from clinic.audit import services as audit
from clinic.cases.models import Note
from clinic.cases.rules import NoteKind
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.episodes import queries as episode_queries
from clinic.episodes import services as episodes
from clinic.episodes.rules import Medication, NextContact, Track
from clinic.patients import access as patients
from clinic.patients.rules import Right
from clinic.scheduling import queries as scheduling


def write(
    patient_id: UUID,
    *,
    kind: NoteKind,
    happened_at: datetime,
    words: str,
    sign: bool,
    session_id: UUID | None = None,
    at: datetime,
) -> UUID:
    """A new note by the actor, as a draft or signed at once. Raises Hidden, Invalid.

    A session in which the person has no seat is left out: the note is about the person.
    """
    _not_in_future(happened_at, at)
    with transaction() as session:
        patients.require(patient_id, Right.NOTES, at)
        seated = session_id is not None and scheduling.seated(session_id, patient_id)
        note = Note(
            patient_id=patient_id,
            session_id=session_id if seated else None,
            kind=kind,
            happened_at=happened_at,
            author_id=actor.get().id,
            written_at=at,
            signed_at=at if sign else None,
            words=words,
        )
        session.add(note)
        _told("note.signed" if sign else "note.drafted", note, at)
    return note.id


def rewrite(
    note_id: UUID,
    *,
    kind: NoteKind,
    happened_at: datetime,
    words: str,
    sign: bool,
    version: int,
    at: datetime,
) -> UUID:
    """Change one's own draft, or sign it. Returns the patient. Raises Missing, Stale, Invalid."""
    _not_in_future(happened_at, at)
    try:
        with transaction() as session:
            note = session.scalar(
                select(Note)
                .where(Note.id == note_id, Note.author_id == actor.get().id, Note.signed_at.is_(None))
                .with_for_update()
            )
            if note is None:
                raise Missing
            patients.require(note.patient_id, Right.NOTES, at)
            if note.version != version:
                raise Stale
            note.kind, note.happened_at, note.words, note.written_at = kind, happened_at, words, at
            note.signed_at = at if sign else None
            _told("note.signed" if sign else "note.drafted", note, at)
            session.flush()
            return note.patient_id
    except StaleDataError:
        raise Stale from None


def amend(note_id: UUID, words: str, reason: str, *, version: int, at: datetime) -> None:
    """Let a signed note read `words` from now on; what stood there stays readable.

    `version` counts the amendments that were seen. Raises Missing, Stale where another was made meanwhile.
    """
    with transaction() as session:
        wanted = select(Note).where(
            Note.id == note_id,
            Note.signed_at.is_not(None),
            Note.amends_id.is_(None),
            patients.visible(Note.patient_id, Right.NOTES, now=at),
        )
        first = session.scalar(wanted.with_for_update())
        if first is None:
            raise Missing
        made = session.scalar(select(func.count()).where(Note.amends_id == note_id))
        if made != version:
            raise Stale
        amendment = Note(
            patient_id=first.patient_id,
            session_id=first.session_id,
            kind=first.kind,
            happened_at=first.happened_at,
            author_id=actor.get().id,
            written_at=at,
            signed_at=at,
            amends_id=first.id,
            n=version + 1,
            words=words,
            reason=reason,
        )
        session.add(amendment)
        audit.record("note.amended", [first.patient_id], at=at, subject_kind="note", subject_id=amendment.id)


def move(
    patient_id: UUID,
    *,
    track: Track,
    medication: Medication,
    next_contact: NextContact,
    version: int,
    at: datetime,
) -> None:
    """Move a person of one's caseload to another track. Raises Hidden, Invalid, Stale."""
    if next_contact.moment <= at:
        raise Invalid("next_on", "Enter a next contact that is still to come")
    with transaction():
        patients.require(patient_id, Right.NOTES, at)
        episode = episode_queries.open_episode(patient_id, now=at)
        if episode is not None and episode.track is Track.AFTERCARE:
            raise Refused("This person is in aftercare. Coming back begins with a new assessment.")
        episodes.move(
            patient_id, track=track, medication=medication, next_contact=next_contact, version=version, at=at
        )


def _told(action: str, note: Note, at: datetime) -> None:
    audit.record(action, [note.patient_id], at=at, subject_kind="note", subject_id=note.id)
    if note.signed_at is not None and note.kind.contact:
        episodes.contacted(note.patient_id, at=note.happened_at)


def _not_in_future(happened_at: datetime, at: datetime) -> None:
    if happened_at > at:
        raise Invalid("happened_on", "Enter a day and time that are not in the future")
