"""Receipts: kept first, then applied, in whatever order they come (reliability 3 and 10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.core.db import db, insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.messaging.channels.sms import PROVIDER
from clinic.messaging.models import Attempt, Message, Receipt
from clinic.messaging.rules.outcomes import Answer, Judgement, Outcome, trouble_of
from clinic.messaging.rules.receipts import NotApplied, path
from clinic.messaging.rules.states import UNSENT, State
from clinic.messaging.services import troubles
from clinic.messaging.services.engine import locked, move, twice
from clinic.messaging.services.settling import close

MOST = 200
TOLD = Judgement(Outcome.ACCEPTED, "told_by_receipt")


def keep_receipt(
    message_id: UUID, provider_message_id: str, status: str, error: int | None, *, at: datetime
) -> UUID | None:
    """Store what the provider told; None where it was told before."""
    row = {
        "id": uuid7(),
        "provider": PROVIDER,
        "dedupe_key": f"{provider_message_id}:{status}",
        "message_id": message_id,
        "provider_message_id": provider_message_id,
        "status": status,
        "error": error,
        "received_at": at,
    }
    with transaction() as session:
        return UUID(str(row["id"])) if insert_new(session, Receipt, [row]) else None


def apply_waiting(*, at: datetime) -> int:
    """Apply receipts whose second transaction failed. How many were handled."""
    waiting = select(Receipt.id).where(Receipt.handled_at.is_(None)).order_by(Receipt.received_at, Receipt.id)
    handled = 0
    for receipt_id in db.session.scalars(waiting.limit(MOST)).all():
        handled += apply_kept(receipt_id, at=at)
    return handled


def apply_kept(receipt_id: UUID, *, at: datetime) -> bool:
    """Let a stored receipt move its message; say why where it does not. False: the sweep must repair it."""
    try:
        twice(lambda: _apply(receipt_id, at))
    except Exception:
        log.exception("receipt_not_applied", receipt_id=str(receipt_id))
        return False
    return True


def _apply(receipt_id: UUID, at: datetime) -> None:
    with transaction() as session:
        known = session.get_one(Receipt, receipt_id)
        _take_trouble(session, known, at)
        message = locked(session, known.message_id)
        receipt = session.get_one(Receipt, receipt_id, with_for_update=True, populate_existing=True)
        if receipt.handled_at is not None:
            return
        receipt.handled_at = at
        try:
            _move(session, message, receipt, at)
        except NotApplied as why:
            receipt.not_applied = str(why)


def _move(session: Session, message: Message | None, receipt: Receipt, at: datetime) -> None:
    attempt = _attempt(session, receipt)
    if message is None or attempt is None:
        raise NotApplied("no_such_message")
    if message.state in (State.SENDING, State.UNKNOWN, *UNSENT) and attempt.outcome is not Outcome.ACCEPTED:
        close(session, [(attempt, TOLD, Answer(provider_id=receipt.provider_message_id))], at)
    steps = path(message.state, receipt.status)
    move(message, *steps, now=at, reason=_reason(receipt) if steps[-1] is State.FAILED else None)


def _attempt(session: Session, receipt: Receipt) -> Attempt | None:
    """The attempt the receipt is about: the one with its id, else the newest that has none.

    Attempts need no lock of their own: who changes one holds its message.
    """
    of_message = select(Attempt).where(Attempt.message_id == receipt.message_id)
    attempts = session.scalars(of_message.order_by(Attempt.n.desc())).all()
    same = [each for each in attempts if each.provider_message_id == receipt.provider_message_id]
    nameless = [each for each in attempts if each.provider_message_id is None]
    return next(iter(same or nameless), None)


def _reason(receipt: Receipt) -> str:
    return f"{receipt.status}_{receipt.error}" if receipt.error else receipt.status


def _take_trouble(session: Session, receipt: Receipt, at: datetime) -> None:
    attempt = _attempt(session, receipt) if (trouble := trouble_of(receipt.error)) else None
    if receipt.handled_at is None and attempt is not None:
        troubles.take(
            trouble,
            number=attempt.number,
            patient_id=session.scalar(select(Message.patient_id).where(Message.id == receipt.message_id)),
            contact_point_id=attempt.contact_point_id,
            at=at,
        )
