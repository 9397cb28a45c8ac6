"""The sending transaction: all is read again under locks, then the intents are committed (reliability 4)."""

import enum
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core.db import transaction
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.channels.carriers import CARRIERS
from clinic.messaging.channels.post import Post
from clinic.messaging.models import Attempt, Message, Receipt
from clinic.messaging.registry import Decision, Verdict, sources
from clinic.messaging.rules.decision import Claim, Facts, Step, decide
from clinic.messaging.rules.outcomes import Outcome
from clinic.messaging.rules.own_words import Which
from clinic.messaging.rules.states import UNSENT, WITHHELD, State
from clinic.messaging.rules.timing import LATE, opening
from clinic.messaging.services import breaker
from clinic.messaging.services.engine import all_locked, move, shared_now
from clinic.messaging.services.recipients import Recipient, recipients_of
from clinic.messaging.services.wording import fix_words, posted


@dataclass(frozen=True)
class Intent:
    """A call that may be made once. `begun` is the reading of `elapsed()` before the intent was committed."""

    claim: Claim
    attempt_id: UUID
    contact_point_id: UUID | None
    post: Post
    begun: float


@dataclass(frozen=True)
class _Case:
    """All that is true of one message under its locks; `outcomes` of its attempts so far."""

    claim: Claim
    message: Message
    to: Recipient
    decision: Decision
    outcomes: Sequence[Outcome | None]


class Newer(enum.Enum):
    """What is known of a newer message to the same patient that is due as well."""

    NONE = enum.auto()
    UNDECIDED = enum.auto()
    WENT_OUT = enum.auto()


def elapsed() -> float:
    """Seconds on a clock that nobody can set and that counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def begin(claims: Sequence[Claim]) -> list[Intent]:
    """Decide under locks and commit the intents. Without an Intent nobody connects to the provider."""
    begun = elapsed()
    with transaction() as session:
        now = shared_now(session)
        ready = [case for case in _cases(session, claims, now) if _goes(session, case, now)]
        admitted = list(_admitted(session, ready, now))
        own = queries.words_ids() if any(not case.outcomes for case in admitted) else {}
        intents = [_intend(session, case, own, now, begun) for case in admitted]
        about = {
            claim.message_id: claim.patient_id
            for claim in (case.claim for case in admitted)
            if claim.patient_id
        }
        audit.record_each("message.sending", "message", about, at=now)
        return intents


def _cases(session: Session, claims: Sequence[Claim], now: datetime) -> list[_Case]:
    """Locks are taken for all in the one order of reliability 4: consents, subjects, messages."""
    recipients = recipients_of(session, claims)
    decisions = _decisions(claims, now)
    messages = all_locked(session, [claim.message_id for claim in claims])
    outcomes = _outcomes(session, messages)
    return [
        _Case(
            claim,
            messages[claim.message_id],
            recipients[claim.message_id],
            decisions[claim.subject_kind, claim.subject_id],
            outcomes[claim.message_id],
        )
        for claim in claims
        if _ours(messages.get(claim.message_id), claim, now)
    ]


def _decisions(claims: Sequence[Claim], now: datetime) -> dict[tuple[str, UUID], Decision]:
    found: dict[tuple[str, UUID], Decision] = {}
    for kind in sorted({claim.subject_kind for claim in claims}):
        mine = {claim.subject_id for claim in claims if claim.subject_kind == kind}
        said = sources[kind].may_send(mine, now=now)
        found |= {(kind, subject_id): said[subject_id] for subject_id in mine}
    return found


def _outcomes(session: Session, messages: Mapping[UUID, Message]) -> dict[UUID, list[Outcome | None]]:
    """How the attempts of each message so far ended."""
    found: dict[UUID, list[Outcome | None]] = {message_id: [] for message_id in messages}
    tried = select(Attempt.message_id, Attempt.outcome).where(Attempt.message_id.in_(found))
    for message_id, outcome in session.execute(tried):
        found[message_id].append(outcome)
    return found


def _ours(message: Message | None, claim: Claim, now: datetime) -> bool:
    if message is None or message.lease_token != claim.lease_token or message.state is not State.CLAIMED:
        return False
    return message.lease_until is not None and message.lease_until > now


def _goes(session: Session, case: _Case, now: datetime) -> bool:
    """Whether it is to be sent now; one that is not goes where it belongs."""
    # A receipt told since that an attempt thought not sent had gone out.
    if Outcome.ACCEPTED in case.outcomes:
        _adopt(session, case.message, now)
        return False
    step = decide(_facts(session, case, now))
    if step.state is not State.SENDING:
        _leave(case.message, step, now)
    return step.state is State.SENDING


def _leave(message: Message, step: Step, now: datetime) -> None:
    at = step.at or message.next_attempt_at
    move(message, step.state, now=now, reason=step.reason, next_attempt_at=at, claim_count=0)


def _admitted(session: Session, ready: Sequence[_Case], now: datetime) -> Iterator[_Case]:
    """Those that the breakers let through; the others wait."""
    for channel, carrier in CARRIERS.items():
        if not (mine := [case for case in ready if case.message.channel is channel]):
            continue
        count, again_at = breaker.admitted(session, carrier.PROVIDER, len(mine), now)
        for case in mine[count:]:
            _leave(case.message, Step(State.SCHEDULED, at=again_at), now)
        yield from mine[:count]


def _facts(session: Session, case: _Case, now: datetime) -> Facts:
    recipient, decision = case.to, case.decision
    limited, hours = recipient.kinds is not None, recipient.hours
    newer = _newer(session, case.message, recipient, now)
    return Facts(
        now=now,
        expires_at=case.message.expires_at,
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


def _adopt(session: Session, message: Message, now: datetime) -> None:
    move(message, State.SENDING, State.ACCEPTED, now=now, claim_count=0)
    waiting = update(Receipt).where(Receipt.message_id == message.id, Receipt.not_applied == "not_under_way")
    session.execute(waiting.values(handled_at=None, not_applied=None))


def _intend(session: Session, case: _Case, own: Mapping[Which, UUID], now: datetime, begun: float) -> Intent:
    message, to = case.message, case.to
    if not case.outcomes:
        fix_words(message, to, own)
    post = posted(message, to.number, (message.expires_at - now).total_seconds())
    attempt = Attempt(
        message_id=message.id,
        n=len(case.outcomes) + 1,
        provider=CARRIERS[message.channel].PROVIDER,
        contact_point_id=to.contact_point_id,
        number=to.number,
        body_index=blind_index(post.body),
        started_at=now,
    )
    session.add(attempt)
    lease = now + timedelta(seconds=current().settle.lease)
    move(message, State.SENDING, now=now, lease_until=lease, claim_count=0)
    return Intent(case.claim, attempt.id, to.contact_point_id, post, begun)
