"""Texts that come in: kept first, then read by the first handler that understands them (reliability 10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from clinic.core.db import db, insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.core.sealed import blind_index
from clinic.messaging.channels.sms import PROVIDER
from clinic.messaging.models import InboundMessage
from clinic.messaging.registry import InboundText, inbound_handlers
from clinic.messaging.rules.words import digits
from clinic.messaging.services.engine import twice
from clinic.messaging.services.reading import to_person
from clinic.patients import queries as patients

MOST = 100
TRIES = 3


def keep_text(provider_message_id: str, number: str, words: str, *, at: datetime) -> UUID | None:
    """Store a text before anybody judges it; None where it came before."""
    text_id = uuid7()
    row = {
        "id": text_id,
        "provider": PROVIDER,
        "provider_message_id": provider_message_id,
        "number_sealed": InboundMessage.number.seal(text_id, number),
        "number_index": blind_index(number),
        "words_sealed": InboundMessage.words.seal(text_id, words),
        "patient_ids": [],
        "received_at": at,
        "tries": 0,
    }
    with transaction() as session:
        return text_id if insert_new(session, InboundMessage, [row]) else None


def apply_waiting(*, at: datetime) -> int:
    """Read texts whose second transaction failed. How many were handled."""
    waiting = select(InboundMessage.id).where(InboundMessage.applied_at.is_(None))
    handled = 0
    for text_id in db.session.scalars(waiting.order_by(InboundMessage.received_at).limit(MOST)).all():
        handled += apply_text(text_id, at=at)
    return handled


def apply_text(text_id: UUID, *, at: datetime) -> bool:
    """Give a stored text to its handler; one that three times could not be read goes to a person as it is."""
    try:
        twice(lambda: _apply(text_id, at))
        return True
    except Exception:
        log.exception("text_not_applied", inbound_id=str(text_id))
    with transaction() as session:
        failed = update(InboundMessage).where(InboundMessage.id == text_id)
        session.execute(failed.values(tries=InboundMessage.tries + 1))
    return False


def _apply(text_id: UUID, at: datetime) -> None:
    with transaction() as session:
        row = session.get_one(InboundMessage, text_id, with_for_update=True, populate_existing=True)
        if row.applied_at is not None:
            return
        holders = patients.by_number(row.number)
        row.patient_ids = [str(patient_id) for patient_id in holders]
        text = InboundText(
            id=row.id,
            number=row.number,
            patient_ids=tuple(holders),
            words=row.words,
            digits=digits(row.words),
            received_at=row.received_at,
        )
        handlers = [*inbound_handlers, to_person] if row.tries < TRIES else [to_person]
        taken_by = next(handler for handler in handlers if handler(text))
        row.applied_at, row.handler = at, f"{taken_by.__module__}.{taken_by.__name__}"
