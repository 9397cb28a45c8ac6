"""Web servers of the clinic and of the floor, with the same settings, and the provider's simulator."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

SETTINGS = ["--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
MEASURED = ["--log-level", "error", "--keep-alive", "600"]  # a visitor keeps one connection all the time
PATIENCE = 60.0


@contextmanager
def serving(application: str, env: Mapping[str, str]) -> Iterator[int]:
    """gunicorn with the settings of `./run`; gives the port."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"127.0.0.1:{port}",
        *SETTINGS,
        *MEASURED,
    ]
    own = {**env, "CLINIC_PORT": str(port), "CLINIC_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with _process(command, own, port):
        yield port


@contextmanager
def simulating(env: Mapping[str, str], folder: Path) -> Iterator[int]:
    """The simulator of the provider; gives the port."""
    port = _free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--data", str(folder)]
    with _process(command, env, port):
        yield port


@contextmanager
def _process(command: list[str], env: Mapping[str, str], port: int) -> Iterator[None]:
    child = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    try:
        _wait(child, port)
        yield
    finally:
        child.terminate()
        child.wait()


def _wait(child: "subprocess.Popen[bytes]", port: int) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            sleep(0.1)
        else:
            return
    raise SystemExit(f"{child.args!r} did not start.")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
