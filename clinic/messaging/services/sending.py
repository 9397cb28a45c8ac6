"""Claim, send, settle: the path of every message, safe whatever dies and whenever (reliability 4)."""

import random
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clinic.core.db import transaction
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.core.settings import current
from clinic.messaging.channels import carriers
from clinic.messaging.channels.carriers import CARRIERS
from clinic.messaging.models import Attempt, Message
from clinic.messaging.rules.decision import WAIT
from clinic.messaging.rules.outcomes import Answer, Family, Fault, Judgement, Outcome, judge
from clinic.messaging.rules.states import State
from clinic.messaging.rules.timing import MOST_ATTEMPTS, backoff
from clinic.messaging.services import breaker, troubles
from clinic.messaging.services.engine import locked, move, shared_now, twice
from clinic.messaging.services.intent import Intent, begin_send, elapsed
from clinic.messaging.services.work import POISON, raise_work
from clinic.worklist.rules import Level


def claim() -> tuple[UUID, UUID] | None:
    """Lease the message that is due longest; (its id, the lease's token), None where nothing is due.

    One at a time: a worker that dies strands one, and it is known which. Two statements on purpose: as one,
    PostgreSQL may take more than the limit (reliability 4).
    """
    token, free = uuid7(), Message.state == State.SCHEDULED
    with transaction() as session:
        now = shared_now(session)
        ready = Message.channel.in_(carriers.running())
        due = select(Message.id).where(free, Message.next_attempt_at <= now, ready)
        due = due.order_by(Message.next_attempt_at, Message.id).limit(1).with_for_update(skip_locked=True)
        if (message_id := session.scalar(due)) is None:
            return None
        lease = {"lease_token": token, "lease_until": now + timedelta(seconds=current().settle.lease)}
        taken = update(Message).where(Message.id == message_id, free)
        session.execute(taken.values(state=State.CLAIMED, claim_count=Message.claim_count + 1, **lease))
    return message_id, token


def send_due(*, seconds: float) -> int:
    """Send what is due, one after the other, until nothing is due or time is over. How many were handled."""
    if not carriers.running():
        return 0
    until, handled = monotonic() + seconds, 0
    while monotonic() < until and (claimed := claim()):
        send_one(*claimed)
        handled += 1
    return handled


def send_one(message_id: UUID, lease_token: UUID) -> None:
    """Take one claimed message to its outcome; no transaction is open while the provider is called."""
    try:
        intent = twice(lambda: begin_send(message_id, lease_token))
    except OperationalError:  # the database was away, which says nothing about the message
        log.exception("message_not_begun", message_id=str(message_id))
        give_up_claim(message_id, lease_token, counted=False)
        return
    except Exception:
        log.exception("message_not_begun", message_id=str(message_id))
        give_up_claim(message_id, lease_token)
        return
    if intent is not None:
        answer = _call(intent)
        twice(lambda: settle(intent, answer))


def _call(intent: Intent) -> Answer:
    if elapsed() - intent.begun > current().settle.lease / 2:
        return Answer(fault=Fault.TOO_LATE)
    return CARRIERS[intent.channel].send(intent.post)


def give_up_claim(message_id: UUID, lease_token: UUID, *, counted: bool = True) -> None:
    """A claim that came to nothing by an error: try again later, after three counted times never again."""
    with transaction() as session:
        message = locked(session, message_id)
        if message and message.state is State.CLAIMED and message.lease_token == lease_token:
            now = shared_now(session)
            if not counted:
                message.claim_count -= 1
            put_back(message, now, again_at=now + WAIT)


def put_back(message: Message, now: datetime, *, again_at: datetime) -> None:
    """A lost claim goes back; a message that was lost three times is parked as poison (reliability 7)."""
    if message.claim_count < current().settle.lost_claims:
        move(message, State.SCHEDULED, now=now, next_attempt_at=again_at)
        return
    move(message, State.FAILED, now=now, reason="poison")
    log.error("message_poison", message_id=str(message.id))
    raise_work(
        POISON,
        "message",
        message.id,
        patient_id=message.patient_id,
        level=Level.MODERATE,
        reason="A message could not be prepared and was not sent. Tell the person yourself.",
        at=now,
    )


def settle(intent: Intent, answer: Answer) -> None:
    """Keep the attempt's outcome always; the message's only while the lease is still ours."""
    judgement = judge(answer)
    with transaction() as session:
        now = shared_now(session)
        troubles.take(
            judgement.trouble,
            number=intent.post.address,
            patient_id=intent.patient_id,
            contact_point_id=intent.contact_point_id,
            at=now,
        )
        message = locked(session, intent.post.message_id)
        attempt = session.get_one(Attempt, intent.attempt_id, with_for_update=True, populate_existing=True)
        if attempt.finished_at is None:
            close_attempt(session, attempt, judgement, now, answer)
        if answer.fault is not Fault.TOO_LATE:  # that says nothing of the provider
            breaker.note(session, attempt.provider, judgement, now)
        if message and message.state is State.SENDING and message.lease_token == intent.lease_token:
            apply_outcome(session, message, judgement, attempt.n, now)


def close_attempt(
    session: Session, attempt: Attempt, judgement: Judgement, now: datetime, answer: Answer
) -> None:
    """Write how an attempt ended. An id that another attempt holds already is not kept twice."""
    attempt.finished_at, attempt.outcome, attempt.reason = now, judgement.outcome, judgement.reason
    attempt.family, attempt.http_status = judgement.family, answer.status
    if answer.provider_id and judgement.outcome is Outcome.ACCEPTED:
        taken = select(Attempt.id).where(
            Attempt.provider == attempt.provider, Attempt.provider_message_id == answer.provider_id
        )
        if session.scalar(taken) is None:
            attempt.provider_message_id = answer.provider_id
    session.flush()


def apply_outcome(session: Session, message: Message, judgement: Judgement, n: int, now: datetime) -> None:
    """What an attempt's outcome means for its message, in `sending` or `unknown` (reliability 3 and 5)."""
    if judgement.outcome is Outcome.ACCEPTED:
        move(message, State.ACCEPTED, now=now)
    elif judgement.outcome is Outcome.REJECTED:
        move(message, State.FAILED, now=now, reason=judgement.reason)
    elif judgement.outcome is Outcome.AMBIGUOUS:
        move(message, State.UNKNOWN, now=now)
    else:
        _again(session, message, judgement, n, now)


def _again(session: Session, message: Message, judgement: Judgement, n: int, now: datetime) -> None:
    """Nothing went out: try again later, unless that would be too late or too often."""
    pause = backoff(n, base=current().settle.backoff, chance=random.random())  # noqa: S311
    at = now + max(pause, timedelta(seconds=judgement.wait))
    ours = select(Attempt.id).where(Attempt.message_id == message.id, Attempt.family == Family.ACCOUNT)
    counted = n - len(session.scalars(ours).all())  # a refused account is no fault of the message
    if at >= message.expires_at or counted >= MOST_ATTEMPTS:
        move(message, State.FAILED, now=now, reason=judgement.reason)
    else:
        move(message, State.SCHEDULED, now=now, next_attempt_at=at)
