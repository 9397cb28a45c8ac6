"""Real processes that do one thing at one moment."""

from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

from clinic.app import create_app
from clinic.core import actor


def race(env: Mapping[str, str], acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do each act in a spawned process of its own, all at one moment; how each ended, sorted.

    An act is picklable (a `functools.partial` of a service). It ends as "done" or as its error's name.
    """
    real = get_context("spawn")
    start, ends = real.Barrier(len(acts)), real.Queue()
    runners = [real.Process(target=_run, args=(dict(env), act, start, ends)) for act in acts]
    for runner in runners:
        runner.start()
    ended = sorted(ends.get(timeout=120) for _ in runners)
    for runner in runners:
        runner.join()
    return ended


def _run(env: Mapping[str, str], act: Callable[[], object], start: Barrier, ends: Any) -> None:
    with create_app(env).app_context(), actor.acting(actor.Actor(actor.ActorKind.COMMAND, name="race")):
        start.wait()
        try:
            act()
        except Exception as error:
            ends.put(type(error).__name__)
        else:
            ends.put("done")
