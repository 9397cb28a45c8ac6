"""Ports of this machine."""

import socket


def listen(port: int) -> None:
    """For a moment. Raises OSError when it is taken or not for us."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do after a restart
        listener.bind(("127.0.0.1", port))


def is_free(port: int) -> bool:
    """Whether we could listen on it."""
    try:
        listen(port)
    except OSError:
        return False
    return True


def choose(remembered: int | None = None) -> int:
    """The port of last time if it is still free, else any free one."""
    if remembered and is_free(remembered):
        return remembered
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
