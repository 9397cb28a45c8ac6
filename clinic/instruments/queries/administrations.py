"""What was recorded with the instruments of the clinic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from clinic.core.db import once_per_request, read
from clinic.core.errors import Missing
from clinic.instruments.models import Administration
from clinic.instruments.rules import Filled


@dataclass(frozen=True)
class AdministrationRow:
    """One filled-in form. `scores` is None while it is a draft; band labels are those it was scored by."""

    id: UUID
    patient_id: UUID
    instrument_id: str
    instrument_version: str
    answers: dict[str, str | int]
    measured: dict[str, int]
    occasion: str
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
    wording_id: UUID | None
    amends_id: UUID | None
    edition: int
    reason: str
    version: int

    @property
    def filled(self) -> Filled:
        """What the form says; its wording is `wording_id`."""
        return Filled(self.answers, self.context, self.observed_at, self.measured, self.occasion)

    @property
    def first_id(self) -> UUID:
        """The form as it was first signed: itself, or the one it amends."""
        return self.amends_id or self.id

    def band_label(self, scale: str) -> str:
        """The wording of a score's band when it was recorded; empty where the scale has none."""
        of = (self.bands or {}).get(scale)
        return next((b["label"] for b in self.band_set or () if (b["score"], b["id"]) == (scale, of)), "")


def _rows(wanted: Select[*tuple[Any, ...]]) -> list[AdministrationRow]:
    return [_row(row) for row in read(wanted.with_only_columns(*_COLUMNS)).mappings()]


def _row(row: RowMapping) -> AdministrationRow:
    opened = {
        name: getattr(Administration, name).reveal(row["id"], row[f"{name}_sealed"]) or empty
        for name, empty in _SEALED.items()
    }
    plain = {name: value for name, value in row.items() if not name.endswith("_sealed")}
    return AdministrationRow(**plain, **opened)


_SEALED: dict[str, Any] = {"answers": {}, "measured": {}, "occasion": "", "reason": ""}
_SEALED_COLUMNS = {f"{name}_sealed" for name in _SEALED}
_COLUMNS = [
    column
    for column in Administration.__table__.c
    if column.key in AdministrationRow.__dataclass_fields__ or column.key in _SEALED_COLUMNS
]
_NEWEST_FIRST = (Administration.observed_at.desc(), Administration.id.desc())


# Not amended since: the last edition of its form. Built once: building it costs more than asking.
_later, _first = aliased(Administration), func.coalesce(Administration.amends_id, Administration.id)
_IN_FORCE = ~exists().where(_later.amends_id == _first, _later.edition > Administration.edition)


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


def editions(patient_id: UUID, first_id: UUID) -> list[AdministrationRow]:
    """A form of this patient and its amendments, as first signed first. Raises Missing."""
    whole = or_(Administration.id == first_id, Administration.amends_id == first_id)
    wanted = select(Administration).where(Administration.patient_id == patient_id, whole)
    rows = _rows(wanted.order_by(Administration.edition))
    if not rows:
        raise Missing
    return rows


_OPEN = select(*_COLUMNS).where(
    Administration.patient_id == bindparam("patient_id"), Administration.completed_at.is_(None)
)


def drafts(patient_id: UUID) -> list[AdministrationRow]:
    """The forms that are being filled in."""
    return [_row(row) for row in read(_OPEN, {"patient_id": patient_id}).mappings()]


_HISTORY = (
    select(*_COLUMNS)
    .where(
        Administration.patient_id == bindparam("patient_id"),
        Administration.completed_at.is_not(None),
        _IN_FORCE,
    )
    .order_by(*_NEWEST_FIRST)
)
_HISTORY_OF_ONE = _HISTORY.where(Administration.instrument_id == bindparam("instrument_id"))


@once_per_request
def history(patient_id: UUID, instrument_id: str | None = None) -> Sequence[AdministrationRow]:
    """Completed forms of a patient as they hold now, newest first; of one instrument or of all."""
    wanted = _HISTORY if instrument_id is None else _HISTORY_OF_ONE
    given = {"patient_id": patient_id, "instrument_id": instrument_id}
    return [_row(row) for row in read(wanted, given).mappings()]


def latest(patient_id: UUID, instrument_id: str) -> AdministrationRow | None:
    """The newest completed form of an instrument."""
    return next(iter(history(patient_id, instrument_id)), None)


def latest_of(patient_ids: Iterable[UUID], instrument_id: str) -> dict[UUID, AdministrationRow]:
    """The newest completed form of an instrument for each of several patients."""
    wanted = select(Administration).where(
        Administration.patient_id.in_(list(patient_ids)),
        Administration.instrument_id == instrument_id,
        Administration.completed_at.is_not(None),
        _IN_FORCE,
    )
    rows = _rows(wanted.order_by(Administration.observed_at, Administration.id))
    return {row.patient_id: row for row in rows}
