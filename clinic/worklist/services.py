"""Raising work, recording what was done, handing it on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.ids import uuid7
from clinic.worklist import access, queries, registry
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event, Level, Outcome, unanswered


def raise_item(
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    *,
    patient_id: UUID | None,
    owner_id: UUID | None,
    site_id: UUID,
    level: Level,
    reason: str,
    due_at: datetime,
    at: datetime,
) -> UUID:
    """Make work, once for each kind and subject. A worse level makes an open item more urgent.

    `reason` is in words for staff. An acute item pages the person on call in the same transaction.
    """
    item_id = uuid7()
    row = {
        "id": item_id,
        "kind": kind,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "patient_id": patient_id,
        "owner_id": owner_id,
        "site_id": site_id,
        "level": level,
        "reason_sealed": WorkItem.reason.seal(item_id, reason),
        "raised_at": at,
        "due_at": due_at,
        "version": 1,
    }
    with transaction() as session:
        if insert_new(session, WorkItem, [row]):
            _step(session, item_id, Event.RAISED, at, note=reason)
            audit.record("work.raised", _patients(patient_id), at=at, subject_kind=kind, subject_id=item_id)
            if level is Level.ACUTE:
                _page(item_id, at)
            return item_id
        item = _by_subject(session, kind, subject_kind, subject_id)
        if item.closed_at is None and level.rank < item.level.rank:
            became_acute = level is Level.ACUTE
            item.level, item.due_at, item.reason = level, min(item.due_at, due_at), reason
            _step(session, item.id, Event.RAISED, at, note=reason)
            if became_acute:
                session.flush()
                _page(item.id, at)
        return item.id


def note_event(
    item_id: UUID, event: Event, *, at: datetime, note: str | None = None, told_id: UUID | None = None
) -> None:
    """Keep a step that no outcome tells: a page sent to `told_id`, a page acknowledged."""
    with transaction() as session:
        _step(session, item_id, event, at, note=note, told_id=told_id)


def record_outcome(
    item_id: UUID,
    outcome: Outcome,
    note: str | None,
    *,
    close: bool,
    without: str | None = None,
    version: int,
    at: datetime,
) -> None:
    """Record how it went, by who may see the item; closing is for good.

    `without` is why it is closed without what belongs beside it. Raises Missing for a foreign item, Stale
    where someone else recorded, Refused where it is closed, Invalid for closing a risk that nobody answered,
    or without a reason where one is owed.
    """
    try:
        with transaction() as session:
            item = session.scalar(
                select(WorkItem)
                .where(WorkItem.id == item_id, access.mine(oversees=access.oversees()))
                .with_for_update()
            )
            if item is None:
                raise Missing
            if item.closed_at is not None:
                raise Refused("This was closed by someone else meanwhile. Your note was not saved.")
            if item.version != version:
                raise Stale
            refused = unanswered(item.level, outcome, note) if close else None
            if refused:
                raise Invalid(*refused)
            if close and (missing := _missing(item)):
                if not without:
                    raise Invalid("without", f"Enter why this is closed without {missing}, or make it first")
                note = "\n".join(filter(None, (note, f"Closed without {missing}: {without}")))
            item.version += 1  # every step is one: two people never answer the same item unawares
            _step(session, item.id, Event.OUTCOME, at, note=note, outcome=outcome)
            if close:
                _close(session, item, outcome, at)
            audit.record(
                "work.recorded", _patients(item.patient_id), at=at, subject_kind=item.kind, subject_id=item.id
            )
            for told in registry.outcomes:
                told(item.id, item.patient_id, outcome.value, at)
            session.flush()
    except StaleDataError:
        raise Stale from None


def close_for(kind: str, subject_kind: str, subject_id: UUID, outcome: Outcome, *, at: datetime) -> None:
    """Close the open item of a subject because its reason is gone; nothing where there is none."""
    with transaction() as session:
        item = session.scalar(_of_subject(kind, subject_kind, subject_id).with_for_update())
        if item is not None and item.closed_at is None:
            _close(session, item, outcome, at)


def reassign(patient_id: UUID, to_id: UUID, *, at: datetime) -> None:
    """The patient has a new owner: what is open goes along, in the caller's transaction."""
    with transaction() as session:
        open_items = select(WorkItem).where(WorkItem.patient_id == patient_id, WorkItem.closed_at.is_(None))
        for item in session.scalars(open_items.where(WorkItem.owner_id.is_not(None)).with_for_update()):
            if item.owner_id != to_id:
                item.owner_id = to_id
                _step(session, item.id, Event.REASSIGNED, at)


def close_all_of(patient_id: UUID, kind: str, outcome: Outcome, *, at: datetime) -> None:
    """Close the open items of a kind that a patient has, because what they asked for is done."""
    wanted = select(WorkItem).where(
        WorkItem.patient_id == patient_id, WorkItem.kind == kind, WorkItem.closed_at.is_(None)
    )
    with transaction() as session:
        for item in session.scalars(wanted.with_for_update()):
            _close(session, item, outcome, at)


def _missing(item: WorkItem) -> str | None:
    """What belongs beside the item and is not there, in words."""
    return next((page.missing for page in queries.beside(item.kind, item.patient_id) if page.missing), None)


def _close(session: Session, item: WorkItem, outcome: Outcome, at: datetime) -> None:
    who = actor.get()
    item.closed_at, item.outcome = at, outcome
    item.closed_by = who.id if who.kind is ActorKind.USER else None  # an answer may end it, too
    _step(session, item.id, Event.CLOSED, at, outcome=outcome)


def _page(item_id: UUID, at: datetime) -> None:
    for page in registry.pagers:
        page(item_id, at)


def _step(
    session: Session,
    item_id: UUID,
    event: Event,
    at: datetime,
    *,
    note: str | None = None,
    outcome: Outcome | None = None,
    told_id: UUID | None = None,
) -> None:
    by = actor.get().id
    session.add(
        WorkEvent(item_id=item_id, event=event, at=at, by_id=by, told_id=told_id, note=note, outcome=outcome)
    )


def _of_subject(kind: str, subject_kind: str, subject_id: UUID) -> Select[WorkItem]:
    return select(WorkItem).where(
        WorkItem.kind == kind, WorkItem.subject_kind == subject_kind, WorkItem.subject_id == subject_id
    )


def _by_subject(session: Session, kind: str, subject_kind: str, subject_id: UUID) -> WorkItem:
    return session.scalars(_of_subject(kind, subject_kind, subject_id).with_for_update()).one()


def _patients(patient_id: UUID | None) -> list[UUID]:
    return [patient_id] if patient_id else []
