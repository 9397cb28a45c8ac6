"""What the ledger counts: check-ins and session reminders that were due (reliability 1)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from clinic.aftercare.models import CheckIn, Silence
from clinic.aftercare.rules.ledger import Due, Entry, Sent, classify
from clinic.aftercare.rules.outcome import Outcome
from clinic.core.db import db
from clinic.messaging.models import Message
from clinic.messaging.rules.states import TRACKED
from clinic.messaging.rules.timing import receipt_deadline
from clinic.scheduling.models import ClinicSession, SessionReminder
from clinic.worklist.models import WorkItem

GRACE = timedelta(minutes=15)


class Told(NamedTuple):
    """What the engine and the worklist know of one due row."""

    messages: tuple[Sent, ...]
    accepted_at: datetime | None
    has_work: bool


NOTHING = Told((), None, False)


def entries(*, now: datetime) -> list[Entry]:
    """Each check-in and each session reminder with `due_at` up to now, classified."""
    rows = [*_check_ins(now, _told("check_in")), *_reminders(now, _told("session_reminder"))]
    return [classify(row, now) for row in rows]


def _check_ins(now: datetime, told: Mapping[UUID, Told]) -> Iterator[Due]:
    columns = (CheckIn.id, CheckIn.closes_at, CheckIn.outcome, CheckIn.outcome_reason)
    for row in db.session.execute(select(*columns).where(CheckIn.due_at <= now)):
        known = told.get(row.id, NOTHING)
        yield Due(
            answered=row.outcome is Outcome.ANSWERED,
            outcome=row.outcome,
            reason=row.outcome_reason,
            has_work=known.has_work,
            deadline=row.closes_at + GRACE,
            messages=known.messages,
        )


def _reminders(now: datetime, told: Mapping[UUID, Told]) -> Iterator[Due]:
    columns = (SessionReminder.id, SessionReminder.withheld_reason, SessionReminder.reply)
    due = select(*columns, ClinicSession.starts_at).join(
        ClinicSession, ClinicSession.id == SessionReminder.session_id
    )
    for row in db.session.execute(due.where(SessionReminder.due_at <= now)):
        known = told.get(row.id, NOTHING)
        deadline = row.starts_at
        if known.accepted_at:
            deadline = receipt_deadline(known.accepted_at, deadline)
        yield Due(
            answered=row.reply is not None,
            outcome="withheld" if row.withheld_reason else None,
            reason=row.withheld_reason,
            has_work=known.has_work,
            deadline=deadline,
            messages=known.messages,
        )


def _in_a_silence() -> Select[UUID]:
    """Check-ins that ended while the ladder of an earlier one was under way: its work is theirs (C8.8)."""
    until = func.coalesce(Silence.ended_at, CheckIn.outcome_at)
    lasted = (Silence.began_at <= CheckIn.outcome_at, until >= CheckIn.outcome_at)
    return select(CheckIn.id).join(Silence, Silence.patient_id == CheckIn.patient_id).where(*lasted)


def _unwanted() -> Select[UUID]:
    """Check-ins of whoever paused or stopped after the message went out: that wish was made work (P3.2)."""
    wished = CheckIn.outcome_reason.in_(("paused", "opted_out"))
    return select(CheckIn.id).where(CheckIn.outcome == Outcome.SKIPPED, wished)


def _told(subject_kind: str) -> dict[UUID, Told]:
    """Messages and work of every subject of a kind, in two statements."""
    columns = (Message.subject_id, Message.state, Message.reason, Message.accepted_at, Message.channel)
    sent: dict[UUID, list[Sent]] = defaultdict(list)
    accepted: dict[UUID, datetime] = {}
    for row in db.session.execute(select(*columns).where(Message.subject_kind == subject_kind)):
        sent[row.subject_id].append(Sent(row.state, row.reason, row.channel in TRACKED))
        if row.accepted_at:
            accepted[row.subject_id] = max(row.accepted_at, accepted.get(row.subject_id, row.accepted_at))
    work = set(db.session.scalars(select(WorkItem.subject_id).where(WorkItem.subject_kind == subject_kind)))
    if subject_kind == "check_in":
        work.update(db.session.scalars(_in_a_silence().union(_unwanted())))
    return {
        subject_id: Told(tuple(sent.get(subject_id, ())), accepted.get(subject_id), subject_id in work)
        for subject_id in sent.keys() | work
    }
