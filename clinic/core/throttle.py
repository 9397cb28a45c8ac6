"""Floods at open doors are counted in rows (reliability 14): no process and no cache has to remember them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, literal, select, update

from clinic.core.db import db, insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.models import FloodCount
from clinic.core.sealed import blind_index

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Door:
    """An open door: at most `most` of one place within `window`, which begins with the first of them."""

    name: str
    most: int
    window: timedelta = timedelta(minutes=10)


def within(door: Door, place: str) -> bool:
    """Count one more from `place` (an address, a link); whether the door still takes it.

    Real time, not the moved clock. Past the limit nothing is written: a flood costs one read by index.
    """
    real, kept = datetime.now(UTC), FloodCount.window_at
    key = blind_index(f"{door.name}|{place}")
    mine = FloodCount.place == key
    past = kept <= real - door.window
    if db.session.scalar(select(FloodCount.id).where(mine, ~past, FloodCount.count >= door.most)):
        return False
    first = {"id": uuid7(), "place": key, "window_at": real, "count": 0}
    more = update(FloodCount).where(mine, past | (FloodCount.count < door.most))
    counted = {
        "count": case((past, 1), else_=FloodCount.count + 1),
        "window_at": case((past, literal(real, kept.type)), else_=kept),
    }
    with transaction() as session:
        insert_new(session, FloodCount, [first])
        return session.scalar(more.values(**counted).returning(FloodCount.id)) is not None


def forget() -> int:
    """Remove the counts of windows long gone. How many."""
    old = delete(FloodCount).where(FloodCount.window_at < datetime.now(UTC) - FORGOTTEN_AFTER)
    with transaction() as session:
        return len(session.scalars(old.returning(FloodCount.id)).all())
