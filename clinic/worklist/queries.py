"""Reading work: what waits, most urgent first, and the steps of one item."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, select

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.patients import queries as patients
from clinic.worklist import access, registry
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Beside, Event, Level, Outcome, WorkKind

RANK = case({level.value: level.rank for level in Level}, value=WorkItem.level)


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


def waiting(*, risk: bool, now: datetime) -> list[Work]:
    """Open items of the actor: those that answer a risk, or the others; most urgent, then longest due first.

    Reads a fixed number of queries. The caller audits what it shows.
    """
    names = [name for name, kind in registry.kinds.items() if kind.risk == risk]
    wanted = _shown().where(WorkItem.closed_at.is_(None), WorkItem.kind.in_(names), access.mine(now=now))
    if not risk:
        wanted = wanted.where(WorkItem.raised_at <= now)
    return _work(wanted.order_by(RANK, WorkItem.due_at, WorkItem.id).limit(200), now)


def unanswered_risk(*, now: datetime) -> int:
    """How many risk items wait for the actor: the count beside Today."""
    names = [name for name, kind in registry.kinds.items() if kind.risk]
    wanted = select(func.count()).where(WorkItem.closed_at.is_(None), WorkItem.kind.in_(names))
    return db.session.scalar(wanted.where(access.mine(now=now))) or 0


def one(item_id: UUID, *, now: datetime) -> Work | None:
    """One item, if it is the actor's."""
    return next(iter(_work(_shown().where(WorkItem.id == item_id, access.mine(now=now)), now)), None)


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
    names = [name for name, kind in registry.kinds.items() if kind.risk]
    closed = _shown().where(WorkItem.closed_at.is_not(None), WorkItem.kind.in_(names), access.mine(now=now))
    return next(iter(_work(closed.order_by(WorkItem.closed_at.desc()).limit(1), now)), None)


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


def levels(patient_ids: Iterable[UUID], *, now: datetime) -> Mapping[UUID, tuple[Level, str]]:
    """The worst open risk of each patient with its reason; the caller has authorised the patients."""
    names = [name for name, kind in registry.kinds.items() if kind.risk]
    wanted = select(WorkItem.id, WorkItem.patient_id, WorkItem.level, WorkItem.reason_sealed).where(
        WorkItem.patient_id.in_(list(patient_ids)), WorkItem.closed_at.is_(None), WorkItem.kind.in_(names)
    )
    worst: dict[UUID, tuple[Level, str]] = {}
    for row in db.session.execute(wanted.order_by(RANK.desc(), WorkItem.due_at.desc())):
        worst[row.patient_id] = (row.level, WorkItem.reason.reveal(row.id, row.reason_sealed))
    return worst


def _shown() -> Select[WorkItem]:
    return select(WorkItem)


def _work(wanted: Select[WorkItem], now: datetime) -> list[Work]:
    rows = db.session.execute(wanted.with_only_columns(*WorkItem.__table__.c)).all()
    ids = {row.patient_id for row in rows if row.patient_id}
    people, phones = patients.people(ids, now=now), patients.phones(ids)
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
            people[row.patient_id].name if row.patient_id else None,
            phones.get(row.patient_id),
        )
        for row in rows
    ]
