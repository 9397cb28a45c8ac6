"""How the runner speaks: one line a step with its seconds, one sentence when something is missing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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
    """What a command printed. Raises Stop when it fails: its one line of errors, or the last under `why`."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).splitlines()[-15:]
        raise Stop("\n".join(lines if len(lines) == 1 else [why, *lines]))
    return done.stdout
