"""Putting messages into the outbox and taking them back, always in the transaction of their cause."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from clinic.core.db import db, transaction
from clinic.messaging.channels import carriers
from clinic.messaging.models import Message
from clinic.messaging.rules.links import token_hash
from clinic.messaging.rules.states import UNSENT, State
from clinic.messaging.services.engine import move
from clinic.messaging.services.wording import template_version
from clinic.messaging.services.writing import write
from clinic.patients import queries as patients
from clinic.patients.rules import Channel, MessageKind


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
    columns = {
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "purpose": purpose,
        "channel": Channel(channel),
        "patient_id": patient_id,
        "staff_id": staff_id,
        "template": template,
        "template_version": template_version(template, Channel(channel)),
        "language": language,
        "link_dies_at": link_dies_at,
        "not_before": not_before,
        "expires_at": expires_at,
        "receipt_by": receipt_by,
        "made_at": at,
    }
    with transaction() as session:
        if (message_id := write(session, fill_ins, with_link=with_link, **columns)) is not None:
            return message_id
        same = (*_of(subject_kind, subject_id, [purpose]), Message.channel == Channel(channel))
        return session.scalars(select(Message.id).where(*same)).one()


def channel_of(patient_id: UUID, kind: MessageKind) -> Channel:
    """By what a patient is written to: the channel agreed last for that kind; a text where none is."""
    return next(iter(channels_of(patient_id, kind)), Channel.SMS)


def channels_of(patient_id: UUID, kind: MessageKind) -> list[Channel]:
    """The channels by which a kind of message may go out now, the one agreed last first."""
    ready = carriers.running()
    return [each for each in patients.agreed_channels(patient_id, kind) if each in ready]


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


def withhold_patient(patient_id: UUID, channel: Channel, reason: str, *, at: datetime) -> int:
    """Take back a patient's messages of a channel that have not gone out, and tell their owners."""
    mine = select(Message).where(
        Message.patient_id == patient_id, Message.channel == channel, Message.state.in_(UNSENT)
    )
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
