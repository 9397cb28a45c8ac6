"""The sending transaction: all is read again under locks, then the intent is committed (reliability 4)."""

import enum
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core.db import transaction
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging.channels.carriers import CARRIERS
from clinic.messaging.channels.post import Post
from clinic.messaging.models import Attempt, Message, Receipt
from clinic.messaging.registry import Decision, Verdict, sources
from clinic.messaging.rules.decision import Facts, Step, decide
from clinic.messaging.rules.outcomes import Outcome
from clinic.messaging.rules.states import UNSENT, WITHHELD, State
from clinic.messaging.rules.timing import LATE, opening
from clinic.messaging.services import breaker
from clinic.messaging.services.engine import locked, move, shared_now
from clinic.messaging.services.recipients import Recipient, recipient_of
from clinic.messaging.services.wording import fix_words, posted
from clinic.patients.rules import Channel


@dataclass(frozen=True)
class Intent:
    """A call that may be made once. `begun` is the reading of `elapsed()` before the intent was committed."""

    channel: Channel
    attempt_id: UUID
    lease_token: UUID
    patient_id: UUID | None
    contact_point_id: UUID | None
    post: Post
    begun: float


class Newer(enum.Enum):
    """What is known of a newer message to the same patient that is due as well."""

    NONE = enum.auto()
    UNDECIDED = enum.auto()
    WENT_OUT = enum.auto()


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
        provider = CARRIERS[message.channel].PROVIDER
        if step.state is State.SENDING and (until := breaker.closed_until(session, provider, now)):
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
    newer = _newer(session, message, recipient, now)
    return Facts(
        now=now,
        expires_at=message.expires_at,
        withheld=decision.reason if decision.verdict is Verdict.WITHHOLD else None,
        wait=decision.verdict is Verdict.WAIT or newer is Newer.UNDECIDED,
        unreachable=recipient.why,
        agreed=not limited or decision.consent_kind in (recipient.kinds or ()),
        superseded=newer is Newer.WENT_OUT,
        opening=now if hours is None else opening(now, recipient.zone, *hours),
    )


def _newer(session: Session, message: Message, to: Recipient, now: datetime) -> Newer:
    """After an outage nobody gets a burst: of a patient's overdue messages only the newest goes out.

    One that waited for the person's hours is not overdue before they began. The older is given up only when
    the newer is on its way: until that is decided it waits, for the newer may be withheld.
    """
    ready = opening(message.not_before, to.zone, *to.hours) if to.hours else None
    if message.patient_id is None or now - (ready or message.not_before) <= LATE:
        return Newer.NONE
    newer = tuple_(Message.not_before, Message.id) > tuple_(message.not_before, message.id)
    due = (Message.patient_id == message.patient_id, newer, Message.not_before <= now)
    states = set(session.scalars(select(Message.state).where(*due).distinct()))
    if states - UNSENT - WITHHELD - {State.FAILED}:
        return Newer.WENT_OUT
    return Newer.UNDECIDED if states & UNSENT else Newer.NONE


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
        fix_words(message, to)
    post = posted(message, to.number, (message.expires_at - now).total_seconds())
    attempt = Attempt(
        message_id=message.id,
        n=tried + 1,
        provider=CARRIERS[message.channel].PROVIDER,
        contact_point_id=to.contact_point_id,
        number=to.number,
        body_index=blind_index(post.body),
        started_at=now,
    )
    session.add(attempt)
    lease = now + timedelta(seconds=current().settle.lease)
    move(message, State.SENDING, now=now, lease_until=lease, claim_count=0)
    if message.patient_id:
        about = [message.patient_id]
        audit.record("message.sending", about, at=now, subject_kind="message", subject_id=message.id)
    return Intent(
        channel=message.channel,
        attempt_id=attempt.id,
        lease_token=message.lease_token or attempt.id,
        patient_id=message.patient_id,
        contact_point_id=to.contact_point_id,
        post=post,
        begun=begun,
    )
