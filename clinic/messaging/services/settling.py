"""What answers mean for attempts, messages, recipients and providers (reliability 3 to 5)."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.core.db import transaction
from clinic.core.settings import current
from clinic.messaging.models import Attempt, Message
from clinic.messaging.rules.outcomes import Answer, Family, Fault, Judgement, Outcome, judge
from clinic.messaging.rules.states import State
from clinic.messaging.rules.timing import MOST_ATTEMPTS, backoff
from clinic.messaging.services import breaker, troubles
from clinic.messaging.services.breaker import Heard
from clinic.messaging.services.engine import all_locked, move, shared_now
from clinic.messaging.services.intent import Intent
from clinic.patients.rules import Channel


@dataclass(frozen=True)
class Answered:
    """A call that is over."""

    intent: Intent
    answer: Answer

    @property
    def judgement(self) -> Judgement:
        """What the answer says."""
        return judge(self.answer)


def settle(calls: Sequence[Answered]) -> None:
    """Keep the attempts' outcomes always; a message's only while its lease is still ours."""
    with transaction() as session:
        now = shared_now(session)
        for call in sorted(calls, key=_lock_order):
            troubles.take(
                call.judgement.trouble,
                number=call.intent.post.address,
                patient_id=call.intent.claim.patient_id,
                contact_point_id=call.intent.contact_point_id,
                at=now,
            )
        messages = all_locked(session, [call.intent.claim.message_id for call in calls])
        attempts = _attempts(session, [call.intent.attempt_id for call in calls])
        pairs = [(attempts[call.intent.attempt_id], call) for call in calls]
        unfinished = [(attempt, call) for attempt, call in pairs if attempt.finished_at is None]
        close(session, ((attempt, call.judgement, call.answer) for attempt, call in unfinished), now)
        told = [pair for pair in pairs if pair[1].answer.fault is not Fault.TOO_LATE]  # that says nothing
        heard = [Heard(each.provider, each.started_at, call.judgement.family) for each, call in told]
        breaker.note(session, heard, now)
        for attempt, call in pairs:
            message = messages.get(attempt.message_id)
            if (
                message
                and message.state is State.SENDING
                and message.lease_token == call.intent.claim.lease_token
            ):
                apply_outcome(session, message, call.judgement, attempt.n, now)


def _lock_order(call: Answered) -> tuple[int, str]:
    """Consents are locked by channel and patient, here as where messages are begun."""
    claim = call.intent.claim
    return tuple(Channel).index(claim.channel), str(claim.patient_id)


def _attempts(session: Session, attempt_ids: Sequence[UUID]) -> dict[UUID, Attempt]:
    wanted = select(Attempt).where(Attempt.id.in_(attempt_ids)).order_by(Attempt.id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return {attempt.id: attempt for attempt in found}


def close(session: Session, ended: Iterable[tuple[Attempt, Judgement, Answer]], now: datetime) -> None:
    """Write how attempts ended. An id that another attempt holds already is not kept twice."""
    named = []
    for attempt, judgement, answer in ended:
        attempt.finished_at, attempt.outcome, attempt.reason = now, judgement.outcome, judgement.reason
        attempt.family, attempt.http_status = judgement.family, answer.status
        if answer.provider_id and judgement.outcome is Outcome.ACCEPTED:
            named.append((attempt, answer.provider_id))
    if named:
        told = Attempt.provider_message_id.in_([provider_id for _, provider_id in named])
        ours = Attempt.provider.in_({attempt.provider for attempt, _ in named})
        found = session.execute(select(Attempt.provider, Attempt.provider_message_id).where(ours, told))
        taken = {(provider, provider_id) for provider, provider_id in found}
        for attempt, provider_id in named:
            if (attempt.provider, provider_id) not in taken:
                attempt.provider_message_id = provider_id
                taken.add((attempt.provider, provider_id))
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
