"""No more messages: by STOP, by other words, by a page or mail, by the provider (P3.2; reliability 10)."""

import hmac
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, update

from clinic.core.db import db, transaction
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging import registry
from clinic.messaging.models import Attempt, Message
from clinic.messaging.rules.links import stop_token
from clinic.messaging.services.outbox import withhold_patient
from clinic.messaging.services.work import CONTACT_POINT, OPT_OUT, raise_work
from clinic.patients import queries
from clinic.patients import services as patients
from clinic.patients.models import ContactPoint
from clinic.patients.queries import NoPermission
from clinic.patients.rules import Channel, Source, WhyNot
from clinic.web.filters import phone
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


def report_wrong(message_id: UUID, *, at: datetime) -> None:
    """Who got a message says that it was meant for somebody else: nothing more goes there, for anybody.

    Links that went there open nothing any more, and somebody mends the contact of everyone behind it.
    """
    sent_to = _sent_to(message_id)
    if sent_to is None:
        return
    address, channel = sent_to
    with transaction() as session:
        points = select(ContactPoint.id).where(ContactPoint.value_index == blind_index(address))
        went_there = select(Attempt.message_id).where(Attempt.contact_point_id.in_(points))
        dead = update(Message).where(Message.id.in_(went_there), Message.link_hash.is_not(None))
        for patient_id in patients.report_wrong(address, channel, Source.PATIENT_PAGE, at=at):
            withhold_patient(patient_id, channel, "wrong_contact", at=at)
            raise_work(
                CONTACT_POINT,
                "message",
                uuid5(message_id, str(patient_id)),
                patient_id=patient_id,
                level=Level.MODERATE,
                reason=f"Whoever has {_shown(address, channel)} says that it is not this person."
                " Nothing more is sent there. Ask the person another way, and mend the contact.",
                at=at,
            )
        session.execute(dead.values(link_hash=None, link_key_version=None))


def unsubscribe(message_id: UUID, given: str, *, at: datetime) -> bool:
    """One click in a mail: no more e-mail to that address. False where the address was not made by us."""
    if not unsubscribable(message_id, given):
        return False
    sent_to = _sent_to(message_id)
    with transaction():
        heard = stop(sent_to[0], Source.EMAIL, channel=sent_to[1], at=at) if sent_to else []
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


def _sent_to(message_id: UUID) -> tuple[str, Channel] | None:
    """Where a message went, by its newest attempt, and by which channel."""
    tried = select(Attempt, Message.channel).join(Message, Message.id == Attempt.message_id)
    newest = tried.where(Message.id == message_id).order_by(Attempt.n.desc()).limit(1)
    found = db.session.execute(newest).first()
    return (found.Attempt.number, found.channel) if found else None


def _shown(address: str, channel: Channel) -> str:
    return phone(address) if channel is Channel.SMS else address
