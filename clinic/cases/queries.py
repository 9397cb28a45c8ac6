"""Reading notes of one patient whose record was opened."""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from clinic.accounts import queries as accounts
from clinic.cases.models import Note
from clinic.cases.rules import NoteKind
from clinic.core import actor
from clinic.core.db import db
from clinic.web.amendments import Amendment, changed


class NoteRow(NamedTuple):
    """A note with its author's name; `words` whole."""

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


def notes(patient_id: UUID, *, limit: int = 100) -> list[NoteRow]:
    """Signed notes and the actor's own drafts, newest first, without amendments."""
    wanted = _notes().where(Note.patient_id == patient_id, Note.amends_id.is_(None), _readable())
    return _rows(wanted.order_by(Note.happened_at.desc(), Note.id.desc()).limit(limit))


def note(patient_id: UUID, note_id: UUID) -> list[NoteRow]:
    """One note of this patient, then its amendments, oldest first; empty where there is none to read."""
    whole = or_(and_(Note.id == note_id, Note.amends_id.is_(None)), Note.amends_id == note_id)
    wanted = _notes().where(Note.patient_id == patient_id, whole, _readable())
    return _rows(wanted.order_by(Note.n))


def amendments(versions: list[NoteRow]) -> list[Amendment]:
    """What each amendment of a note changed, oldest first; `versions` as `note` gives them."""
    return [
        Amendment(
            after.written_at, after.author, after.reason or "", changed([("Note", before.words, after.words)])
        )
        for before, after in pairwise(versions)
    ]


def amended(note_ids: list[UUID]) -> dict[UUID, datetime]:
    """When each of the notes was amended last."""
    wanted = select(Note.amends_id, func.max(Note.written_at)).where(Note.amends_id.in_(note_ids))
    return {first: at for first, at in db.session.execute(wanted.group_by(Note.amends_id)) if first}


def drafts() -> list[tuple[UUID, UUID]]:
    """The actor's unsigned notes: (note, patient), oldest first."""
    wanted = select(Note.id, Note.patient_id).where(
        Note.author_id == actor.get().id, Note.signed_at.is_(None)
    )
    return [(row.id, row.patient_id) for row in db.session.execute(wanted.order_by(Note.written_at))]


def _readable() -> ColumnElement[bool]:
    return or_(Note.signed_at.is_not(None), Note.author_id == actor.get().id)


def _notes() -> Select[Note]:
    return select(Note)


def _rows(wanted: Select[Note]) -> list[NoteRow]:
    rows = db.session.execute(wanted.with_only_columns(*Note.__table__.c)).all()
    names = accounts.names({row.author_id for row in rows})
    return [
        NoteRow(
            row.id,
            row.kind,
            row.happened_at,
            row.author_id,
            names[row.author_id],
            row.written_at,
            row.signed_at,
            row.amends_id,
            row.version,
            Note.words.reveal(row.id, row.words_sealed),
            Note.reason.reveal(row.id, row.reason_sealed),
        )
        for row in rows
    ]
