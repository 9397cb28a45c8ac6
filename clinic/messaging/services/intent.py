"""The sending transaction: all is read again under locks, then the intent is committed (reliability 4)."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, tuple_, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core.db import transaction
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging.channels.sms import PROVIDER
from clinic.messaging.models import Attempt, Message, Receipt
from clinic.messaging.registry import Decision, Verdict, sources
from clinic.messaging.rules.decision import Facts, Step, decide
from clinic.messaging.rules.links import key_version, token, token_hash
from clinic.messaging.rules.outcomes import Outcome
from clinic.messaging.rules.states import WITHHELD, State
from clinic.messaging.rules.templates import WORDS
from clinic.messaging.rules.timing import LATE, opening
from clinic.messaging.services import breaker
from clinic.messaging.services.engine import locked, move, shared_now
from clinic.messaging.services.recipients import Recipient, common_words, recipient_of


@dataclass(frozen=True)
class Intent:
    """A call that may be made once. `begun` is the reading of `elapsed()` before the intent was committed."""

    message_id: UUID
    attempt_id: UUID
    lease_token: UUID
    patient_id: UUID | None
    contact_point_id: UUID | None
    number: str
    body: str
    valid_for: float
    begun: float


def elapsed() -> float:
    """Seconds on a clock that nobody can set and that counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def begin_send(message_id: UUID, lease_token: UUID) -> Intent | None:
    """Decide under lock and commit the intent. Without an Intent nobody connects to the provider."""
    begun = elapsed()
    with transaction() as session:
        now = shared_now(session)
        known = session.get_one(Message, message_id, populate_existing=True)
        recipient = recipient_of(session, known)
        source = sources[known.subject_kind]
        decision = source.may_send(known.subject_id, purpose=known.purpose, now=now)
        message = locked(session, message_id)
        if message is None or not _ours(message, lease_token, now):
            return None
        outcomes = _outcomes(session, message)
        if Outcome.ACCEPTED in outcomes:  # a receipt told since that an attempt thought not sent had gone out
            _adopt(session, message, now)
            return None
        step = decide(_facts(session, message, recipient, decision, now))
        if step.state is State.SENDING and (until := breaker.closed_until(session, now)):
            step = Step(State.SCHEDULED, at=until)
        if step.state is not State.SENDING:
            at = step.at or message.next_attempt_at
            move(message, step.state, now=now, reason=step.reason, next_attempt_at=at, claim_count=0)
            return None
        return _commit(session, message, recipient, len(outcomes), now, begun)


def _ours(message: Message, lease_token: UUID, now: datetime) -> bool:
    still_held = message.lease_token == lease_token and message.state is State.CLAIMED
    return still_held and message.lease_until is not None and message.lease_until > now


def _facts(
    session: Session, message: Message, recipient: Recipient, decision: Decision, now: datetime
) -> Facts:
    limited = recipient.kinds is not None
    hours = recipient.hours
    return Facts(
        now=now,
        expires_at=message.expires_at,
        withheld=decision.reason if decision.verdict is Verdict.WITHHOLD else None,
        wait=decision.verdict is Verdict.WAIT,
        unreachable=recipient.why,
        agreed=not limited or decision.consent_kind in (recipient.kinds or ()),
        superseded=_superseded(session, message, recipient, now),
        opening=now if hours is None else opening(now, recipient.zone, *hours),
    )


def _superseded(session: Session, message: Message, to: Recipient, now: datetime) -> bool:
    """After an outage nobody gets a burst: of a patient's overdue messages only the newest goes out.

    One that waited for the person's hours is not overdue before they began.
    """
    ready = opening(message.not_before, to.zone, *to.hours) if to.hours else None
    if message.patient_id is None or now - (ready or message.not_before) <= LATE:
        return False
    newer = tuple_(Message.not_before, Message.id) > tuple_(message.not_before, message.id)
    alive = Message.state.not_in((*WITHHELD, State.FAILED))
    same = (Message.patient_id == message.patient_id, Message.channel == message.channel)
    return bool(session.scalar(select(exists().where(*same, newer, alive, Message.not_before <= now))))


def _outcomes(session: Session, message: Message) -> list[Outcome | None]:
    """How the attempts so far ended."""
    return list(session.scalars(select(Attempt.outcome).where(Attempt.message_id == message.id)))


def _adopt(session: Session, message: Message, now: datetime) -> None:
    move(message, State.SENDING, State.ACCEPTED, now=now, claim_count=0)
    waiting = update(Receipt).where(Receipt.message_id == message.id, Receipt.not_applied == "not_under_way")
    session.execute(waiting.values(handled_at=None, not_applied=None))


def _commit(
    session: Session, message: Message, to: Recipient, tried: int, now: datetime, begun: float
) -> Intent:
    if tried == 0:
        _fix_words(message, to)
    body = WORDS.render(message.template, message.language, message.fill_ins | {"link": _link(message)})
    attempt = Attempt(
        message_id=message.id,
        n=tried + 1,
        provider=PROVIDER,
        contact_point_id=to.contact_point_id,
        number=to.number,
        body_index=blind_index(body),
        started_at=now,
    )
    session.add(attempt)
    lease = now + timedelta(seconds=current().settle.lease)
    move(message, State.SENDING, now=now, lease_until=lease, claim_count=0)
    if message.patient_id:
        about = [message.patient_id]
        audit.record("message.sending", about, at=now, subject_kind="message", subject_id=message.id)
    return Intent(
        message_id=message.id,
        attempt_id=attempt.id,
        lease_token=message.lease_token or attempt.id,
        patient_id=message.patient_id,
        contact_point_id=to.contact_point_id,
        number=to.number,
        body=body,
        valid_for=(message.expires_at - now).total_seconds(),
        begun=begun,
    )


def _fix_words(message: Message, to: Recipient) -> None:
    """With the first attempt the words stand: whoever tries again says the same."""
    message.fill_ins = common_words(to) | message.fill_ins
    message.template_version = WORDS.templates[message.template].version
    if message.link_hash and message.link_key_version not in [
        key_version(key) for key in current().link_keys
    ]:
        key = current().link_keys[0]
        message.link_key_version, message.link_hash = key_version(key), token_hash(token(key, message.id))


def _link(message: Message) -> str:
    address = current().public_url + (WORDS.templates[message.template].link or "")
    if message.link_hash is None:
        return address
    keys = {key_version(key): key for key in current().link_keys}
    return address + token(keys[str(message.link_key_version)], message.id)
