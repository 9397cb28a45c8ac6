"""The memory of a worker that runs every periodic job, with few and with many messages scheduled."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil
from sqlalchemy import create_engine, delete, func, insert, select

from benchmarks import clinics
from benchmarks.clinics import Clinic
from benchmarks.figures import Series
from clinic.core.ids import uuid7
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State
from clinic.patients.rules import Channel

FEW, MANY = 100, 100_000
LATER = timedelta(days=3_650)
KIND = "benchmark"


@dataclass(frozen=True)
class Memory:
    """Largest resident size in MB with so many scheduled."""

    database: str
    few: Series
    many: Series


def measure(database: str, *, rounds: int) -> Memory:
    """One worker each, in turn."""
    clinic = clinics.clinic(database, 0, purpose="memory")
    sizes: dict[int, list[float]] = {FEW: [], MANY: []}
    for _ in range(rounds):
        for count, found in sizes.items():
            _schedule(clinic, count)
            found.append(_run_jobs(clinic))
    return Memory(database, Series(tuple(sizes[FEW])), Series(tuple(sizes[MANY])))


def _schedule(clinic: Clinic, count: int) -> None:
    """Exactly so many messages for another day stand in the outbox beside the demo's own."""
    engine = create_engine(clinic.url).execution_options(writing=True)
    when = datetime.now(UTC) + LATER
    with engine.begin() as connection:
        there = connection.scalar(select(func.count()).where(Message.subject_kind == KIND)) or 0
        if there > count:
            connection.execute(delete(Message).where(Message.subject_kind == KIND))
            there = 0
        rows = [_row(when) for _ in range(count - there)]
        if rows:
            connection.execute(insert(Message), rows)
    engine.dispose()


def _row(when: datetime) -> dict[str, object]:
    return {
        "id": uuid7(), "subject_kind": KIND, "subject_id": uuid7(), "purpose": "invite",
        "channel": Channel.SMS, "template": "check_in_invite", "template_version": 1, "language": "en",
        "fill_ins_sealed": b"", "not_before": when, "expires_at": when, "next_attempt_at": when,
        "state": State.SCHEDULED, "claim_count": 0, "made_at": when,
    }  # fmt: skip


def _run_jobs(clinic: Clinic) -> float:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "messages", "pump"]
    child = subprocess.Popen(command, env=clinic.env, stdout=subprocess.DEVNULL)
    highest = 0.0
    while child.poll() is None:
        try:
            highest = max(highest, psutil.Process(child.pid).memory_info().rss / 1e6)
            child.wait(0.05)
        except (subprocess.TimeoutExpired, psutil.NoSuchProcess):
            continue
    return highest
