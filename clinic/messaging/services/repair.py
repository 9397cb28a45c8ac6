"""What a death, a lost answer or a lost receipt leaves behind is found and settled (reliability 6 and 7)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from clinic.core.db import db, transaction
from clinic.core.logs import log
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.messaging.channels import sms
from clinic.messaging.models import Attempt, Message
from clinic.messaging.rules.lookup import Listed, Proof, alike, proof
from clinic.messaging.rules.outcomes import Answer, Judgement, Outcome
from clinic.messaging.rules.states import TRACKED, State
from clinic.messaging.rules.timing import RECEIPT_PATIENCE, receipt_deadline, unknown_deadline
from clinic.messaging.services.claims import put_back
from clinic.messaging.services.engine import locked, move, shared_now, twice
from clinic.messaging.services.settling import apply_outcome, close

FOUND = Judgement(Outcome.ACCEPTED, "found_at_provider")
ABSENT = Judgement(Outcome.PROVED_NOT_SENT, "proved_not_sent")
OPEN = (None, Outcome.AMBIGUOUS)
MOST = 200  # a run; the next ring takes the rest
LOOK_UP_SECONDS = 15.0


def rescue() -> int:
    """Leases that ran out: a claim goes back, a call under way becomes unknown. Never one rule for both."""
    leased = Message.state.in_((State.CLAIMED, State.SENDING))
    return _each(select(Message.id).where(leased, Message.lease_until <= _now()), _rescue)


def _rescue(session: Session, message: Message, now: datetime) -> bool:
    if message.lease_until is None or message.lease_until > now:
        return False
    if message.state is State.CLAIMED:
        put_back(message, now, again_at=now)
    else:
        move(message, State.UNKNOWN, now=now)
    return True


def give_up_waiting() -> int:
    """Accepted texts of reminders whose receipt never came end as `no_receipt`; their owner makes work."""
    waited = Message.accepted_at <= _now() - RECEIPT_PATIENCE
    accepted = (Message.state == State.ACCEPTED, Message.receipt_by <= _now(), waited)
    return _each(select(Message.id).where(*accepted, Message.channel.in_(TRACKED)), _give_up)


def _give_up(session: Session, message: Message, now: datetime) -> bool:
    if message.state is not State.ACCEPTED or message.receipt_by is None or message.accepted_at is None:
        return False
    if now < receipt_deadline(message.accepted_at, message.receipt_by):
        return False
    move(message, State.FAILED, now=now, reason="no_receipt")
    return True


def look_up(*, seconds: float = LOOK_UP_SECONDS) -> int:
    """Settle what is unknown: by an attempt's late outcome, by the provider's list, by the deadline.

    It begins no look after `seconds`: a list that hangs must not hold the workers that send and page.
    """
    until, handled = monotonic() + seconds, 0
    later = aliased(Attempt)
    newest = ~exists().where(later.message_id == Attempt.message_id, later.n > Attempt.n)
    wanted = (
        select(Message.id, Attempt.id)
        .join(Attempt, Attempt.message_id == Message.id)
        .where(Message.state == State.UNKNOWN, newest)
        .where(or_(Attempt.look_at.is_(None), Attempt.look_at <= _now()))
        .order_by(Attempt.started_at)
        .limit(MOST)
    )
    for message_id, attempt_id in db.session.execute(wanted).all():
        if monotonic() >= until:
            break
        try:
            handled += _look(message_id, attempt_id)
        except Exception:
            log.exception("look_up_failed", message_id=str(message_id))
    return handled


def _look(message_id: UUID, attempt_id: UUID) -> int:
    attempt = db.session.get_one(Attempt, attempt_id, populate_existing=True)
    found: list[Listed] | None = None
    asked_at = datetime.now(UTC)  # what happens at the provider runs by real time, never by the moved clock
    if attempt.outcome in OPEN:
        if _now() < attempt.started_at + timedelta(seconds=current().settle.look_up_after):
            return 0
        number, since, tracked = attempt.number, attempt.started_at, attempt.provider == sms.PROVIDER
        db.session.rollback()  # no connection is held while the provider is asked
        if tracked:  # a mail server cannot be asked: such a mail stays unknown until its deadline
            with suppress(sms.LookUpFailed):
                found = sms.listed(number, since=since)
    return twice(lambda: _judge(message_id, attempt_id, found, asked_at))


def _judge(message_id: UUID, attempt_id: UUID, found: list[Listed] | None, asked_at: datetime) -> int:
    """Write what a look proves. `found` is None where the provider was not asked or its list was not read."""
    with transaction() as session:
        now = shared_now(session)
        message = locked(session, message_id)
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
        if message is None or message.state is not State.UNKNOWN or _tried_since(session, attempt):
            return 0
        if attempt.outcome is not None and attempt.outcome not in OPEN:  # told late, after the lease was lost
            late = Judgement(attempt.outcome, attempt.reason or attempt.outcome.value)
            apply_outcome(session, message, late, attempt.n, now)
            return 1
        free = None if found is None else _free(session, attempt, found)
        if free and not _twin_under_way(session, attempt):
            close(session, [(attempt, FOUND, Answer(provider_id=free[0].provider_id))], now)
            move(message, State.ACCEPTED, now=now)
            return 1
        attempt.look_at = now + timedelta(seconds=current().settle.look_up_after)
        return (
            _empty(session, message, attempt, asked_at, now)
            if free == []
            else _deadline(message, attempt, now)
        )


def _tried_since(session: Session, attempt: Attempt) -> bool:
    """Whether another look was faster and its message went out again: this one says nothing of that."""
    later = (Attempt.message_id == attempt.message_id, Attempt.n > attempt.n)
    return bool(session.scalar(select(exists().where(*later))))


def _free(session: Session, attempt: Attempt, found: list[Listed]) -> list[Listed]:
    """The listed texts that may be this attempt's: its words, and no other attempt's already."""
    mine = alike(
        found,
        says_the_same=lambda body: blind_index(body) == attempt.body_index,
        sender=current().sms_from,
    )
    ids = [text.provider_id for text in mine]
    known = select(Attempt.provider_message_id).where(Attempt.provider_message_id.in_(ids))
    taken = set(session.scalars(known))
    return [text for text in mine if text.provider_id not in taken]


def _twin_under_way(session: Session, attempt: Attempt) -> bool:
    """Whether the same words are on their way in another message: then a listed text may be that one's."""
    same = (Attempt.body_index == attempt.body_index, Attempt.id != attempt.id)
    sending = (Message.id == Attempt.message_id, Message.state == State.SENDING)
    return bool(session.scalar(select(exists().where(*same, *sending))))


def _empty(session: Session, message: Message, attempt: Attempt, asked_at: datetime, now: datetime) -> int:
    gap = timedelta(seconds=current().settle.look_up_gap)
    if proof(attempt.first_empty_at, asked_at, gap=gap) is Proof.NOT_YET:
        first = attempt.first_empty_at is None
        attempt.first_empty_at = attempt.first_empty_at or asked_at
        attempt.look_at = now + gap
        return int(first)
    close(session, [(attempt, ABSENT, Answer())], now)
    apply_outcome(session, message, ABSENT, attempt.n, now)
    return 1


def _deadline(message: Message, attempt: Attempt, now: datetime) -> int:
    settle = current().settle
    proof_by = attempt.started_at + timedelta(seconds=2 * (settle.look_up_after + settle.look_up_gap))
    if now < unknown_deadline(message.expires_at, message.link_dies_at, proof_by):
        return 0
    move(message, State.FAILED, now=now, reason="unknown")
    return 1


def _each(wanted: Select[UUID], act: Callable[[Session, Message, datetime], bool]) -> int:
    """Do something to each message in a transaction of its own; one that fails never blocks the others."""
    handled = 0
    for message_id in db.session.scalars(wanted.order_by(Message.id).limit(MOST)).all():
        try:
            handled += twice(partial(_one, message_id, act))
        except Exception:
            log.exception("repair_failed", message_id=str(message_id))
    return handled


def _one(message_id: UUID, act: Callable[[Session, Message, datetime], bool]) -> bool:
    with transaction() as session:
        message = locked(session, message_id)
        return message is not None and act(session, message, shared_now(session))


def _now() -> datetime:
    return shared_now(db.session())
