"""Error pages in the shell's look: what happened, what to do, a reference. Never a stack or a name."""

import logging

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from clinic.core import actor
from clinic.core.errors import Missing, Refused
from clinic.web import policy, registry
from clinic.web.registry import Clinic

log = logging.getLogger(__name__)

# Status: title, what happened and what was kept, what to do.
WORDS = {
    400: (
        "This could not be read",
        "What your browser sent was not complete. Nothing was changed.",
        "Go back, look the page over and send it again.",
    ),
    403: (
        "This page is not open to your role",
        "Nothing was opened or changed.",
        "If you need it for your work, ask your administrator.",
    ),
    404: (
        "There is nothing at this address",
        "The page was moved, never existed, or is not yours to open.",
        "Check the address, or start from the first page.",
    ),
    405: (
        "This page cannot be used that way",
        "Nothing was changed.",
        "Start from the first page.",
    ),
    409: (
        "This could not be done",
        "Something changed while you were working. Nothing was changed by you.",
        "Go back, refresh the page and look at how things are now.",
    ),
    413: (
        "This was too long to take in",
        "More was sent than this page accepts. Nothing was changed.",
        "Go back, shorten what you entered and send it again.",
    ),
    422: (
        "This could not be saved yet",
        "Something in what you entered does not fit. Nothing was changed.",
        "Go back, correct it and send it again.",
    ),
    429: (
        "Too many tries in a short time",
        "This page rests for a while, to keep guessing slow. Nothing was changed.",
        "Wait a few minutes and try again.",
    ),
    500: (
        "This page could not be opened",
        "The fault is ours. What you saved before is safe.",
        "Try again in a minute. If it stays, call whoever looks after this system and give the reference.",
    ),
    503: (
        "We cannot answer right now",
        "The system cannot reach its records for the moment. What you saved before is safe.",
        "Try again in a minute. If it stays, call whoever looks after this system and give the reference.",
    ),
}


def page(status: int, happened: str | None = None) -> ResponseReturnValue:
    """The page for a status; `happened` replaces what it says, in words for people."""
    title, words, advice = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    told = {"status": status, "heading": title, "happened": happened or words, "advice": advice}
    told["reference"] = actor.request_id()
    if status < 500:
        return render_template(_template(), **told), status
    # Something is broken, perhaps the database: no context processor may run, nothing is looked up.
    bare = {
        "navigation": lambda _=None: [],
        "viewer": lambda: None,
        "search_address": lambda: None,
        "clinic": Clinic(),
    }
    template = current_app.jinja_env.get_template(_template())
    return template.render(request=request, **bare, **told), status


def _template() -> str:
    """In the frame of the page that failed: a patient's phone shows no clinic and no places."""
    of_patient = request.endpoint is not None and policy.of(request.endpoint) == policy.PATIENT_LINK
    return "error_phone.html" if of_patient else "error.html"


def _http(error: HTTPException) -> ResponseReturnValue | Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    if error.code in (403, 404):
        _tell()
    answer = current_app.make_response(page(error.code or 500))
    for name, value in error.get_headers():
        if name in ("Retry-After", "Allow"):
            answer.headers[name] = value
    return answer


def _refused(error: Refused) -> ResponseReturnValue:
    return page(error.status, error.message)


def _missing(_: Missing) -> ResponseReturnValue:
    _tell()
    return page(404)


def _tell() -> None:
    """A refusal is kept, in a transaction of its own: what was refused is undone (R13)."""
    if request.endpoint is not None:
        for told in registry.refusals:
            told()


def _unreachable(error: OperationalError) -> ResponseReturnValue:
    log.error("database unreachable", exc_info=error)
    return page(503)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=error)
    return page(500)


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(OperationalError, _unreachable)
    app.register_error_handler(Exception, _unforeseen)
