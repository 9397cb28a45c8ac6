"""Paging the person on call until somebody acknowledges: first, second, third, supervisor (C8.6)."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core import periodic
from clinic.core.db import db, insert_new, transaction
from clinic.core.errors import Missing
from clinic.core.ids import uuid7
from clinic.core.rules import local
from clinic.messaging.models import How, OnCallPage
from clinic.messaging.services.outbox import schedule, withhold
from clinic.worklist import services as worklist
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Event

SUBJECT, PURPOSE = "on_call_page", "page"
SUPERVISOR_RUNG = 4  # after the roster's three
USEFUL_FOR = timedelta(hours=1)
HOW = {
    How.REPLY: "By reply to the text",
    How.SCREEN: "On the page",
    How.ANSWER: "By recording an answer",
}


class Rung(NamedTuple):
    """Somebody who can be paged."""

    rung: int
    user_id: UUID
    name: str
    phone: str | None


def page(work_item_id: UUID, at: datetime) -> None:
    """Page the first person, in the transaction that raised the work."""
    with transaction() as session:
        session.flush()
        _page_next(session, work_item_id, 0, at)


def escalate(*, at: datetime) -> int:
    """Page the next person where nobody answered in time. How many pages were handled."""
    waiting = select(OnCallPage.id).where(OnCallPage.done_at.is_(None), OnCallPage.next_at <= at)
    page_ids = db.session.scalars(waiting.order_by(OnCallPage.next_at, OnCallPage.id)).all()
    return periodic.each(page_ids, lambda page_id: _escalate(page_id, at))


def _escalate(page_id: UUID, at: datetime) -> bool:
    with transaction() as session:
        found = session.get_one(OnCallPage, page_id, with_for_update=True, populate_existing=True)
        if found.done_at is not None:
            return False
        found.done_at = at
        if session.get_one(WorkItem, found.work_item_id).closed_at is None:
            session.flush()
            _page_next(session, found.work_item_id, found.rung, at)
        return True


def acknowledge(work_item_id: UUID, user_id: UUID, how: How, *, at: datetime) -> None:
    """Somebody who was paged takes the work. Doing it twice changes nothing. Raises Missing for others."""
    mine = (OnCallPage.work_item_id == work_item_id, OnCallPage.user_id == user_id)
    with transaction() as session:
        if session.scalar(select(OnCallPage.id).where(*mine)) is None:
            raise Missing
        _take(session, work_item_id, user_id, how, at)


def answered(work_item_id: UUID, user_id: UUID, *, at: datetime) -> None:
    """Whoever records how it went has taken the work, paged or not: nobody else is paged."""
    with transaction() as session:
        _take(session, work_item_id, user_id, How.ANSWER, at)


def _take(session: Session, work_item_id: UUID, user_id: UUID, how: How, at: datetime) -> None:
    waiting = (OnCallPage.work_item_id == work_item_id, OnCallPage.acknowledged_at.is_(None))
    values = {"acknowledged_at": at, "acknowledged_by": user_id, "how": how, "done_at": at}
    taken = update(OnCallPage).where(*waiting).values(**values)
    page_ids = session.scalars(taken.returning(OnCallPage.id)).all()
    for page_id in page_ids:
        withhold(SUBJECT, page_id, "acknowledged", at=at)
    if page_ids:
        worklist.note_event(work_item_id, Event.ACKNOWLEDGED, at=at, told_id=user_id, note=HOW[how])


def acknowledge_all(user_id: UUID, *, at: datetime) -> bool:
    """A reply of `1` takes what this person was paged for; False where nothing is open."""
    mine = select(OnCallPage.work_item_id).join(WorkItem, WorkItem.id == OnCallPage.work_item_id)
    waiting = (OnCallPage.acknowledged_at.is_(None), WorkItem.closed_at.is_(None), OnCallPage.paged_at <= at)
    item_ids = db.session.scalars(mine.where(OnCallPage.user_id == user_id, *waiting)).all()
    for item_id in item_ids:
        acknowledge(item_id, user_id, How.REPLY, at=at)
    return bool(item_ids)


def not_reached(page_id: UUID, *, at: datetime) -> None:
    """The page's text did not arrive: the next person is paged at the next ring, not after five minutes."""
    unanswered = update(OnCallPage).where(OnCallPage.id == page_id, OnCallPage.done_at.is_(None))
    with transaction() as session:
        session.execute(unanswered.values(next_at=at))


def _page_next(session: Session, work_item_id: UUID, after: int, at: datetime) -> None:
    site_id = session.scalars(select(WorkItem.site_id).where(WorkItem.id == work_item_id)).one()
    paged = set(session.scalars(select(OnCallPage.user_id).where(OnCallPage.work_item_id == work_item_id)))
    for each in _chain(site_id, at):
        if each.rung <= after or each.user_id in paged:
            continue
        if each.phone is None:
            note = f"{each.name} has no phone here and could not be paged"
            worklist.note_event(work_item_id, Event.PAGED, at=at, told_id=each.user_id, note=note)
            continue
        _page(session, work_item_id, each, site_id, at)
        return
    worklist.note_event(work_item_id, Event.ATTEMPT, at=at, note="Nobody else can be paged")


def _chain(site_id: UUID, at: datetime) -> list[Rung]:
    roster = [Rung(each.rung, each.user_id, each.name, each.phone) for each in accounts.on_call(at)]
    supervisor_id = accounts.supervisor_of(site_id)
    acting_id = accounts.stand_in(supervisor_id, at) if supervisor_id else None
    last = accounts.entry(acting_id) if acting_id else None
    return [*roster, *([Rung(SUPERVISOR_RUNG, last.id, last.name, last.phone)] if last else [])]


def _page(session: Session, work_item_id: UUID, who: Rung, site_id: UUID, at: datetime) -> None:
    page_id = uuid7()
    row = {
        "id": page_id,
        "work_item_id": work_item_id,
        "rung": who.rung,
        "user_id": who.user_id,
        "paged_at": at,
    }
    row["next_at"] = at + timedelta(minutes=configuration.value("on_call_page_minutes"))
    if not insert_new(session, OnCallPage, [row]):
        return  # another process was first
    since = local(at, configuration.site(site_id).zone).strftime("%H:%M")
    schedule(
        SUBJECT,
        page_id,
        PURPOSE,
        staff_id=who.user_id,
        template="on_call_page",
        fill_ins={"time": since},
        not_before=at,
        expires_at=at + USEFUL_FOR,
        at=at,
    )
    worklist.note_event(work_item_id, Event.PAGED, at=at, told_id=who.user_id, note=f"By text at {since}")
