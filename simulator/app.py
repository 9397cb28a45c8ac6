"""The web application of the simulator."""

from flask import Flask, Response, request

from simulator import control, mailbox, phones, provider
from simulator.connection import cut
from simulator.world import World, world


def create_app(here: World) -> Flask:
    """The provider, everybody's phone, the mailbox and the faults, around one world."""
    app = Flask(__name__)
    app.extensions["world"] = here
    for bp in (provider.bp, phones.bp, mailbox.bp, control.bp):
        app.register_blueprint(bp)
    app.before_request(_away)
    app.after_request(_headers)
    return app


def _away() -> Response | None:
    """While connections are refused, those that were open before are cut."""
    return cut() if world().refuse.is_set() else None


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
