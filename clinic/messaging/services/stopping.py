"""No more messages: by STOP, by other words, by a page or mail, by the provider (P3.2; reliability 10)."""

import hmac
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select

from clinic.core.db import db, transaction
from clinic.core.settings import current
from clinic.messaging import registry
from clinic.messaging.models import Attempt, Message
from clinic.messaging.rules.links import stop_token
from clinic.messaging.services.outbox import withhold_patient
from clinic.messaging.services.work import OPT_OUT, raise_work
from clinic.patients import queries
from clinic.patients import services as patients
from clinic.patients.queries import NoPermission
from clinic.patients.rules import Channel, Source, WhyNot
from clinic.worklist.rules import Level


def stop(address: str, source: Source, *, channel: Channel = Channel.SMS, at: datetime) -> list[UUID]:
    """The number or e-mail address, for all who share it, and the whole channel of those, at once.

    Gives the patients who had not stopped it before.
    """
    with transaction():
        heard = [each for each in queries.by_number(address) if not _stopped_already(each, channel)]
        for patient_id in patients.opt_out(address, channel, source, at=at):
            withhold_patient(patient_id, channel, "opted_out", at=at)
    return heard


def ask_to_call(patient_ids: list[UUID], words: str, *, subject_kind: str, cause: UUID, at: datetime) -> None:
    """Work for the owner of each patient: one stop may concern several, each with an own item."""
    for patient_id in patient_ids:
        raise_work(
            OPT_OUT,
            subject_kind,
            uuid5(cause, str(patient_id)),
            patient_id=patient_id,
            level=Level.MODERATE,
            reason=words,
            due_at=min(filter(None, (soon(patient_id, at) for soon in registry.call_by)), default=None),
            at=at,
        )


def unsubscribe(message_id: UUID, given: str, *, at: datetime) -> bool:
    """One click in a mail: no more e-mail to that address. False where the address was not made by us."""
    if not unsubscribable(message_id, given):
        return False
    address = _address_of(message_id)
    with transaction():
        heard = stop(address, Source.EMAIL, channel=Channel.EMAIL, at=at) if address else []
        words = "Stopped all email from a link in it. Call, and agree how to keep in touch."
        ask_to_call(heard, words, subject_kind="message", cause=message_id, at=at)
    return True


def unsubscribable(message_id: UUID, given: str) -> bool:
    """Whether this is the address that only we could have put into that mail."""
    return any(hmac.compare_digest(stop_token(key, message_id), given) for key in current().link_keys)


def pause(number: str, *, at: datetime) -> list[UUID]:
    """Words that may mean stop: nothing goes out until a person has asked. Gives the patients."""
    with transaction():
        patient_ids = patients.pause_number(number, Source.TEXT, at=at)
        for patient_id in patient_ids:
            withhold_patient(patient_id, Channel.SMS, "paused", at=at)
    return patient_ids


def _stopped_already(patient_id: UUID, channel: Channel) -> bool:
    allowed = queries.permission(patient_id, channel)
    return isinstance(allowed, NoPermission) and allowed.why is WhyNot.OPTED_OUT


def _address_of(message_id: UUID) -> str | None:
    """Where a message went, by its newest attempt."""
    tried = select(Attempt).join(Message, Message.id == Attempt.message_id)
    mine = (Message.id == message_id, Message.channel == Channel.EMAIL)
    attempt = db.session.scalar(tried.where(*mine).order_by(Attempt.n.desc()).limit(1))
    return attempt.number if attempt else None
