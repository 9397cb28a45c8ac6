"""Periodic jobs of all rooms: beat rings them, `flask messages pump` runs them; safe at any time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from clinic.core.db import db, insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.logs import log
from clinic.core.models import Heartbeat
from clinic.core.settings import Settle

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Job:
    """A pull over rows that are due. `run` returns how many rows it changed; `every` is in seconds."""

    name: str
    every: int
    run: Callable[[Clock], int]

    def interval(self, ring: float) -> float:
        """Seconds between two rings where the engine's own is `ring` seconds instead of 20."""
        return self.every * ring / Settle.ring


jobs: dict[str, Job] = {}


def job(name: str, *, every: int) -> Callable[[Callable[[Clock], int]], Callable[[Clock], int]]:
    """Register a function as a periodic job."""

    def keep(run: Callable[[Clock], int]) -> Callable[[Clock], int]:
        jobs[name] = Job(name, every, run)
        return run

    return keep


def run(name: str, now: Clock) -> int:
    """Run one job and leave its heartbeat, before and after."""
    _beat(name, started_at=now())
    handled = jobs[name].run(now)
    _beat(name, finished_at=now(), handled=handled)
    return handled


def each(row_ids: Iterable[UUID], act: Callable[[UUID], int]) -> int:
    """Do something to each row, in a transaction of its own: one that fails never blocks those behind it."""
    handled = 0
    for row_id in row_ids:
        try:
            handled += act(row_id)
        except Exception:
            log.exception("row_not_handled", row_id=str(row_id))
    return handled


def _beat(name: str, **known: Any) -> None:
    with transaction() as session:
        first = {"id": uuid7(), "name": name, "started_at": known.get("started_at"), "handled": 0}
        if not (known.get("started_at") and insert_new(session, Heartbeat, [first])):
            session.execute(update(Heartbeat).where(Heartbeat.name == name).values(**known))


def heartbeats() -> dict[str, Heartbeat]:
    """The last sign of life of each job."""
    return {row.name: row for row in db.session.scalars(select(Heartbeat))}
