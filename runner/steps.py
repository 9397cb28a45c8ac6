"""How the runner speaks: one line a step with its seconds, one sentence when something is missing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"


class Stop(Exception):
    """Ends the program; the text is one sentence that says what is wrong and what to do."""


def say(line: str = "") -> None:
    """Print at once; whoever read our output may be gone."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  it lives as long as we do


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say how long it took."""
    start = time.monotonic()
    yield
    say(f"{time.monotonic() - start:6.1f} s  {what}")


def call(command: Sequence[str], why: str, env: Mapping[str, str] | None = None) -> str:
    """What a command printed. Raises Stop with `why` and its last lines when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-15:])
        raise Stop(f"{why}\n{last}")
    return done.stdout


def run(main: Callable[[Sequence[str]], int]) -> None:
    """Run a program of the runner to its exit code."""
    try:
        code = main(sys.argv[1:])
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        code = 2
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
