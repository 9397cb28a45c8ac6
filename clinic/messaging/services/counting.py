"""Counting what leaves no row of its own."""

from datetime import datetime

from sqlalchemy import update

from clinic.core.db import insert_new, transaction
from clinic.core.ids import uuid7
from clinic.messaging.models import EngineCount


def count(name: str, *, at: datetime) -> None:
    """One more of `name`."""
    with transaction() as session:
        insert_new(session, EngineCount, [{"id": uuid7(), "name": name, "count": 0, "last_at": at}])
        more = update(EngineCount).where(EngineCount.name == name)
        session.execute(more.values(count=EngineCount.count + 1, last_at=at))
