"""Reading the outbox: what became of a subject's messages, who was paged, how the engine runs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, tuple_

from clinic.accounts import queries as accounts
from clinic.core.db import db
from clinic.messaging.models import (
    Attempt,
    EngineCount,
    Message,
    OnCallPage,
    OwnWords,
    ProviderHealth,
    Receipt,
)
from clinic.messaging.rules.breaker import Breaker
from clinic.messaging.rules.outcomes import Family
from clinic.messaging.rules.own_words import Which, Wording
from clinic.messaging.rules.states import State
from clinic.patients.rules import Channel
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level


class MessageState(NamedTuple):
    """How one message of a subject stands."""

    purpose: str
    channel: Channel
    state: State
    reason: str | None
    accepted_at: datetime | None


class Page(NamedTuple):
    """One page, and who took the work. Times are UTC."""

    work_item_id: UUID
    user_id: UUID
    rung: int
    paged_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None


class OpenPage(NamedTuple):
    """A page that waits for somebody, without a patient's name."""

    work_item_id: UUID
    level: Level
    paged_at: datetime
    due_at: datetime


class Health(NamedTuple):
    """The breaker of a provider for one family of trouble."""

    provider: str
    family: Family
    state: Breaker
    retry_at: datetime | None
    changed_at: datetime


class Engine(NamedTuple):
    """What an operator must see; numbers and times only."""

    by_state: list[tuple[State, int]]
    by_reason: list[tuple[State, str, int]]
    oldest_due: datetime | None
    oldest_unknown: datetime | None
    waiting_receipts: int
    health: list[Health]
    counts: list[tuple[str, int, datetime]]


def states(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[MessageState]]:
    """The messages of subjects, in the order in which they were made; none for a subject without any."""
    columns = (Message.purpose, Message.channel, Message.state, Message.reason, Message.accepted_at)
    wanted = select(Message.subject_id, *columns).where(
        Message.subject_kind == subject_kind, Message.subject_id.in_(list(subject_ids))
    )
    found: dict[UUID, list[MessageState]] = defaultdict(list)
    for row in db.session.execute(wanted.order_by(Message.id)):
        found[row.subject_id].append(
            MessageState(row.purpose, row.channel, row.state, row.reason, row.accepted_at)
        )
    return dict(found)


def paged(item_ids: Iterable[UUID]) -> dict[UUID, list[Page]]:
    """The pages of work items, first rung first."""
    wanted = select(
        OnCallPage.work_item_id,
        OnCallPage.user_id,
        OnCallPage.rung,
        OnCallPage.paged_at,
        OnCallPage.acknowledged_at,
        OnCallPage.acknowledged_by,
    ).where(OnCallPage.work_item_id.in_(list(item_ids)))
    found: dict[UUID, list[Page]] = defaultdict(list)
    for row in db.session.execute(wanted.order_by(OnCallPage.rung)):
        found[row.work_item_id].append(Page(*row))
    return dict(found)


def acknowledged(work_item_id: UUID) -> Page | None:
    """The page by which somebody took the work, None while nobody has."""
    return next((page for page in paged([work_item_id]).get(work_item_id, []) if page.acknowledged_at), None)


def open_pages(user_id: UUID) -> list[OpenPage]:
    """What somebody was paged for and nobody has taken, longest waiting first."""
    wanted = (
        select(OnCallPage.work_item_id, WorkItem.level, OnCallPage.paged_at, WorkItem.due_at)
        .join(WorkItem, WorkItem.id == OnCallPage.work_item_id)
        .where(OnCallPage.user_id == user_id, OnCallPage.acknowledged_at.is_(None))
        .where(WorkItem.closed_at.is_(None))
        .order_by(OnCallPage.paged_at)
    )
    return [OpenPage(*row) for row in db.session.execute(wanted)]


def engine(now: datetime) -> Engine:
    """The state of the engine, in a fixed number of statements."""
    by_state = select(Message.state, func.count()).group_by(Message.state)
    reasons = select(Message.state, Message.reason, func.count()).where(Message.reason.is_not(None))
    due = select(func.min(Message.next_attempt_at)).where(Message.state == State.SCHEDULED)
    unknown = select(func.min(Attempt.started_at)).join(Message, Message.id == Attempt.message_id)
    columns = (ProviderHealth.provider, ProviderHealth.family, ProviderHealth.state)
    health = select(*columns, ProviderHealth.retry_at, ProviderHealth.changed_at)
    oldest_due = db.session.scalar(due)
    numbers = dict(db.session.execute(by_state).all())
    return Engine(
        by_state=[(state, numbers[state]) for state in State if state in numbers],
        by_reason=[
            (state, reason or "", count)
            for state, reason, count in db.session.execute(
                reasons.group_by(Message.state, Message.reason).order_by(Message.state, Message.reason)
            )
        ],
        oldest_due=oldest_due if oldest_due and oldest_due <= now else None,
        oldest_unknown=db.session.scalar(unknown.where(Message.state == State.UNKNOWN)),
        waiting_receipts=db.session.scalar(
            select(func.count()).select_from(Receipt).where(Receipt.handled_at.is_(None))
        )
        or 0,
        health=[
            Health(*row)
            for row in db.session.execute(health.order_by(ProviderHealth.provider, ProviderHealth.family))
        ],
        counts=[
            (name, count, last_at)
            for name, count, last_at in db.session.execute(
                select(EngineCount.name, EngineCount.count, EngineCount.last_at).order_by(EngineCount.name)
            )
        ],
    )


class WordsVersion(NamedTuple):
    """One decision about a message's words; `said` None is as shipped, `by` None a command."""

    version: int
    said: Wording | None
    by: str | None
    changed_at: datetime
    reason: str | None


SAID = (OwnWords.text, OwnWords.subject, OwnWords.link_words)


def words_history(which: Which) -> list[WordsVersion]:
    """All decisions about one text or letter in one language, the one in force first."""
    rows = db.session.scalars(select(OwnWords).where(_of(which)).order_by(OwnWords.version.desc())).all()
    names = accounts.names(row.changed_by for row in rows if row.changed_by)
    return [
        WordsVersion(
            row.version,
            None if row.text is None else Wording(row.text, row.subject, row.link_words),
            names.get(row.changed_by) if row.changed_by else None,
            row.changed_at,
            row.reason,
        )
        for row in rows
    ]


def words_in_force() -> dict[Which, Wording]:
    """The clinic's own words, where they are not as shipped."""
    rows = db.session.execute(_IN_FORCE)
    return {
        Which(row.channel, row.template, row.language): Wording(str(row.text), row.subject, row.link_words)
        for row in rows
    }


def words_ids() -> dict[Which, UUID]:
    """The ids of the same."""
    rows = db.session.execute(_IN_FORCE)
    return {Which(row.channel, row.template, row.language): row.id for row in rows}


_KEY = (OwnWords.channel, OwnWords.template, OwnWords.language)
_IN_FORCE = select(*_KEY, OwnWords.id, *SAID).where(
    tuple_(*_KEY, OwnWords.version).in_(select(*_KEY, func.max(OwnWords.version)).group_by(*_KEY)),
    OwnWords.text.is_not(None),
)


def wording(words_id: UUID | None) -> Wording | None:
    """The own words by which a message goes out; None for those shipped."""
    if words_id is None:
        return None
    text, subject, link_words = db.session.execute(select(*SAID).where(OwnWords.id == words_id)).one()
    return Wording(str(text), subject, link_words)


def _of(which: Which) -> ColumnElement[bool]:
    about = (OwnWords.channel == which.channel, OwnWords.template == which.template)
    return and_(*about, OwnWords.language == which.language)
