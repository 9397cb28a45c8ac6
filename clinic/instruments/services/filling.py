"""Filling in a scale: save, complete, sign."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Refused, Stale
from clinic.instruments import queries
from clinic.instruments.models import Administration
from clinic.instruments.registry import Flagged, flagged
from clinic.instruments.rules import Filled, Incomplete, Instrument, Scored, score
from clinic.patients.access import require
from clinic.patients.models import Patient
from clinic.patients.rules import Right


@dataclass(frozen=True)
class Saved:
    """What was kept. `errors` (by item or `context.NAME`) is what a complete form still needs; `flags` stand
    whatever is missing."""

    id: UUID
    version: int
    flags: frozenset[str]
    errors: Mapping[str, str]


def save_draft(
    patient_id: UUID, instrument_id: str, filled: Filled, *, version: int | None, at: datetime
) -> Saved:
    """Keep the answers without a score. `version` is that of the unsigned form shown, None if there was none.

    Raises Stale, Invalid, Hidden, Missing."""
    return _save(patient_id, instrument_id, filled, version, at, scored=False)


def complete(
    patient_id: UUID, instrument_id: str, filled: Filled, *, version: int | None, at: datetime
) -> Saved:
    """Keep the answers and score them; with errors it stays a draft. Raises as save_draft."""
    return _save(patient_id, instrument_id, filled, version, at, scored=True)


def _save(
    patient_id: UUID, instrument_id: str, filled: Filled, version: int | None, at: datetime, *, scored: bool
) -> Saved:
    instrument = queries.get(instrument_id)
    result = judge(instrument, filled, at)
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        row = _open_row(session, patient_id, instrument, version)
        write(row, instrument, filled, result, at, scored=scored)
        session.add(row)
        session.flush()
        keep_record("completed" if row.completed_at else "draft_saved", row, at)
        tell(row, result, at, finished=scored)
        errors = result.errors if isinstance(result, Incomplete) else {}
        return Saved(row.id, row.version, frozenset(result.flags), errors)


def judge(instrument: Instrument, filled: Filled, at: datetime) -> Scored | Incomplete:
    """The score of what a form says. Raises Invalid for what cannot have been observed yet."""
    if filled.observed_at > at:
        raise Invalid("observed_time", "Enter a time observed that is not in the future")
    result = score(instrument, filled.answers, filled.context)
    if isinstance(result, Incomplete):
        # what was answered though it is not asked is an error to clear up, and danger until then
        asked = score(replace(instrument, skips=()), filled.answers, filled.context)
        return replace(result, flags=tuple(sorted({*result.flags, *asked.flags})))
    return result


def write(
    row: Administration,
    instrument: Instrument,
    filled: Filled,
    result: Scored | Incomplete,
    at: datetime,
    *,
    scored: bool,
) -> None:
    """Put a form and, if wanted and whole, its score into a row that nobody signed. Raises Missing."""
    row.instrument_version = instrument.version
    row.respondent = "self" if instrument.self_report else "clinician"
    row.wording_id = queries.wording_id(instrument.id, filled.wording)
    row.answers, row.context, row.flags = dict(filled.answers), dict(filled.context), list(result.flags)
    row.measured, row.occasion = dict(filled.measured) or None, filled.occasion or None
    row.observed_at, row.recorded_at, row.recorded_by = filled.observed_at, at, user()
    row.scores = row.bands = row.band_set = row.completed_at = None
    if scored and isinstance(result, Scored):
        row.scores, row.bands, row.band_set = dict(result.scores), dict(result.bands), instrument.band_set
        row.completed_at = at


def tell(row: Administration, result: Scored | Incomplete, at: datetime, *, finished: bool) -> None:
    """Tell the rooms above which flags the form raises, and which nobody can rule out yet."""
    still_open = frozenset(result.open if isinstance(result, Incomplete) else ())
    news = Flagged(
        row.id, row.patient_id, row.instrument_id, frozenset(result.flags), still_open, finished, at
    )
    for told in flagged:
        told(news)


def _open_row(
    session: Session, patient_id: UUID, instrument: Instrument, version: int | None
) -> Administration:
    """The unsigned form of the version that was shown, or a new one. Raises Stale."""
    mine = (Administration.patient_id == patient_id, Administration.instrument_id == instrument.id)
    # Two who begin the same form wait for each other here: the second sees the first's draft.
    session.scalar(select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True))
    row = session.scalar(
        select(Administration).where(*mine, Administration.signed_at.is_(None)).with_for_update()
    )
    if (row.version if row else None) != version:
        raise Stale
    if row is None:
        row = Administration(patient_id=patient_id, instrument_id=instrument.id)
    return row


def user() -> UUID:
    """Who is signed in. Raises Refused."""
    who = actor.get().id
    if who is None:
        raise Refused("Sign in to record this form.")
    return who


def sign(patient_id: UUID, administration_id: UUID, *, at: datetime) -> None:
    """Vouch for a completed form; from then on it is never changed. A second signature changes nothing.

    Raises Refused for a draft, Missing, Hidden."""
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        if queries.one(patient_id, administration_id).signed_at:
            return
        row = session.get_one(Administration, administration_id, with_for_update=True)
        if row.completed_at is None:
            raise Refused("This form is not complete yet. Complete it before you sign it.")
        row.signed_at, row.signed_by = at, user()
        keep_record("signed", row, at)


def keep_record(what: str, row: Administration, at: datetime) -> None:
    """The line of the audit about a form."""
    audit.record(
        f"instrument.{what}", [row.patient_id], at=at, subject_kind="administration", subject_id=row.id,
        detail=row.instrument_id,
    )  # fmt: skip
