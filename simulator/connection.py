"""Ends a connection without an answer."""

import socket

from flask import Response, request


def cut() -> Response:
    """Close the caller's connection; whatever is returned reaches nobody."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response()
