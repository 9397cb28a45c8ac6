"""Where everything listens: what is set is used, the rest is ours to start on free ports."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from runner import env_file, ports
from runner.steps import ROOT, VAR, Stop

DEFAULT_PORT = "8000"
CHOSEN = VAR / "run.env"
PASSWORD = VAR / "postgres.password"
HEAD = "# Written by ./run at each start: where its own servers listen. Your settings belong in .env.\n"
OWN = {
    "REDIS_URL": "redis://127.0.0.1:{port}/0",
    "CLINIC_SMS_URL": "http://127.0.0.1:{port}",
    "CLINIC_SMTP_URL": "smtp://127.0.0.1:{port}",
    "DATABASE_URL": "postgresql+psycopg://clinic:{password}@127.0.0.1:{port}/clinic",
}


@dataclass(frozen=True)
class Addresses:
    """The environment of all children, and which of the servers that it names we start."""

    env: Mapping[str, str]
    own: frozenset[str]  # names of OWN

    @property
    def clinic(self) -> str:
        """Of the web server, on this machine."""
        return f"http://127.0.0.1:{self.env['CLINIC_PORT']}"

    def port(self, name: str) -> int:
        """Of one of our own servers."""
        port = urlsplit(self.env[name]).port
        assert port is not None
        return port


def find(port: int | None, *, private_postgres: bool) -> Addresses:
    """Read .env and the environment, which wins; choose and remember the rest. Raises Stop."""
    given = env_file.read(ROOT / ".env") | os.environ
    given = {name: value for name, value in given.items() if value}
    last = env_file.read(CHOSEN)
    web = {"CLINIC_PORT": str(port or given.get("CLINIC_PORT") or DEFAULT_PORT)}
    _require_free(web["CLINIC_PORT"])
    wanted = {"REDIS_URL"}
    if given.get("CLINIC_ENV") == "development":
        wanted |= {"CLINIC_SMS_URL", "CLINIC_SMTP_URL"}
    if private_postgres:
        wanted |= {"DATABASE_URL"}
    own = frozenset(name for name in wanted if name not in given)
    password = _password() if "DATABASE_URL" in own else ""
    chosen = {
        name: OWN[name].format(port=ports.choose(urlsplit(last.get(name, "")).port), password=password)
        for name in sorted(own)
    }
    env_file.write(CHOSEN, chosen | web, HEAD)
    default = {
        "DATABASE_URL": "sqlite:///var/clinic.db",
        "CLINIC_PUBLIC_URL": f"http://127.0.0.1:{web['CLINIC_PORT']}",
    }
    return Addresses(default | chosen | given | web | {"PYTHONUNBUFFERED": "1"}, own)


def _password() -> str:
    """Of our own PostgreSQL: others on this machine reach its port too."""
    if not PASSWORD.exists():
        env_file.write_text(PASSWORD, secrets.token_urlsafe(24))
    return PASSWORD.read_text()


def _require_free(port: str) -> None:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Stop(f"The port must be a number from 1 to 65535, not {port}.")
    try:
        ports.listen(int(port))
    except PermissionError:
        raise Stop(f"Port {port} is for root only; try ./run --port {DEFAULT_PORT}") from None
    except OSError:
        raise Stop(f"Port {port} is taken by another program; try ./run --port {int(port) + 1}") from None
