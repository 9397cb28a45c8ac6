"""What waits for another process polls to a deadline."""

import socket
import threading
import time
from collections.abc import Callable


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Return when `holds()` is true; fail after `seconds`."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not become true in time"
        pause.wait(0.05)
