"""Senders that are killed: a parent with the app ready keeps children at work and kills one all the time."""

import gc
import os
import random
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NoReturn

from clinic.app import create_app
from clinic.core import actor
from clinic.core.db import db
from clinic.messaging.registry import sources
from clinic.messaging.services import repair, sending
from tests.messaging.conftest import KIND, Subjects

EVERY = (0.06, 0.1)  # seconds between two kills (reliability 4)
# On a machine that is busy with other things nobody is killed before the senders had time to work at all:
# seconds of processor time, on average. With a core of their own they have had more when 100 ms are over.
LEAST_AGE = 0.05


@contextmanager
def senders(env: Mapping[str, str], count: int) -> Iterator[None]:
    """`count` sending processes; every 60 to 100 ms one is killed and replaced, until the block ends."""
    real = get_context("spawn")
    stop = real.Event()
    nurse = real.Process(target=_nurse, args=(dict(env), count, stop))
    nurse.start()
    try:
        yield
    finally:
        stop.set()
        nurse.join()


def _nurse(env: Mapping[str, str], count: int, stop: Event) -> None:
    app = create_app(env)
    sources[KIND] = Subjects()
    with app.app_context(), actor.acting(actor.Actor(actor.ActorKind.TASK, name="sender")):
        sending.send_due(seconds=0.2)  # what is compiled once is compiled before the children are born
        repair.rescue()
        repair.look_up()
        db.session.remove()
        db.engine.dispose()  # a child opens its own connections
        gc.freeze()  # what the children share is never touched
        children = deque(_born() for _ in range(count))
        while not stop.wait(random.uniform(*EVERY)):
            if sum(map(_age, children)) >= count * LEAST_AGE:
                _kill(children.popleft())
                children.append(_born())
        for child in children:
            _kill(child)


def _born() -> int:
    child = os.fork()
    if child == 0:
        _work()
    return child


def _age(child: int) -> float:
    """Seconds of processor time that a child has had."""
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _work() -> NoReturn:
    while True:
        try:
            done = sending.send_due(seconds=1) + repair.rescue() + repair.look_up()
        except Exception:
            os._exit(1)
        time.sleep(0 if done else 0.1)
