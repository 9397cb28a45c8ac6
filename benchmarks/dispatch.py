"""Due check-ins through the whole engine to the simulator, beside a bare claim-send-mark loop."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import httpx
from flask import Flask
from sqlalchemy import (
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    create_engine,
    insert,
    select,
    update,
)

from benchmarks import clinics, servers
from benchmarks.figures import Series, probe, seconds
from clinic.app import create_app
from clinic.core import actor, clock, ids
from clinic.demo.services import due
from clinic.messaging.services import sending

IN_FLIGHT = 32
DELAY = 0.05
# No receipts: there is no web server here to take them, and only the engine asks for them.
PROVIDER = {"delay_seconds": DELAY, "lose_callbacks": 1, "callback_seconds": 0}
NUMBER = "+12025550142"
OUTBOX = Table(
    "benchmark_outbox",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("state", Text, index=True),
    Column("number", Text),
    Column("provider_id", Text),
    Column("tries", Integer),
)


@dataclass(frozen=True)
class Dispatched:
    """Messages a second, by the engine and by the bare loop."""

    database: str
    engine: Series
    bare: Series
    noise: Series


def measure(database: str, *, rounds: int, messages: int) -> Dispatched:
    """So many messages each, in turn. Each round adds patients, so it is a clinic of its own."""
    clinic = clinics.clinic(database, 0, purpose="dispatch")
    with tempfile.TemporaryDirectory() as folder, servers.simulating(clinic.env, Path(folder)) as port:
        provider = f"http://127.0.0.1:{port}"
        httpx.post(f"{provider}/faults.json", json=PROVIDER).raise_for_status()
        ours, theirs, noise = [], [], []
        with _opened({**clinic.env, "CLINIC_SMS_URL": provider}) as app:
            for _ in range(rounds):
                noise.append(1000 * probe())
                ours.append(_engine(app, messages))
                theirs.append(_bare(clinic.url, provider, messages))
    return Dispatched(database, Series(tuple(ours)), Series(tuple(theirs)), Series(tuple(noise)))


@contextmanager
def _opened(env: dict[str, str]) -> Iterator[Flask]:
    with patch.dict(os.environ, env):
        app = create_app(env)
    with app.app_context(), actor.acting(actor.Actor(actor.ActorKind.COMMAND, name="benchmarks")):
        yield app


def _engine(app: Flask, messages: int) -> float:
    due.wait_for_opening(now=clock.now())
    due.make_due(messages, now=clock.now())
    sent = 0

    def work() -> None:
        nonlocal sent
        with app.app_context(), actor.acting(actor.Actor(actor.ActorKind.TASK, name="messaging.pump")):
            sent = sending.send_due(seconds=600)

    taken = seconds(work)
    return sent / taken


def _bare(url: str, provider: str, messages: int) -> float:
    engine = create_engine(url, pool_size=IN_FLIGHT, max_overflow=0).execution_options(writing=True)
    OUTBOX.create(engine, checkfirst=True)
    row = {"state": "due", "number": NUMBER, "tries": 0}
    rows = [{"id": ids.uuid7(), **row} for _ in range(messages)]
    with engine.begin() as connection:
        connection.execute(insert(OUTBOX), rows)
    account, token = clinics.KEYS["CLINIC_SMS_ACCOUNT"], clinics.KEYS["CLINIC_SMS_TOKEN"]
    address = f"{provider}/2010-04-01/Accounts/{account}/Messages.json"

    http = httpx.Client(auth=(account, token), limits=httpx.Limits(max_connections=IN_FLIGHT))

    def work() -> None:
        while message_id := _claim(engine):
            text = {"To": NUMBER, "From": "+12025550100", "Body": f"How are you? {message_id}"}
            answer = http.post(address, data=text).raise_for_status().json()
            _mark(engine, message_id, answer["sid"])

    taken = seconds(lambda: _together(work))
    http.close()
    engine.dispose()
    return messages / taken


def _claim(engine: Engine) -> UUID | None:
    oldest = select(OUTBOX.c.id).where(OUTBOX.c.state == "due").order_by(OUTBOX.c.id).limit(1)
    with engine.begin() as connection:
        message_id = connection.scalar(oldest.with_for_update(skip_locked=True))
        taken = update(OUTBOX).where(OUTBOX.c.id == message_id)
        connection.execute(taken.values(state="sending", tries=OUTBOX.c.tries + 1))
    return message_id


def _mark(engine: Engine, message_id: UUID, provider_id: str) -> None:
    done = update(OUTBOX).where(OUTBOX.c.id == message_id)
    with engine.begin() as connection:
        connection.execute(done.values(state="sent", provider_id=provider_id))


def _together(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(IN_FLIGHT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
