"""What is done with a text: stop, say where to call, or give it to a person (reliability 10; P3.2, P3.3)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from clinic.accounts import queries as accounts
from clinic.audit import services as audit
from clinic.core.db import db
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging.registry import InboundText
from clinic.messaging.rules.words import (
    Meaning,
    meaning,
    sounds_like_concern,
    sounds_like_danger,
    sounds_like_stop,
)
from clinic.messaging.services import paging
from clinic.messaging.services.outbox import schedule
from clinic.messaging.services.recipients import INBOUND as SUBJECT
from clinic.messaging.services.stopping import ask_to_call, pause, stop
from clinic.messaging.services.work import INBOUND, RISK, UNKNOWN_NUMBER, raise_work
from clinic.patients.models import Patient
from clinic.patients.rules import Source
from clinic.web.filters import phone
from clinic.worklist.rules import Level

REPLY_WITHIN = timedelta(minutes=5)  # P3.2
LOW_DIGITS = range(3)  # 0 to 2 read as a check-in answer are a risk (C8.5)


def opt_out(text: InboundText) -> bool:
    """STOP and its like: no more texts, at once; the owners are told to call, once."""
    if meaning(text.words) is not Meaning.OPT_OUT:
        return False
    heard = stop(text.number, Source.TEXT, at=text.received_at)
    words = "Asked for no more texts. Call, and agree how to keep in touch."
    ask_to_call(heard, words, subject_kind=SUBJECT, cause=text.id, at=text.received_at)
    if heard:
        _reply(text, "stop_confirmation")  # one confirmation, never a second (P3.2)
    return True


def acknowledge_page(text: InboundText) -> bool:
    """`1` from a staff phone with an open page."""
    user_id = accounts.user_by_phone_index(blind_index(text.number)) if text.digits == 1 else None
    return user_id is not None and paging.acknowledge_all(user_id, at=text.received_at)


def ask_help(text: InboundText) -> bool:
    """HELP: where to call. The provider answers it unless the clinic does."""
    if meaning(text.words) is not Meaning.HELP:
        return False
    _reply(text, "help")
    return True


def to_person(text: InboundText) -> bool:
    """Everything else is read by a person; what may mean stop also pauses the number."""
    patient_id = text.patient_ids[0] if len(text.patient_ids) == 1 else None
    plain_kind = INBOUND if patient_id else UNKNOWN_NUMBER
    if meaning(text.words) is Meaning.OPT_IN:
        asked = "Asked to get texts again. Ask the person and record the consent anew."
        _work(text, plain_kind, patient_id, Level.LOW, asked)
        return True
    level, words = _level(text), f"Wrote “{text.words}”."
    if sounds_like_stop(text.words):
        pause(text.number, at=text.received_at)
        words += " Texts to this number are paused. Ask whether they should stop."
        level = min(level, Level.MODERATE, key=lambda each: each.rank)
    kind = RISK if level in (Level.ACUTE, Level.HIGH) else plain_kind
    _work(text, kind, patient_id, level, words)
    return True


def _level(text: InboundText) -> Level:
    if sounds_like_danger(text.words):
        return Level.ACUTE
    low = text.digits is not None and text.digits in LOW_DIGITS and bool(text.patient_ids)
    return Level.HIGH if low or sounds_like_concern(text.words) else Level.LOW


def _work(text: InboundText, kind: str, patient_id: UUID | None, level: Level, words: str) -> None:
    whose = "" if patient_id else f"{_from(text)} "
    raise_work(
        kind,
        SUBJECT,
        text.id,
        patient_id=patient_id,
        level=level,
        reason=f"{whose}{words}",
        at=text.received_at,
    )
    audit.record(
        "message.received", text.patient_ids, at=text.received_at, subject_kind=SUBJECT, subject_id=text.id
    )


def _from(text: InboundText) -> str:
    shared = f"{len(text.patient_ids)} people share it" if text.patient_ids else "nobody we know has it"
    return f"From {phone(text.number)}, {shared}."


def _reply(text: InboundText, template: str) -> None:
    if current().sms_confirms_stop == "clinic":
        schedule(
            SUBJECT,
            text.id,
            template,
            template=template,
            language=_language(text),
            fill_ins={},
            not_before=text.received_at,
            expires_at=text.received_at + REPLY_WITHIN,
            at=text.received_at,
        )


def _language(text: InboundText) -> str:
    known = select(Patient.language).where(Patient.id.in_(text.patient_ids)).distinct()
    languages = db.session.scalars(known).all()
    return languages[0] if len(languages) == 1 else "en"
