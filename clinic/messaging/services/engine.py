"""What every step of the engine stands on: one clock, one repeat, one way for a message to move."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, object_session

from clinic.core import clock
from clinic.messaging.models import Message
from clinic.messaging.registry import sources
from clinic.messaging.rules.states import ENDED, IllegalMove, State, check
from clinic.messaging.services.counting import count
from clinic.messaging.services.second_channel import takes_over

Result = TypeVar("Result")
AGAIN = ("40001", "40P01")  # serialization failure, deadlock


def shared_now(session: Session) -> datetime:
    """The moment by which claims are judged: on PostgreSQL the server's, so that workers agree."""
    if session.get_bind().dialect.name == "postgresql":
        server: datetime = session.scalars(select(func.clock_timestamp())).one()
        return server + clock.offset()
    return clock.now()


def twice(act: Callable[[], Result]) -> Result:
    """Do a whole transaction, and once more if the database chose it as the victim of a deadlock.

    A move that is not in the table is counted, for the engine's page, and raised.
    """
    try:
        return act()
    except IllegalMove:
        count("illegal_move", at=clock.now())
        raise
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in AGAIN:
            raise
        return act()


def locked(session: Session, message_id: UUID) -> Message | None:
    """The message as it is now, held until the transaction ends."""
    return all_locked(session, [message_id]).get(message_id)


def all_locked(session: Session, message_ids: Collection[UUID]) -> dict[UUID, Message]:
    """Messages by id as they are now, held until the transaction ends; in one order, whoever asks."""
    wanted = select(Message).where(Message.id.in_(message_ids)).order_by(Message.id).with_for_update()
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return {message.id: message for message in found}


def move(message: Message, *path: State, now: datetime, reason: str | None = None, **values: Any) -> None:
    """Take a locked message along allowed moves; tell its subject when it ends. Raises IllegalMove."""
    check(message.state, *path)
    if not path:
        return
    message.state = path[-1]
    if message.state not in (State.CLAIMED, State.SENDING):
        message.lease_token = message.lease_until = None
    if State.ACCEPTED in path:
        message.accepted_at = now
    for name, value in values.items():
        setattr(message, name, value)
    if message.state in ENDED:
        message.reason, message.ended_at = reason, now
        tell(message, now)


def tell(message: Message, now: datetime) -> None:
    """Let the room that owns the subject know how its message ended: not of one that nobody was to get,

    where it goes by another channel now; of one that failed always, for somebody must mend its address.
    """
    session = object_session(message)
    if session and takes_over(session, message, now) and message.state is not State.FAILED:
        return
    sources[message.subject_kind].settled(
        message.subject_id, purpose=message.purpose, state=message.state, reason=message.reason, now=now
    )
