"""Reading a patient's history: what holds now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from clinic.core.db import db, once_per_request, read
from clinic.history.models import HistoryFact, SubstanceUse
from clinic.history.rules import FactKind, LastUse, Precision, Route, Substance


@dataclass(frozen=True)
class Use:
    """The newest that is known of one substance."""

    substance: Substance
    route: Route
    last_use_at: datetime | None
    precision: Precision
    recorded_at: datetime
    recorded_by: UUID | None

    @property
    def last_use(self) -> LastUse:
        """For the rules."""
        return LastUse(self.substance, self.route, self.last_use_at, self.precision)


@dataclass(frozen=True)
class Fact:
    """A fact that holds."""

    id: UUID
    kind: FactKind
    code: str
    detail: str | None
    on: date
    expires_on: date | None
    source_kind: str
    recorded_at: datetime
    recorded_by: UUID | None
    replaces_id: UUID | None
    reason: str | None


# Built once: every record's banner asks them, and building them costs more than asking.
_later_use, _later_fact = aliased(SubstanceUse), aliased(HistoryFact)
_superseded = exists().where(
    _later_use.patient_id == SubstanceUse.patient_id,
    _later_use.substance == SubstanceUse.substance,
    (_later_use.recorded_at > SubstanceUse.recorded_at)
    | ((_later_use.recorded_at == SubstanceUse.recorded_at) & (_later_use.id > SubstanceUse.id)),
)
_USES = (
    select(*(getattr(SubstanceUse, name) for name in Use.__dataclass_fields__))
    .where(SubstanceUse.patient_id == bindparam("patient_id"), ~_superseded)
    .order_by(SubstanceUse.last_use_at.is_(None), SubstanceUse.last_use_at.desc(), SubstanceUse.substance)
)
_NOT_REPLACED = ~exists().where(_later_fact.replaces_id == HistoryFact.id)
_NEWEST_FIRST = (HistoryFact.on_date.desc(), HistoryFact.recorded_at.desc(), HistoryFact.id.desc())
_EVERY_FACT = (
    select(*HistoryFact.__table__.c)
    .where(HistoryFact.patient_id == bindparam("patient_id"))
    .order_by(*_NEWEST_FIRST)
)
_FACTS = _EVERY_FACT.where(_NOT_REPLACED)


def uses(patient_id: UUID) -> list[Use]:
    """The newest of every substance, last used first; those whose last use is not known at the end."""
    return [Use(*row) for row in read(_USES, {"patient_id": patient_id})]


@once_per_request
def facts(patient_id: UUID) -> Mapping[FactKind, Sequence[Fact]]:
    """All facts of a patient that were not replaced, by kind, newest first."""
    by_kind: dict[FactKind, list[Fact]] = {}
    for fact in _told(_FACTS, patient_id):
        by_kind.setdefault(fact.kind, []).append(fact)
    return by_kind


def versions(patient_id: UUID, kind: FactKind, fact_id: UUID) -> list[Fact]:
    """A fact with what it replaced and what replaced it, oldest first; empty where there is none."""
    every = {fact.id: fact for fact in _told(_EVERY_FACT.where(HistoryFact.kind == kind), patient_id)}
    later = {fact.replaces_id: fact for fact in every.values()}
    if (first := every.get(fact_id)) is None:
        return []
    while first.replaces_id:
        first = every[first.replaces_id]
    chain = [first]
    while following := later.get(chain[-1].id):
        chain.append(following)
    return chain


def _told(wanted: Select[*tuple[object, ...]], patient_id: UUID) -> list[Fact]:
    rows = read(wanted, {"patient_id": patient_id})
    return [
        Fact(
            row.id,
            row.kind,
            row.code,
            HistoryFact.detail.reveal(row.id, row.detail_sealed),
            row.on_date,
            row.expires_on,
            row.source_kind,
            row.recorded_at,
            row.recorded_by,
            row.replaces_id,
            HistoryFact.reason.reveal(row.id, row.reason_sealed),
        )
        for row in rows
    ]


def facts_of(patient_id: UUID, kind: FactKind) -> Sequence[Fact]:
    """The facts of one kind that were not replaced, newest first."""
    return facts(patient_id).get(kind, ())


def current(patient_id: UUID, kind: FactKind) -> Fact | None:
    """The newest fact of a kind; None = never asked."""
    return next(iter(facts_of(patient_id, kind)), None)


def told(
    patient_ids: Iterable[UUID], kinds: Iterable[FactKind]
) -> dict[UUID, dict[FactKind, list[tuple[str, str | None]]]]:
    """(code, detail) of facts that were not replaced, newest first, for lists the caller has authorised."""
    wanted = select(
        HistoryFact.id, HistoryFact.patient_id, HistoryFact.kind, HistoryFact.code, HistoryFact.detail_sealed
    ).where(HistoryFact.patient_id.in_(set(patient_ids)), HistoryFact.kind.in_(list(kinds)), _NOT_REPLACED)
    found: dict[UUID, dict[FactKind, list[tuple[str, str | None]]]] = {}
    for row in db.session.execute(wanted.order_by(*_NEWEST_FIRST)):
        detail = HistoryFact.detail.reveal(row.id, row.detail_sealed)
        found.setdefault(row.patient_id, {}).setdefault(row.kind, []).append((row.code, detail))
    return found
