"""Who may see a patient: a condition in every query, and the one door that opens one (reliability 12)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import db, read, transaction
from clinic.core.rules import local
from clinic.core.types import UtcDateTime
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


# The moment of a statement that is built once: it is given when it is asked.
NOW = bindparam("now", type_=UtcDateTime())
Moment = datetime | BindParameter[datetime]
Kinds = Callable[[], tuple[RelationKind, ...]]


def visible(patient_id: PatientId, right: Right, *, now: Moment) -> ColumnElement[bool]:
    """Role and relation as one condition; every query about patients carries it."""
    return _held(patient_id, lambda: kinds(right, actor.get().role), now)


def listed(patient_id: PatientId, right: Right, *, now: Moment) -> ColumnElement[bool]:
    """As `visible`, for lists of everybody: begins with the actor's relations, however many patients exist.

    To ask about one patient, or a few, `visible` costs less.
    """
    return _among(patient_id, lambda: kinds(right, actor.get().role), now)


MANY = (
    5_000  # patients: from here on a search by name goes through the names faster than through the relations
)


def sees_many(right: Right, *, now: datetime) -> bool:
    """Whether the actor's relations are so many that a search should not begin with them."""
    some = select(literal(1)).where(
        _by_actor(_relation, now), _relation.c.kind.in_(kinds(right, actor.get().role))
    )
    counted = select(func.count()).select_from(some.limit(MANY).subquery())
    return db.session.scalar(counted) == MANY


def on_caseload(patient_id: PatientId, *, now: Moment) -> ColumnElement[bool]:
    """The patients a person works with, as one condition: the list 'My patients'."""
    return _among(patient_id, lambda: caseload_kinds(actor.get().role), now)


# Columns of tables, not of mappers: these stand in every query, and they are cheaper to build with.
# Who acts is looked up when a statement is asked, not when it is built: one built once serves everybody.
_patient, _relation, _own = Patient.__table__, Relation.__table__, Relation.__table__.alias("own")
_SUBJECTS: BindParameter[UUID] = bindparam(
    "subject_ids", callable_=lambda: actor.get().subject_ids, expanding=True
)


def _held(patient_id: PatientId, of: Kinds, now: Moment) -> ColumnElement[bool]:
    """Whether the actor, or the actor's site, holds one of these relations now."""
    wanted = _relation.c.kind.in_(bindparam(None, callable_=of, expanding=True))
    return exists().where(_between(_relation, patient_id, now), wanted)


def _among(patient_id: PatientId, of: Kinds, now: Moment) -> ColumnElement[bool]:
    """As `_held`, the other way round: whether the patient is one of those."""
    wanted = _relation.c.kind.in_(bindparam(None, callable_=of, expanding=True))
    mine = select(_relation.c.patient_id).where(_by_actor(_relation, now), wanted)
    return _OneOf(patient_id, mine.scalar_subquery())


class _OneOf(FunctionElement[bool]):
    """A value is among those of a query.

    PostgreSQL takes most of an actor's relations to be current, and for so many would rather read whole
    tables; an array it takes for short, and goes by its elements. Without a type, or SQLite would be asked
    whether this equals 1, and begin with the patients.
    """

    inherit_cache = True


@compiles(_OneOf, "sqlite")
def _in(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    value, query = (compiler.process(each, **options) for each in element.clauses)
    return f"{value} IN {query}"


@compiles(_OneOf, "postgresql")
def _any(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    value, query = (compiler.process(each, **options) for each in element.clauses)
    return f"{value} = ANY (ARRAY{query})"


def _between(relation: FromClause, patient_id: PatientId, now: Moment) -> ColumnElement[bool]:
    """A relation of the actor, or of the actor's site, to a patient that holds now."""
    return and_(relation.c.patient_id == patient_id, _by_actor(relation, now))


def _by_actor(relation: FromClause, now: Moment) -> ColumnElement[bool]:
    """A relation of the actor, or of the actor's site, that holds now."""
    of = relation.c
    current = and_(of.starts_at <= now, or_(of.ends_at.is_(None), of.ends_at > now))
    return and_(of.subject_id.in_(_SUBJECTS), current)


_SHOWN = set(OpenRecord.__dataclass_fields__) - {"opened_at", "rights"}


@cache
def _opened(right: Right) -> Select[*tuple[Any, ...]]:
    """A patient, once for each relation that the actor holds, if one of them gives `right`."""
    shown = [column for column in _patient.c if column.key in _SHOWN]
    return (
        select(*shown, _own.c.kind.label("held"))
        .join_from(_patient, _own, _between(_own, _patient.c.id, NOW))
        .where(_patient.c.id == bindparam("patient_id"), visible(_patient.c.id, right, now=NOW))
    )


def opening(patient_id: UUID, right: Right, *, now: datetime) -> OpenRecord:
    """Let the actor in and keep that it happened, committed before anything is shown. Raises Hidden."""
    with transaction():
        rows = read(_opened(right), {"patient_id": patient_id, "now": now}).mappings().all()
        if not rows:
            raise Hidden(patient_id, right)
        every = rights(actor.get().role, {row["held"] for row in rows})
        audit.record("patient.opened", [patient_id], detail=right, at=now)
    return OpenRecord(opened_at=now, rights=every, **{name: rows[0][name] for name in _SHOWN})


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
