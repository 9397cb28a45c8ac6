"""The provider of these tests: the simulator over real HTTP, judged by what it took."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from simulator.app import create_app
from simulator.faults import Faults
from simulator.store import Message, Store
from simulator.webhooks import signature
from simulator.world import World

ACCOUNT, TOKEN, SENDER = "AC00000000000000000000000000000001", "token-of-the-tests", "+12025550100"


class Quiet(WSGIRequestHandler):
    """Writes no access log: a phone number stands in the look-up's address."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


class Provider:
    """What a test may order of the provider, and what it took. It never calls back by itself."""

    def __init__(self, world: World, port: int) -> None:
        self.world, self.url = world, f"http://127.0.0.1:{port}"

    def fail(self, **faults: float) -> None:
        """From now on things go wrong in these ways; without any, nothing does."""
        self.world.faults = replace(Faults(), **faults)  # type: ignore[arg-type]

    def taken(self, number: str | None = None) -> list[Message]:
        """Every text it accepted, oldest first."""
        found = self.world.store.search([("direction = ?", "outbound-api")], 100_000)
        return [text for text in reversed(found) if number in (None, text.recipient)]


def sign(url: str, form: dict[str, str]) -> dict[str, str]:
    """The header of a call that the provider signed."""
    return {"X-Twilio-Signature": signature(TOKEN, url, form)}


@contextmanager
def running(folder: Path) -> Iterator[Provider]:
    """The provider on a free port until the block ends."""
    world = World(
        store=Store(folder / "provider.db"),
        account=ACCOUNT,
        token=TOKEN,
        clinic="http://127.0.0.1:9",
        sender=SENDER,
        clock_offset=folder / "clock-offset",
    )
    server = make_server("127.0.0.1", 0, create_app(world), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Provider(world, server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
