"""Who may see a patient: a condition in every query, and the one door that opens one (reliability 12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, literal, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import db, transaction
from clinic.core.rules import local
from clinic.patients.models import Patient, Relation
from clinic.patients.rules import RelationKind, Right, Sex, age, born, caseload_kinds, kinds, rights, spaced

PatientId = SQLCoreOperations[UUID]


class Hidden(Exception):
    """Not for this person, or not there at all: both answer with the same 404."""

    def __init__(self, patient_id: UUID, right: Right) -> None:
        super().__init__()
        self.patient_id, self.right = patient_id, right


@dataclass(frozen=True)
class OpenRecord:
    """A record opened for the actor at `opened_at`, audited. `rights` are all that the actor holds."""

    id: UUID
    opened_at: datetime
    record_number: str
    family_name: str
    given_name: str
    called_name: str | None
    pronouns: str | None
    birth_date: date
    sex: Sex
    site_id: UUID
    zone: str
    language: str
    version: int
    deceased_at: datetime | None
    rights: frozenset[Right]

    @property
    def name(self) -> str:
        """As the person is called, with the family name."""
        return f"{self.called_name or self.given_name} {self.family_name}"

    @property
    def facts(self) -> str:
        """he/him · 34 · born May 3, 1992 · record 4821 7306."""
        record = f"record {spaced(self.record_number)}"
        return " · ".join(
            filter(None, (self.pronouns, str(self.age), f"born {born(self.birth_date)}", record))
        )

    @property
    def age(self) -> int:
        """Completed years on the day of opening, in the patient's zone."""
        return age(self.birth_date, local(self.opened_at, self.zone).date())


def visible(patient_id: PatientId, right: Right, *, now: datetime) -> ColumnElement[bool]:
    """Role and relation as one condition; every query about patients carries it."""
    return held(patient_id, kinds(right, actor.get().role), now=now)


def on_caseload(patient_id: PatientId, *, now: datetime) -> ColumnElement[bool]:
    """The patients a person works with, as one condition: the list 'My patients'."""
    return held(patient_id, caseload_kinds(actor.get().role), now=now)


def held(patient_id: PatientId, of: Iterable[RelationKind], *, now: datetime) -> ColumnElement[bool]:
    """Whether the actor, or the actor's site, holds one of these relations now."""
    if not (of := tuple(of)):
        return false()
    mine = and_(_relation.subject_id.in_(actor.get().subject_ids), _relation.kind.in_(of))
    return exists().where(_relation.patient_id == patient_id, _current(now), mine)


# Columns of the table, not of the mapper: this stands in every query, and they are cheaper to build with.
_relation = Relation.__table__.c


def _current(now: datetime) -> ColumnElement[bool]:
    return and_(_relation.starts_at <= now, or_(_relation.ends_at.is_(None), _relation.ends_at > now))


def opening(patient_id: UUID, right: Right, *, now: datetime) -> OpenRecord:
    """Let the actor in and keep that it happened, committed before anything is shown. Raises Hidden."""
    with transaction() as session:
        wanted = _OPENED.where(visible(Patient.__table__.c.id, right, now=now))
        if (row := session.execute(wanted, {"patient_id": patient_id}).one_or_none()) is None:
            raise Hidden(patient_id, right)
        every = rights(actor.get().role, _held_kinds(patient_id, now))
        audit.record("patient.opened", [patient_id], detail=right, at=now)
    return OpenRecord(opened_at=now, rights=every, **row._mapping)


_SHOWN = set(OpenRecord.__dataclass_fields__) - {"opened_at", "rights"}
_OPENED = select(*(column for column in Patient.__table__.c if column.key in _SHOWN)).where(
    Patient.__table__.c.id == bindparam("patient_id")
)


def _held_kinds(patient_id: UUID, now: datetime) -> list[RelationKind]:
    """The kinds of relation that the actor holds to one patient."""
    mine = (_relation.patient_id == patient_id, _relation.subject_id.in_(actor.get().subject_ids))
    return list(db.session.scalars(select(_relation.kind).where(*mine, _current(now)).distinct()))


def require(patient_id: UUID, right: Right, now: datetime) -> None:
    """Inside a service's transaction: the actor may, or Hidden is raised and everything undone."""
    with transaction() as session:
        if not session.scalar(select(visible(literal(patient_id), right, now=now))):
            raise Hidden(patient_id, right)


def listing(action: str, ids: Iterable[UUID], *, now: datetime) -> None:
    """Keep that a list of patients was shown: one row with the ids, committed before the page renders."""
    audit.record(action, ids, at=now)


def refused(error: Hidden, *, now: datetime) -> None:
    """Keep a refusal, in a transaction of its own: the one that refused was undone."""
    audit.record("patient.refused", [error.patient_id], detail=error.right, at=now)
