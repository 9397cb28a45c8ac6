"""The whole house on one database: web, worker, beat, Redis and the simulator, each a real process."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from runner import redis_server

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
START = 90.0  # seconds until /readyz must answer; a loaded machine is slow


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@dataclass
class House:
    """A running clinic. `folder` keeps its state and the lines of its processes."""

    env: Mapping[str, str]
    folder: Path
    clinic: str
    simulator: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Migrate, start everything, return when the clinic answers."""
        self.flask("db", "upgrade")
        for name, command in self._commands().items():
            self._start(name, command)
        until(lambda: self._ready(), START, "the clinic is ready")

    def flask(self, *arguments: str, typed: str = "") -> str:
        """Run a command as an operator does. What it prints."""
        done = subprocess.run(
            [BIN / "flask", *arguments],
            cwd=ROOT,
            env=self.env,
            input=typed.encode(),
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 0, (arguments, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout.decode()

    def kill(self, name: str) -> None:
        """End a process and its children without a warning."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """End everything."""
        for name in reversed(list(self.processes)):
            self.kill(name)

    def restart(self, name: str) -> None:
        """Start a process again that was killed."""
        self._start(name, self._commands()[name])

    def lines(self, name: str) -> str:
        """Everything a process has printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _commands(self) -> dict[str, list[str]]:
        celery = [str(BIN / "celery"), "--quiet", "-A", "worker"]
        redis_port = self.env["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
        state = self.env["CLINIC_STATE_FOLDER"]
        return {
            "redis": [redis_server.program(), "--port", redis_port, "--save", "", "--dir", str(self.folder)],
            "simulator": [
                sys.executable, "-m", "simulator", "--port", self.simulator.rsplit(":", 1)[1],
                "--data", str(self.folder / "simulator"), "--clinic", self.clinic,
                "--clock-offset", f"{state}/clock-offset",
            ],
            "web": [
                str(BIN / "gunicorn"), "wsgi:app", "--bind", self.clinic.removeprefix("http://"),
                "--worker-class", "gthread", "--threads", "8", "--no-control-socket",
            ],
            "worker": [*celery, "worker", "--concurrency", "2"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "beat"), "--pidfile", ""],
        }  # fmt: skip

    def _ready(self) -> bool:
        try:
            ready = httpx.get(f"{self.clinic}/readyz", timeout=3).status_code == 200
            return ready and httpx.get(self.simulator, timeout=3).status_code == 200
        except httpx.HTTPError:
            return False


def build(base: Mapping[str, str], folder: Path) -> House:
    """A house with free ports and a state folder of its own; `base` names the database and the keys."""
    web, sms, redis = free_port(), free_port(), free_port()
    clinic, simulator = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{sms}"
    env = {
        **os.environ,
        **base,
        "CLINIC_STATE_FOLDER": str(folder / "var"),
        "CLINIC_PORT": str(web),
        "CLINIC_PUBLIC_URL": clinic,
        "CLINIC_SMS_URL": simulator,
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
        "FLASK_APP": "wsgi",
    }
    return House(env, folder, clinic, simulator)


def until(true: object, seconds: float, what: str) -> None:
    """Poll until `true()` holds. Fails with `what` at the deadline."""
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)
