"""Whether this copy can work: without database or schema not at all, without the rest only worse."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from sqlalchemy.exc import SQLAlchemyError

from clinic.core import clock, periodic, startup
from clinic.core.db import db
from clinic.core.models import Heartbeat
from clinic.core.settings import current

BROKER_PATIENCE = 1.0  # seconds
MISSED_RINGS = 5  # a job this many rings late is told
LEAST_FREE_SPACE = 500_000_000  # bytes


@dataclass(frozen=True)
class Readiness:
    """`degraded` names what does not work, in words without any patient's data."""

    ready: bool
    degraded: list[str]
    last_beat: datetime | None = None  # when a periodic job last ended, by the clinic's clock


def check() -> Readiness:
    """Ask database and schema, then broker, periodic jobs and disk."""
    try:
        wrong = _schema()
        beats = {} if wrong else periodic.heartbeats()
    except SQLAlchemyError:
        return Readiness(False, ["the database cannot be reached"])
    late = [] if wrong else _late_jobs(beats)
    last = max((beat.finished_at for beat in beats.values() if beat.finished_at), default=None)
    return Readiness(not wrong, [*wrong, *_broker(), *late, *_disk()], last)


def _schema() -> list[str]:
    found = startup.schema(db.session.connection())
    return [] if found is startup.Schema.CURRENT else [f"the database {startup.WHAT_TO_DO[found]}"]


def _broker() -> list[str]:
    try:
        redis.Redis.from_url(
            current().redis_url, socket_timeout=BROKER_PATIENCE, socket_connect_timeout=BROKER_PATIENCE
        ).ping()
    except redis.RedisError:
        return ["the broker cannot be reached"]
    return []


def _late_jobs(beats: Mapping[str, Heartbeat]) -> list[str]:
    now, late = clock.now(), []
    for job in periodic.jobs.values():
        beat = beats.get(job.name)
        if beat is None or beat.finished_at is None:
            late.append(f"{job.name} has never run")
        elif now - beat.finished_at > timedelta(seconds=job.interval(current().settle.ring) * MISSED_RINGS):
            late.append(f"{job.name} last ran {int((now - beat.finished_at).total_seconds())} s ago")
    return late


def _disk() -> list[str]:
    folder = current().state_folder
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    return [f"{free // 1_000_000} MB of disk left"] if free < LEAST_FREE_SPACE else []
