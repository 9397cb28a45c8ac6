"""Reminders of sessions: which expect a digit, and which were due."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from clinic.core.db import db
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State as MessageState
from clinic.messaging.rules.timing import receipt_deadline
from clinic.patients.rules import Channel
from clinic.scheduling.models import ClinicSession, SessionReminder
from clinic.scheduling.rules import State

_OUT = (MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.UNKNOWN)


class ReminderDue(NamedTuple):
    """A reminder whose time has come, for the ledger; without an end after `deadline` it is unexplained."""

    id: UUID
    due_at: datetime
    answered: bool
    outcome: str | None
    reason: str | None
    deadline: datetime


def expecting_reply(patient_id: UUID, *, now: datetime) -> list[UUID]:
    """Reminders that reached the provider, of sessions still to come, not answered: each expects 1 or 2."""
    wanted = (
        select(SessionReminder.id)
        .join(ClinicSession, ClinicSession.id == SessionReminder.session_id)
        .join(
            Message, (Message.subject_kind == "session_reminder") & (Message.subject_id == SessionReminder.id)
        )
        .where(
            SessionReminder.patient_id == patient_id,
            SessionReminder.reply.is_(None),
            SessionReminder.withheld_at.is_(None),
            ClinicSession.state == State.PLANNED,
            ClinicSession.starts_at > now,
            Message.state.in_(_OUT),
            Message.channel == Channel.SMS,  # nobody replies with a digit to an e-mail
        )
    )
    return list(db.session.scalars(wanted))


def open_reminders(patient_id: UUID, *, now: datetime) -> int:
    """How many reminders of this patient expect a digit."""
    return len(expecting_reply(patient_id, now=now))


def reminders_due(now: datetime) -> list[ReminderDue]:
    """Every reminder that was due, with its deadline (reliability 1)."""
    wanted = (
        select(
            SessionReminder.id, SessionReminder.due_at, SessionReminder.reply,
            SessionReminder.withheld_reason,
            ClinicSession.starts_at, Message.accepted_at, Message.state,
        )
        .join(ClinicSession, ClinicSession.id == SessionReminder.session_id)
        .outerjoin(
            Message,
            (Message.subject_kind == "session_reminder") & (Message.subject_id == SessionReminder.id),
        )
        .where(SessionReminder.due_at <= now)
        .order_by(SessionReminder.due_at)
    )  # fmt: skip
    found = []
    for row in db.session.execute(wanted):
        no_receipt = row.state is MessageState.ACCEPTED and row.accepted_at is not None
        deadline = receipt_deadline(row.accepted_at, row.starts_at) if no_receipt else row.starts_at
        outcome = "withheld" if row.withheld_reason else None
        found.append(
            ReminderDue(row.id, row.due_at, row.reply is not None, outcome, row.withheld_reason, deadline)
        )
    return found
