"""A message that definitely did not go out goes by another channel that the person agreed to (reliability 2).

Never on a timer, never in doubt, and never beside one that went out: not both for the same subject.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from clinic.messaging.channels import carriers
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State, may_go_by_another
from clinic.messaging.services.wording import template_version
from clinic.messaging.services.writing import write
from clinic.patients import queries as patients
from clinic.patients.queries import Permission
from clinic.patients.rules import Channel

OUT = (State.SENDING, State.UNKNOWN, State.ACCEPTED, State.DELIVERED)
SAME = (
    "subject_kind", "subject_id", "purpose", "patient_id", "template", "language", "not_before",
    "expires_at", "link_dies_at", "receipt_by",
)  # fmt: skip


def takes_over(session: Session, message: Message, now: datetime) -> bool:
    """Whether the same message now waits on another channel. The caller holds the ended one."""
    definite = may_go_by_another(message.state, message.reason) and now < message.expires_at
    if message.patient_id is None or not definite or _another_went_out(session, message):
        return False
    others = [channel for channel in carriers.running() if channel is not message.channel]
    agreed = [channel for channel in others if _agreed(message.patient_id, channel)]
    return any(_copy(session, message, channel, now) for channel in agreed)


def _another_went_out(session: Session, message: Message) -> bool:
    same = (Message.subject_kind == message.subject_kind, Message.subject_id == message.subject_id)
    return bool(session.scalar(select(exists().where(*same, Message.state.in_(OUT)))))


def _agreed(patient_id: UUID, channel: Channel) -> bool:
    return isinstance(patients.permission(patient_id, channel), Permission)


def _copy(session: Session, message: Message, channel: Channel, now: datetime) -> bool:
    same = {name: getattr(message, name) for name in SAME}
    same |= {"channel": channel, "template_version": template_version(message.template, channel)}
    with_link = message.link_hash is not None
    return write(session, message.fill_ins, with_link=with_link, made_at=now, **same) is not None
