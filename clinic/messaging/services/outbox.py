"""Putting messages into the outbox and taking them back, always in the transaction of their cause."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from clinic.core.db import db, insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.settings import current
from clinic.messaging.models import Message
from clinic.messaging.rules.links import key_version, token, token_hash
from clinic.messaging.rules.states import UNSENT, Channel, State
from clinic.messaging.rules.templates import WORDS
from clinic.messaging.services.engine import move


class LinkedMessage(NamedTuple):
    """What a patient's link belongs to."""

    message_id: UUID
    subject_kind: str
    subject_id: UUID
    patient_id: UUID | None


def schedule(
    subject_kind: str,
    subject_id: UUID,
    purpose: str,
    *,
    channel: str = Channel.SMS,
    patient_id: UUID | None = None,
    staff_id: UUID | None = None,
    template: str,
    language: str = "en",
    fill_ins: Mapping[str, str],
    not_before: datetime,
    expires_at: datetime,
    with_link: bool = False,
    link_dies_at: datetime | None = None,
    receipt_by: datetime | None = None,
    at: datetime,
) -> UUID:
    """Owe one message, once for each subject, purpose and channel; gives the id of the one there is.

    `fill_ins` are the template's words; name, emergency number, phone and link are filled in when it is sent.
    `receipt_by`: without a receipt by then (and 72 h after acceptance) it ends as failed, `no_receipt`.
    """
    message_id = uuid7()
    row: dict[str, Any] = {
        "id": message_id,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "purpose": purpose,
        "channel": Channel(channel),
        "patient_id": patient_id,
        "staff_id": staff_id,
        "template": template,
        "template_version": WORDS.templates[template].version,
        "language": language,
        "link_dies_at": link_dies_at,
        "not_before": not_before,
        "expires_at": expires_at,
        "next_attempt_at": not_before,
        "receipt_by": receipt_by,
        "state": State.SCHEDULED,
        "claim_count": 0,
        "made_at": at,
    }
    row["fill_ins_sealed"] = Message.fill_ins.seal(message_id, dict(fill_ins))
    row |= _link(message_id) if with_link else {}
    with transaction() as session:
        if insert_new(session, Message, [row]):
            return message_id
        return session.scalars(select(Message.id).where(*_of(subject_kind, subject_id, [purpose]))).one()


def _link(message_id: UUID) -> dict[str, Any]:
    """The columns of a message with a link: which key made it, and the hash by which it is found."""
    key = current().link_keys[0]
    return {"link_key_version": key_version(key), "link_hash": token_hash(token(key, message_id))}


def withhold(
    subject_kind: str,
    subject_id: UUID,
    reason: str,
    *,
    at: datetime,
    purposes: Collection[str] | None = None,
) -> int:
    """Take back what has not gone out of a subject (of these purposes, or all). How many were taken back.

    The owner of the subject is not told: it is the one who asks.
    """
    wanted = (*_of(subject_kind, subject_id, purposes), Message.state.in_(UNSENT))
    ended = {"state": State.CANCELLED, "reason": reason, "ended_at": at}
    taken_back = update(Message).where(*wanted).values(**ended, lease_token=None, lease_until=None)
    with transaction() as session:
        return len(session.scalars(taken_back.returning(Message.id)).all())


def withhold_patient(patient_id: UUID, reason: str, *, at: datetime) -> int:
    """Take back all of a patient's messages that have not gone out, and tell their owners."""
    mine = select(Message).where(Message.patient_id == patient_id, Message.state.in_(UNSENT))
    with transaction() as session:
        held = mine.order_by(Message.id).with_for_update().execution_options(populate_existing=True)
        messages = session.scalars(held).all()
        for message in messages:
            move(message, State.CANCELLED, now=at, reason=reason)
        return len(messages)


def subject_of(text: str) -> LinkedMessage | None:
    """The message whose link holds this token. Whether the subject is still open its owner decides."""
    wanted = select(Message.id, Message.subject_kind, Message.subject_id, Message.patient_id)
    row = db.session.execute(wanted.where(Message.link_hash == token_hash(text))).first()
    return LinkedMessage(*row) if row else None


def _of(subject_kind: str, subject_id: UUID, purposes: Collection[str] | None) -> list[ColumnElement[bool]]:
    mine = [Message.subject_kind == subject_kind, Message.subject_id == subject_id]
    return mine if purposes is None else [*mine, Message.purpose.in_(purposes)]
