"""Reading a patient's history: what holds now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from clinic.core.db import db
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


def uses(patient_id: UUID) -> list[Use]:
    """The newest of every substance, last used first; those whose last use is not known at the end."""
    later = aliased(SubstanceUse)
    superseded = (
        select(later.id)
        .where(
            later.patient_id == SubstanceUse.patient_id,
            later.substance == SubstanceUse.substance,
            (later.recorded_at > SubstanceUse.recorded_at)
            | ((later.recorded_at == SubstanceUse.recorded_at) & (later.id > SubstanceUse.id)),
        )
        .exists()
    )
    names = tuple(Use.__dataclass_fields__)
    wanted = select(*(getattr(SubstanceUse, name) for name in names)).where(
        SubstanceUse.patient_id == patient_id, ~superseded
    )
    newest = (SubstanceUse.last_use_at.is_(None), SubstanceUse.last_use_at.desc(), SubstanceUse.substance)
    return [Use(*row) for row in db.session.execute(wanted.order_by(*newest))]


def facts(patient_id: UUID) -> dict[FactKind, list[Fact]]:
    """All facts of a patient that were not replaced, by kind, newest first."""
    by_kind: dict[FactKind, list[Fact]] = {}
    for fact in _facts(HistoryFact.patient_id == patient_id, ~_replaced()):
        by_kind.setdefault(fact.kind, []).append(fact)
    return by_kind


def versions(patient_id: UUID, kind: FactKind, fact_id: UUID) -> list[Fact]:
    """A fact with what it replaced and what replaced it, oldest first; empty where there is none."""
    every = {fact.id: fact for fact in _facts(HistoryFact.patient_id == patient_id, HistoryFact.kind == kind)}
    later = {fact.replaces_id: fact for fact in every.values()}
    if (first := every.get(fact_id)) is None:
        return []
    while first.replaces_id:
        first = every[first.replaces_id]
    chain = [first]
    while following := later.get(chain[-1].id):
        chain.append(following)
    return chain


def _replaced() -> ColumnElement[bool]:
    later = aliased(HistoryFact)
    return select(later.id).where(later.replaces_id == HistoryFact.id).exists()


def _facts(*where: ColumnElement[bool]) -> list[Fact]:
    newest = (HistoryFact.on_date.desc(), HistoryFact.recorded_at.desc(), HistoryFact.id.desc())
    rows = db.session.execute(select(*HistoryFact.__table__.c).where(*where).order_by(*newest))
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


def facts_of(patient_id: UUID, kind: FactKind) -> list[Fact]:
    """The facts of one kind that were not replaced, newest first."""
    return facts(patient_id).get(kind, [])


def current(patient_id: UUID, kind: FactKind) -> Fact | None:
    """The newest fact of a kind; None = never asked."""
    return next(iter(facts_of(patient_id, kind)), None)


def told(
    patient_ids: Iterable[UUID], kinds: Iterable[FactKind]
) -> dict[UUID, dict[FactKind, list[tuple[str, str | None]]]]:
    """(code, detail) of facts that were not replaced, newest first, for lists the caller has authorised."""
    later = aliased(HistoryFact)
    replaced = select(later.id).where(later.replaces_id == HistoryFact.id).exists()
    wanted = select(
        HistoryFact.id, HistoryFact.patient_id, HistoryFact.kind, HistoryFact.code, HistoryFact.detail_sealed
    ).where(HistoryFact.patient_id.in_(set(patient_ids)), HistoryFact.kind.in_(list(kinds)), ~replaced)
    newest = (HistoryFact.on_date.desc(), HistoryFact.recorded_at.desc(), HistoryFact.id.desc())
    found: dict[UUID, dict[FactKind, list[tuple[str, str | None]]]] = {}
    for row in db.session.execute(wanted.order_by(*newest)):
        detail = HistoryFact.detail.reveal(row.id, row.detail_sealed)
        found.setdefault(row.patient_id, {}).setdefault(row.kind, []).append((row.code, detail))
    return found
