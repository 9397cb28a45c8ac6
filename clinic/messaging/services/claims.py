"""Leases on due messages: taken, given back, lost (reliability 4 and 7)."""

from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import select, update

from clinic.core.db import transaction
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.core.settings import current
from clinic.messaging.channels import carriers
from clinic.messaging.models import Message
from clinic.messaging.rules.decision import WAIT, Claim
from clinic.messaging.rules.states import State
from clinic.messaging.services.engine import locked, move, shared_now
from clinic.messaging.services.work import POISON, raise_work
from clinic.worklist.rules import Level

MOST = 16  # so many a worker strands that dies between claim and intent


def claim(room: int) -> list[Claim]:
    """Lease the messages that are due longest, `room` at most and 16; empty where nothing is due.

    One that was lost before is taken alone: if it kills its worker again, it is known which one it was. Two
    statements on purpose: as one, PostgreSQL may take more than the limit (reliability 4).
    """
    token, free = uuid7(), Message.state == State.SCHEDULED
    lasting = (Message.id, Message.channel, Message.patient_id, Message.staff_id, Message.subject_kind,
               Message.subject_id)  # fmt: skip
    with transaction() as session:
        now = shared_now(session)
        ready = (free, Message.next_attempt_at <= now, Message.channel.in_(carriers.running()))
        due = select(Message.claim_count, *lasting).where(*ready)
        due = due.order_by(Message.next_attempt_at, Message.id).limit(min(room, MOST))
        rows = session.execute(due.with_for_update(skip_locked=True)).all()
        taken = list(takewhile(lambda row: row.claim_count == 0, rows)) or rows[:1]
        if taken:
            mine = update(Message).where(Message.id.in_([row.id for row in taken]), free)
            lease = {"lease_token": token, "lease_until": now + timedelta(seconds=current().settle.lease)}
            counted = {"state": State.CLAIMED, "claim_count": Message.claim_count + 1}
            session.execute(mine.values(**counted, **lease).execution_options(synchronize_session=False))
    return [Claim(*row[1:], lease_token=token) for row in taken]


def give_up(claim: Claim, *, counted: bool = True) -> None:
    """A claim that came to nothing by an error: try again later, after three counted times never again."""
    with transaction() as session:
        message = locked(session, claim.message_id)
        if message and message.state is State.CLAIMED and message.lease_token == claim.lease_token:
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
