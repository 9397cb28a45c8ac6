"""A running simulator and a clinic that only listens."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from tests.simulator.waiting import free_port, until

ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "12345"


@dataclass
class Clinic:
    """Keeps every webhook; answers with `status`."""

    url: str = ""
    status: int = 200
    calls: list[tuple[str, dict[str, str], str]] = field(default_factory=list)  # path, parameters, signature

    def told(self, sid: str) -> list[str]:
        """The states of a text in the order in which they were told."""
        return [params["SmsStatus"] for _, params, _ in self.calls if params["MessageSid"] == sid]


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    here = Clinic()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            here.calls.append((self.path, dict(parse_qsl(body)), self.headers["X-Twilio-Signature"]))
            self.send_response(here.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield here
    server.shutdown()
    server.server_close()


@dataclass
class Simulator:
    """One simulator process; it can be killed and started again."""

    folder: Path
    clinic: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "simulator", "--port", str(self.port), "--data", str(self.folder)]
        command += ["--clinic", self.clinic, "--account", ACCOUNT, "--token", TOKEN]
        self.process = subprocess.Popen(command)
        until(self._ready)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def _ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", auth=(ACCOUNT, TOKEN))

    def send(self, to: str = "+12025550123", body: str = "Hi Sam", **more: str) -> httpx.Response:
        form = {
            "To": to,
            "From": "+12025550100",
            "Body": body,
            "StatusCallback": f"{self.clinic}/s/1",
            **more,
        }
        return self.http.post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data=form)

    def listed(self, **query: str) -> list[dict[str, str]]:
        """All texts that a look-up finds, page by page."""
        found: list[dict[str, str]] = []
        path: str | None = str(httpx.URL(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", params=query))
        while path:
            page = self.http.get(path).json()
            found, path = found + page["messages"], page["next_page_uri"]
        return found

    def accepted(self) -> list[dict[str, Any]]:
        journal: dict[str, list[dict[str, Any]]] = self.http.get("/journal.json").json()
        return journal["accepted"]

    def faults(self, **faults: object) -> None:
        assert self.http.post("/faults.json", json=faults).status_code == 200


@pytest.fixture
def simulator(tmp_path: Path, clinic: Clinic) -> Iterator[Simulator]:
    here = Simulator(tmp_path / "simulator", clinic.url, free_port())
    here.start()
    yield here
    here.kill()
