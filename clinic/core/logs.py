"""JSON lines to stdout with the request's reference; no names, addresses or query strings stand in them."""

import logging
import secrets
import sys
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from clinic.core import actor

log = structlog.get_logger("clinic")


def _with_actor(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    who = actor.get()
    event.update(request_id=actor.request_id(), actor=who.kind.value)
    if who.id is not None:
        event["actor_id"] = str(who.id)
    return event


def configure() -> None:
    """One way out for our lines and those of libraries."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_actor,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _only_the_kind_of_error,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(_without_words_of_errors)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("httpx", "httpcore"):  # they log whole addresses, and ours may hold a phone number (T15)
        logging.getLogger(name).disabled = True
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def _without_words_of_errors(record: logging.LogRecord) -> bool:
    """Libraries put an exception into their line, Celery its text by the name `exc`: keep the kind only."""
    if isinstance(record.args, Mapping):
        record.args = {**record.args, "exc": "an error"} if "exc" in record.args else record.args
    elif record.args:
        record.args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in record.args)
    return True


def _only_the_kind_of_error(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where and what kind: an exception's text may hold a patient's words, its place in the code does not."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        places, trace = [], info[2]
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_qualname}")
            trace = trace.tb_next
        event["error"], event["at"] = info[0].__name__, places[-12:]
    return event


def init_app(app: Flask) -> None:
    """Give each request a reference and write one line when it ends."""

    @app.before_request
    def begin() -> None:
        actor.set_request_id(secrets.token_hex(6))
        actor.set_for_request(actor.PUBLIC)
        g.began = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint not in ("static", "web.healthz", "web.readyz"):
            took = round((time.monotonic() - g.began) * 1000) if "began" in g else None
            route = request.url_rule.rule if request.url_rule else None
            log.info("request", method=request.method, route=route, status=response.status_code, ms=took)
        return response
