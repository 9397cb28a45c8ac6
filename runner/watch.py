"""Asks /readyz: has the clinic come up, and is its work still being done?"""

import json
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from runner.processes import House
from runner.steps import Stop, say

START = 120.0  # seconds until it must answer
LOOK_EVERY = 20.0
STALE = 180.0  # reliability 9
_open = build_opener(ProxyHandler({})).open  # never by a proxy: it is our own machine


def readiness(address: str) -> dict[str, Any] | None:
    """What /readyz answers; None while it is not ready."""
    try:
        with _open(f"{address}/readyz", timeout=3) as answer:
            state: dict[str, Any] = json.load(answer)
            return state
    except (HTTPError, URLError, OSError, ValueError):
        return None


def wait_until_ready(house: House, address: str) -> None:
    """Return when /readyz answers 200. Raises Stop after a minute."""
    deadline = time.monotonic() + START
    while readiness(address) is None:
        if time.monotonic() > deadline:
            raise Stop(f"{address}/readyz did not answer 200 within {START:.0f} s; see the lines above.")
        house.turn(0.2)


class Watch:
    """Starts worker and beat again when no periodic job has ended for 3 minutes: a process that exists may
    still do nothing. The time between changes counts, on our clock: the clinic's may have been moved."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._last_beat: object = None
        self._changed_at = self._looked_at = time.monotonic()

    def look(self, house: House) -> None:
        """Now and then ask; cheap in between."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        state = readiness(self._address)
        beat = state and state.get("last_beat")
        if state is None or beat != self._last_beat:  # a web server that does not answer tells nothing
            self._last_beat, self._changed_at = beat, now
        elif now - self._changed_at > STALE:
            say("No periodic job has ended for 3 minutes; worker and beat are started again.")
            house.restart("worker")
            house.restart("beat")
            self._changed_at = now
