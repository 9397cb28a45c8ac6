"""The figures as a page of the documentation."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from benchmarks.clinics import FOLDER
from benchmarks.dispatch import DELAY, IN_FLIGHT, Dispatched
from benchmarks.memory import FEW, MANY, Memory
from benchmarks.pages import BARE, FLOOR, PAGES, SMALL, Measured

HEAD = """# Performance

Written by `python -m benchmarks`; never by hand. Every figure is the median of {rounds} rounds, with the
lowest and the highest of them. Requests of all kinds take turns within a round, so that they share the
machine's noise; the noise probe, a fixed piece of arithmetic, says how much of it there was.

Measured on {day} with {cores} cores, {machine}, Python {python}; client, web servers, database and simulator
shared them. Product and floor ran on gunicorn with the settings of `./run`, and on one database with the same
settings; SQLite's files lay under `{folder}`.

The **floor page** is what any page of such a clinic costs at least: bare Flask and SQLAlchemy Core, the
signed-in user loaded, one indexed query, 50 rows from a compiled template, one audit row committed. The
**bare page** is the same without user and audit. A product page does all of that, authorises within its
queries and draws the whole frame.
"""
WRONG_FLOOR = (
    "**The floor page has less than half of the bare page's throughput here: a wrong floor, no result.**\n"
)


def written(
    pages: Sequence[Measured], dispatch: Sequence[Dispatched], memory: Sequence[Memory], rounds: int
) -> str:
    """The whole page."""
    head = HEAD.format(
        rounds=rounds, day=datetime.now(UTC).date(), cores=os.cpu_count(), machine=platform.machine(),
        python=platform.python_version(), folder=FOLDER,
    )  # fmt: skip
    parts = [head, *map(_pages, pages)]
    if dispatch:
        parts.append("\n".join(_dispatch(dispatch)))
    if memory:
        parts.append("\n".join(_memory(memory)))
    return "\n".join(parts)


def right_floor(found: Measured) -> bool:
    """Whether the floor page has at least half of the bare page's throughput, on both sizes."""
    return all(
        found.times[BARE, size].over(found.times[FLOOR, size]).median >= 0.5
        for size in (SMALL, found.patients)
    )


def _pages(found: Measured) -> str:
    return "\n".join(_page_lines(found))


def _page_lines(found: Measured) -> Iterator[str]:
    many = f"{found.patients:,}"
    yield f"## Pages on {found.database}\n"
    yield f"Noise probe: {found.noise.words('{:.1f}')} ms. Commits are kept by: {found.durability}.\n"
    if not right_floor(found):
        yield WRONG_FLOOR
    yield f"| page | 60 patients, ms | to the floor | {many} patients, ms | to the floor | to itself at 60 |"
    yield "|---|---|---|---|---|---|"
    for name in (BARE, FLOOR, *(page.name for page in PAGES)):
        few, lots = found.times[name, SMALL], found.times[name, found.patients]
        few_floor, lots_floor = found.times[FLOOR, SMALL], found.times[FLOOR, found.patients]
        yield (
            f"| {name} | {few.median:.1f} | {few.over(few_floor).words()} | {lots.median:.1f} "
            f"| {lots.over(lots_floor).words()} | {lots.over(few).words()} |"
        )
    yield ""


def _dispatch(found: Sequence[Dispatched]) -> Iterator[str]:
    yield "## Dispatch of due check-ins\n"
    yield (
        f"{IN_FLIGHT} in flight to a simulator that waits {1000 * DELAY:.0f} ms before it answers.\n"
        "The engine claims, reads all again under locks, commits the intent, sends and settles;\n"
        "the bare loop claims, sends and marks.\n"
    )
    yield "| database | engine, messages/s | bare loop, messages/s | ratio | noise probe, ms |"
    yield "|---|---|---|---|---|"
    for one in found:
        yield (
            f"| {one.database} | {one.engine.words('{:.0f}')} | {one.bare.words('{:.0f}')} "
            f"| {one.engine.over(one.bare).words()} | {one.noise.words('{:.1f}')} |"
        )
    yield ""


def _memory(found: Sequence[Memory]) -> Iterator[str]:
    yield "## Memory of a worker that runs every periodic job\n"
    yield f"| database | {FEW} scheduled, MB | {MANY:,} scheduled, MB | ratio |"
    yield "|---|---|---|---|"
    for one in found:
        yield (
            f"| {one.database} | {one.few.words('{:.0f}')} | {one.many.words('{:.0f}')} "
            f"| {one.many.over(one.few).words()} |"
        )
    yield ""
