"""Reading notes of one patient whose record was opened."""

from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import User
from clinic.cases.models import Note
from clinic.cases.rules import NoteKind
from clinic.core import actor
from clinic.core.db import read
from clinic.web.amendments import Amendment, changed


class NoteRow(NamedTuple):
    """A note with its author's name; `words` whole. `amended_at` is when its last amendment was written."""

    id: UUID
    kind: NoteKind
    happened_at: datetime
    author_id: UUID
    author: str
    written_at: datetime
    signed_at: datetime | None
    amends_id: UUID | None
    version: int
    words: str
    reason: str | None
    amended_at: datetime | None


# Built once: building them costs more than asking.
_later = aliased(Note)
_amended_at = select(func.max(_later.written_at)).where(_later.amends_id == Note.id).scalar_subquery()
_NOTES = (
    select(*Note.__table__.c, User.name.label("author"), _amended_at.label("amended_at"))
    .join(User, User.id == Note.author_id)
    .where(
        Note.patient_id == bindparam("patient_id"),
        or_(Note.signed_at.is_not(None), Note.author_id == bindparam("reader_id")),
    )
)
_NEWEST = (
    _NOTES.where(Note.amends_id.is_(None))
    .order_by(Note.happened_at.desc(), Note.id.desc())
    .limit(bindparam("limit"))
)
_WHOLE = _NOTES.where(
    or_(
        and_(Note.id == bindparam("note_id"), Note.amends_id.is_(None)),
        Note.amends_id == bindparam("note_id"),
    )
).order_by(Note.n)
_DRAFTS = (
    select(Note.id, Note.patient_id)
    .where(Note.author_id == bindparam("author_id"), Note.signed_at.is_(None))
    .order_by(Note.written_at)
)


def notes(patient_id: UUID, *, limit: int = 100) -> list[NoteRow]:
    """Signed notes and the actor's own drafts, newest first, without amendments."""
    return _rows(_NEWEST, patient_id, limit=limit)


def note(patient_id: UUID, note_id: UUID) -> list[NoteRow]:
    """One note of this patient, then its amendments, oldest first; empty where there is none to read."""
    return _rows(_WHOLE, patient_id, note_id=note_id)


def amendments(versions: list[NoteRow]) -> list[Amendment]:
    """What each amendment of a note changed, oldest first; `versions` as `note` gives them."""
    return [
        Amendment(
            after.written_at, after.author, after.reason or "", changed([("Note", before.words, after.words)])
        )
        for before, after in pairwise(versions)
    ]


def drafts() -> list[tuple[UUID, UUID]]:
    """The actor's unsigned notes: (note, patient), oldest first."""
    return [(row.id, row.patient_id) for row in read(_DRAFTS, {"author_id": actor.get().id})]


def _rows(wanted: Select[*tuple[Any, ...]], patient_id: UUID, **given: object) -> list[NoteRow]:
    given |= {"patient_id": patient_id, "reader_id": actor.get().id}
    return [
        NoteRow(
            row.id,
            row.kind,
            row.happened_at,
            row.author_id,
            row.author,
            row.written_at,
            row.signed_at,
            row.amends_id,
            row.version,
            Note.words.reveal(row.id, row.words_sealed),
            Note.reason.reveal(row.id, row.reason_sealed),
            row.amended_at,
        )
        for row in read(wanted, given)
    ]
