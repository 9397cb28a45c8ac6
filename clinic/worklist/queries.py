"""Reading work: what waits, most urgent first, and the steps of one item."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, case, func, or_, select

from clinic.accounts import queries as accounts
from clinic.core.db import db, once_per_request, read
from clinic.patients import queries as patients
from clinic.patients.models import Patient
from clinic.worklist import access, registry
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Beside, Event, Level, Outcome, WorkKind

LIST_LIMIT = 400
RANK = case({level.value: level.rank for level in Level}, value=WorkItem.__table__.c.level)


class Work(NamedTuple):
    """One item as a list shows it. Times are UTC."""

    id: UUID
    kind: str
    subject_id: UUID
    patient_id: UUID | None
    owner_id: UUID | None
    level: Level
    reason: str
    raised_at: datetime
    due_at: datetime
    closed_at: datetime | None
    version: int
    name: str | None
    phone: str | None

    @property
    def what(self) -> WorkKind:
        """Its kind in words."""
        return registry.kinds[self.kind]


class Step(NamedTuple):
    """One event of an item with the names of who did it and who was told."""

    event: Event
    at: datetime
    by: str | None
    told: str | None
    outcome: Outcome | None
    note: str | None


# Built once for each way to see work, as those below: building them costs more than asking.
_RISKS: BindParameter[Any] = bindparam(
    "risks", callable_=lambda: [name for name, kind in registry.kinds.items() if kind.risk], expanding=True
)
_item = WorkItem.__table__.c
_is_risk = _item.kind.in_(_RISKS)
_WORK = select(*_item, *patients.PERSON).outerjoin(Patient, Patient.id == _item.patient_id)
_LEVELS = (
    select(_item.id, _item.patient_id, _item.level, _item.reason_sealed)
    .where(_item.patient_id.in_(bindparam("ids", expanding=True)), _item.closed_at.is_(None), _is_risk)
    .order_by(RANK.desc(), _item.due_at.desc())
)


@cache
def _waiting(oversees: bool) -> Select[*tuple[Any, ...]]:
    seen = or_(_is_risk, _item.raised_at <= bindparam("now"))
    return (
        _WORK.where(_item.closed_at.is_(None), seen, access.mine(oversees=oversees))
        .order_by(_is_risk.desc(), RANK, _item.due_at, _item.id)
        .limit(LIST_LIMIT)
    )


@cache
def _unanswered(oversees: bool) -> Select[int]:
    open_risk = (_item.closed_at.is_(None), _is_risk)
    return select(func.count()).where(*open_risk, access.mine(oversees=oversees))


@cache
def _closed(oversees: bool) -> Select[*tuple[Any, ...]]:
    closed_risk = (_item.closed_at.is_not(None), _is_risk)
    return _WORK.where(*closed_risk, access.mine(oversees=oversees)).order_by(_item.closed_at.desc()).limit(1)


def waiting(*, now: datetime) -> tuple[list[Work], list[Work]]:
    """Open items of the actor: those that answer a risk, and the others; most urgent, then longest due first.

    At most LIST_LIMIT, risks before all others. Two queries. The caller audits what it shows.
    """
    found = _work(_waiting(access.oversees()), {"now": now}, now)
    return [item for item in found if item.what.risk], [item for item in found if not item.what.risk]


def unanswered_risk() -> int:
    """How many risk items wait for the actor: the count beside Today."""
    return read(_unanswered(access.oversees())).scalar_one()


def one(item_id: UUID, *, now: datetime) -> Work | None:
    """One item, if it is the actor's."""
    wanted = _WORK.where(_item.id == item_id, access.mine(oversees=access.oversees()))
    return next(iter(_work(wanted, {}, now)), None)


def open_of(patient_id: UUID, kind: str) -> UUID | None:
    """The open item of a kind that a patient has, the oldest if there are several."""
    wanted = select(WorkItem.id).where(
        WorkItem.patient_id == patient_id, WorkItem.kind == kind, WorkItem.closed_at.is_(None)
    )
    return db.session.scalar(wanted.order_by(WorkItem.raised_at).limit(1))


def beside(kind: str, patient_id: UUID | None) -> list[Beside]:
    """The pages that belong beside an item of this kind."""
    found = (ask(kind, patient_id) for ask in registry.beside if patient_id)
    return [page for page in found if page]


def last_answered(*, now: datetime) -> Work | None:
    """The risk item of the actor that was closed last: a reassuring absence is stated, not implied."""
    return next(iter(_work(_closed(access.oversees()), {}, now)), None)


def steps(item_id: UUID) -> list[Step]:
    """What happened to an item, oldest first. The caller has authorised."""
    columns = (WorkEvent.id, WorkEvent.event, WorkEvent.at, WorkEvent.by_id, WorkEvent.told_id)
    wanted = select(*columns, WorkEvent.outcome, WorkEvent.note_sealed).where(WorkEvent.item_id == item_id)
    rows = db.session.execute(wanted.order_by(WorkEvent.at, WorkEvent.id)).all()
    names = accounts.names({person for row in rows for person in (row.by_id, row.told_id) if person})
    return [
        Step(
            row.event,
            row.at,
            names.get(row.by_id),
            names.get(row.told_id),
            row.outcome,
            WorkEvent.note.reveal(row.id, row.note_sealed),
        )
        for row in rows
    ]


def levels(patient_ids: Iterable[UUID]) -> Mapping[UUID, tuple[Level, str]]:
    """The worst open risk of each patient with its reason; the caller has authorised the patients."""
    return {
        row.patient_id: (row.level, WorkItem.reason.reveal(row.id, row.reason_sealed))
        for row in read(_LEVELS, {"ids": list(patient_ids)})
    }


@once_per_request
def level_of(patient_id: UUID) -> tuple[Level, str] | None:
    """The worst open risk of a patient whose record was opened."""
    return levels([patient_id]).get(patient_id)


def _work(wanted: Select[*tuple[Any, ...]], given: Mapping[str, Any], now: datetime) -> list[Work]:
    rows = read(wanted, given).all()
    phones = patients.phones({row.patient_id for row in rows if row.patient_id})
    return [
        Work(
            row.id,
            row.kind,
            row.subject_id,
            row.patient_id,
            row.owner_id,
            row.level,
            WorkItem.reason.reveal(row.id, row.reason_sealed),
            row.raised_at,
            row.due_at,
            row.closed_at,
            row.version,
            patients.person(row, now).name if row.patient_id else None,
            phones.get(row.patient_id),
        )
        for row in rows
    ]
