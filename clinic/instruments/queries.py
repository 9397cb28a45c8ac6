"""The instruments the clinic has, and what was recorded with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, select

from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.instruments.models import Administration
from clinic.instruments.rules import Instrument, Malformed, parse

SHIPPED = Path(__file__).parent / "data"


@cache
def read_folder(folder: Path) -> Mapping[str, Instrument]:
    """The instruments of a folder by id; none where there is no folder. Raises Malformed naming the file."""
    found = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            instrument = parse(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Malformed(f"{file.name}: {error}") from error
        found[instrument.id] = instrument
    return found


def all_instruments() -> Mapping[str, Instrument]:
    """Every instrument by id: those shipped, and the clinic's own files, which replace one of the same id."""
    known: Mapping[str, Instrument] = current_app.extensions["clinic.instruments"]
    return known


def get(instrument_id: str) -> Instrument:
    """One instrument. Raises Missing."""
    try:
        return all_instruments()[instrument_id]
    except KeyError:
        raise Missing from None


@dataclass(frozen=True)
class AdministrationRow:
    """One filled-in form. `scores` is None while it is a draft; band labels are those it was scored by."""

    id: UUID
    patient_id: UUID
    instrument_id: str
    instrument_version: str
    answers: dict[str, str | int]
    context: dict[str, str | bool]
    scores: dict[str, Any] | None
    bands: dict[str, str] | None
    band_set: list[dict[str, Any]] | None
    flags: list[str]
    observed_at: datetime
    recorded_at: datetime
    recorded_by: UUID
    completed_at: datetime | None
    signed_at: datetime | None
    signed_by: UUID | None
    version: int

    def band_label(self, scale: str) -> str:
        """The wording of a score's band when it was recorded; empty where the scale has none."""
        of = (self.bands or {}).get(scale)
        return next((b["label"] for b in self.band_set or () if (b["score"], b["id"]) == (scale, of)), "")


def _rows(wanted: Select[*tuple[Any, ...]]) -> list[AdministrationRow]:
    rows = db.session.execute(wanted.with_only_columns(*_COLUMNS)).mappings()
    return [
        AdministrationRow(
            answers=Administration.answers.reveal(row["id"], row["answers_sealed"]),
            **{name: value for name, value in row.items() if name != "answers_sealed"},
        )
        for row in rows
    ]


_COLUMNS = [
    column
    for column in Administration.__table__.c
    if column.key in AdministrationRow.__dataclass_fields__ or column.key == "answers_sealed"
]
_NEWEST_FIRST = (Administration.observed_at.desc(), Administration.id.desc())


def unsigned(patient_id: UUID, instrument_id: str) -> AdministrationRow | None:
    """The form that is being filled in, or is complete and waits for its signature."""
    mine = (Administration.patient_id == patient_id, Administration.instrument_id == instrument_id)
    rows = _rows(select(Administration).where(*mine, Administration.signed_at.is_(None)))
    return rows[0] if rows else None


def one(patient_id: UUID, administration_id: UUID) -> AdministrationRow:
    """A form of this patient. Raises Missing."""
    mine = (Administration.patient_id == patient_id, Administration.id == administration_id)
    rows = _rows(select(Administration).where(*mine))
    if not rows:
        raise Missing
    return rows[0]


def history(patient_id: UUID, instrument_id: str | None = None) -> list[AdministrationRow]:
    """Completed forms of a patient, newest first; of one instrument or of all."""
    wanted = select(Administration).where(
        Administration.patient_id == patient_id, Administration.completed_at.is_not(None)
    )
    if instrument_id is not None:
        wanted = wanted.where(Administration.instrument_id == instrument_id)
    return _rows(wanted.order_by(*_NEWEST_FIRST))


def latest(patient_id: UUID, instrument_id: str) -> AdministrationRow | None:
    """The newest completed form of an instrument."""
    return next(iter(history(patient_id, instrument_id)), None)


def latest_of(patient_ids: Iterable[UUID], instrument_id: str) -> dict[UUID, AdministrationRow]:
    """The newest completed form of an instrument for each of several patients."""
    wanted = select(Administration).where(
        Administration.patient_id.in_(list(patient_ids)),
        Administration.instrument_id == instrument_id,
        Administration.completed_at.is_not(None),
    )
    rows = _rows(wanted.order_by(Administration.observed_at, Administration.id))
    return {row.patient_id: row for row in rows}
