"""Child processes: started in sessions of their own, their lines prefixed, ended in reverse order."""

import ctypes
import os
import pwd
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from runner.steps import ROOT, Stop, say

PR_SET_PDEATHSIG = 1
LONG_LIFE = 60.0  # seconds; who dies sooner is started again after a pause that doubles
LONGEST_PAUSE = 30.0
LAST_LINES = 20
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _end_with_parent() -> None:
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(eq=False)
class Child:
    """One long-running program. If an essential one dies all ends; another is started again."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    essential: bool = False
    patience: float = 10.0  # seconds between the first signal and SIGKILL
    first_signal: signal.Signals = signal.SIGTERM
    user: str | None = None  # to run as, where we are root
    process: subprocess.Popen[bytes] | None = None
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    rest: bytes = b""
    started_at: float = 0.0  # monotonic, as start_at
    start_at: float = 0.0
    pause: float = 0.0

    def start(self) -> IO[bytes]:
        """Start it, out of reach of the terminal's Ctrl-C. Its output."""
        identity = pwd.getpwnam(self.user) if self.user else None
        self.process = subprocess.Popen(
            self.command,
            cwd="/" if identity else ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            user=identity and identity.pw_uid,
            group=identity and identity.pw_gid,
            extra_groups=[] if identity else None,
        )
        self.started_at = time.monotonic()
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout

    def read(self, output: IO[bytes]) -> bool:
        """Print the lines that are there; False at their end."""
        got = output.read(65_536)
        if got is None:
            return True
        *lines, self.rest = (self.rest + got).split(b"\n")
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            self.lines.append(text)
            say(f"{self.name:>9} | {text}")
        return got != b""

    def bury(self, process: subprocess.Popen[bytes]) -> None:
        """Nobody of its session stays."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.process = None


class House:
    """All children of one run."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._hurry = False

    def start(self, child: Child) -> None:
        """Start it and look after it from now on."""
        self._children.append(child)
        self._start(child)

    def restart(self, name: str) -> None:
        """End a child of this name; it is started again at once."""
        for child in self._children:
            if child.name == name and child.process is not None:
                self._end(child)
                child.start_at = 0.0

    def turn(self, seconds: float) -> None:
        """Read, notice deaths, start again what waits. Raises Stop if an essential child is dead."""
        self._read(seconds)
        for child in self._children:
            if child.process is None:
                if child.start_at <= time.monotonic():
                    self._start(child)
            elif child.process.poll() is not None:
                self._died(child, child.process)

    def end(self) -> None:
        """End everything, the last started first. A second signal meanwhile kills at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._lose_patience)
        for child in reversed(self._children):
            self._end(child)

    def _lose_patience(self, *_: object) -> None:
        self._hurry = True

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(), selectors.EVENT_READ, child)

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            output: IO[bytes] = key.fileobj  # type: ignore[assignment]
            if not key.data.read(output):
                self._selector.unregister(output)
                output.close()

    def _end(self, child: Child) -> None:
        if child.process is None:
            return
        child.process.send_signal(child.first_signal)
        deadline = time.monotonic() + child.patience
        while child.process.poll() is None and time.monotonic() < deadline and not self._hurry:
            self._read(0.05)
        if child.process.poll() is None:
            say(f"{child.name} did not end in time and is killed.")
        child.bury(child.process)
        self._read(0)

    def _died(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        child.bury(process)
        self._read(0)
        how = f"{child.name} ended by itself with code {process.returncode}"
        if child.essential:
            raise Stop("\n".join([f"{how}; its last lines:", *child.lines]))
        long_life = time.monotonic() - child.started_at >= LONG_LIFE
        child.pause = 0.0 if long_life else min(max(1.0, child.pause * 2), LONGEST_PAUSE)
        child.start_at = time.monotonic() + child.pause
        say(f"{how} and is started again{f' in {child.pause:.0f} s' if child.pause else ''}.")
