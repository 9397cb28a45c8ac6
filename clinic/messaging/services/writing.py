"""One row of the outbox, written once for each subject, purpose and channel."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.core.db import insert_new
from clinic.core.ids import uuid7
from clinic.core.settings import current
from clinic.messaging.models import Message
from clinic.messaging.rules.links import key_version, token, token_hash
from clinic.messaging.rules.states import State


def write(session: Session, fill_ins: Mapping[str, str], *, with_link: bool, **columns: Any) -> UUID | None:
    """Put a message into the outbox; its id, or None where there is one already."""
    message_id = uuid7()
    row = {
        **columns,
        "id": message_id,
        "next_attempt_at": columns["not_before"],
        "state": State.SCHEDULED,
        "claim_count": 0,
        "fill_ins_sealed": Message.fill_ins.seal(message_id, dict(fill_ins)),
    }
    if with_link:  # which key made it, and the hash by which it is found
        key = current().link_keys[0]
        row |= {"link_key_version": key_version(key), "link_hash": token_hash(token(key, message_id))}
    return message_id if insert_new(session, Message, [row]) else None
