"""What the engine tells other rooms and asks itself; filled into the registries by `clinic.app`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select

from clinic.core import actor
from clinic.core.db import db
from clinic.messaging.models import OnCallPage
from clinic.messaging.registry import Decision, MessageSource, Verdict
from clinic.messaging.rules.states import State
from clinic.messaging.services import paging, reading
from clinic.messaging.services.recipients import INBOUND as INBOUND_SUBJECT
from clinic.messaging.services.work import KINDS as KINDS  # for the registry of work
from clinic.worklist.models import WorkItem

# Before and after the handlers of rooms above: digits are theirs, whatever is left a person reads.
FIRST_HANDLERS = [reading.opt_out, reading.acknowledge_page]
LAST_HANDLERS = [reading.ask_help]


def work_answered(item_id: UUID, patient_id: UUID | None, outcome: str, at: datetime) -> None:
    """Told by the list of work when somebody recorded how it went."""
    if user_id := actor.get().id:
        paging.answered(item_id, user_id, at=at)


class OnCallPageSource:
    """A page goes out while its work is open and nobody took it."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """Withheld once anybody acknowledged, or the work was closed."""
        return {page_id: _decided(page_id) for page_id in sorted(subject_ids)}

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """A page that cannot arrive goes to the next person at once."""
        if state in (State.FAILED, State.SKIPPED):
            paging.not_reached(subject_id, at=now)


def _decided(page_id: UUID) -> Decision:
    page = db.session.get_one(OnCallPage, page_id, with_for_update=True, populate_existing=True)
    if page.acknowledged_at is not None:
        return Decision(Verdict.WITHHOLD, "acknowledged")
    is_open = exists().where(WorkItem.id == page.work_item_id, WorkItem.closed_at.is_(None))
    if not db.session.scalar(select(is_open)):
        return Decision(Verdict.WITHHOLD, "work_closed")
    return Decision(Verdict.SEND)


class ReplySource:
    """An answer to a text that came in: the person has just written to us."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """Always, while it is fresh."""
        return dict.fromkeys(subject_ids, Decision(Verdict.SEND))

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """Nobody waits for it."""


SOURCES: dict[str, MessageSource] = {paging.SUBJECT: OnCallPageSource(), INBOUND_SUBJECT: ReplySource()}
