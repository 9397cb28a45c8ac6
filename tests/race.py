"""Real processes that do one thing at one moment.

The processes are started once and stay: each opens the clinic anew for every race. They are born by a server
that has imported the program and done nothing else: to import it in each of them costs 2 s of a processor.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Any

from clinic.app import create_app
from clinic.core import actor
from clinic.core.db import db

Act = Callable[[], object]
PATIENCE = 180.0  # seconds until a runner that does not come is a failure


@dataclass
class _Runner:
    """One process and the queue by which it gets its acts."""

    process: Any
    acts: Any


class _Track:
    """Runners that wait for one start and tell how they ended."""

    def __init__(self) -> None:
        self._real = get_context("forkserver")
        self._real.set_forkserver_preload(["tests.race"])
        self._ready: Queue[str] = self._real.Queue()
        self._ends: Queue[str] = self._real.Queue()
        self._start = self._real.Event()
        self._over = self._real.Event()
        self._runners: list[_Runner] = []

    def run(self, env: Mapping[str, str], acts: Sequence[Act]) -> list[str]:
        """All acts at one moment, each in a process of its own."""
        while len(self._runners) < len(acts):
            self._add()
        self._start.clear()
        self._over.clear()
        for runner, act in zip(self._runners, acts, strict=False):
            runner.acts.put((dict(env), act))
        for _ in acts:
            self._ready.get(timeout=PATIENCE)
        self._start.set()
        ended = sorted(self._ends.get(timeout=PATIENCE) for _ in acts)
        self._over.set()
        for _ in acts:
            self._ready.get(timeout=PATIENCE)
        return ended

    def _add(self) -> None:
        acts = self._real.Queue()
        arguments = (acts, self._ready, self._ends, self._start, self._over)
        process = self._real.Process(target=_wait_for_acts, args=arguments, daemon=True)
        process.start()
        self._runners.append(_Runner(process, acts))


_track = _Track()


def race(env: Mapping[str, str], acts: Sequence[Act]) -> list[str]:
    """Do each act in a process of its own, all at one moment; how each ended, sorted.

    An act is picklable (a `functools.partial` of a service). It ends as "done" or as its error's name.
    """
    return _track.run(env, acts)


def _wait_for_acts(
    acts: "Queue[Any]", ready: "Queue[str]", ends: "Queue[str]", start: Event, over: Event
) -> None:
    while True:
        env, act = acts.get()
        with create_app(env).app_context(), actor.acting(actor.Actor(actor.ActorKind.COMMAND, name="race")):
            ready.put("ready")
            start.wait()
            try:
                act()
            except Exception as error:
                ends.put(type(error).__name__)
            else:
                ends.put("done")
            over.wait()
            db.session.remove()
            db.engine.dispose()  # nobody holds the database open while the next test makes a fresh one
        ready.put("gone")
