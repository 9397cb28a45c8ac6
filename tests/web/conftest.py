"""The shell with its component page, on an empty database: what it shows does not hang on which one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.serving import make_server

from clinic.app import create_app
from clinic.core.db import db, metadata
from clinic.core.errors import Missing, Refused
from clinic.web.policy import patient_link, public
from tests.conftest import ENV
from tests.web import components


def _raise(code: str) -> str:
    if code == "refused":
        raise Refused("The bed was given to another person at 11:02.")
    if code == "missing":
        raise Missing
    if code == "unforeseen":
        raise RuntimeError("Owen Whitfield, +12025550143")
    if code == "database":
        raise OperationalError("SELECT 'Owen Whitfield'", {}, Exception("connection refused"))
    abort(int(code))


def _raise_on_a_phone(code: str) -> str:
    return _raise(code)


@pytest.fixture
def make_shell(tmp_path: Path) -> Callable[..., Flask]:
    """Makes the clinic with the component page and a route that fails as told."""

    def make(**env: str) -> Flask:
        state = {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db", "CLINIC_STATE_FOLDER": str(tmp_path)}
        app = create_app({**ENV, **state, **env})
        app.testing = True
        with app.app_context():
            metadata.create_all(db.engine)
        app.register_blueprint(components.bp)
        app.add_url_rule("/fail/<code>", "fail", public(_raise))
        app.add_url_rule("/fail-on-a-phone/<code>", "fail_on_a_phone", patient_link(_raise_on_a_phone))
        return app

    return make


@pytest.fixture
def shell(make_shell: Callable[..., Flask]) -> FlaskClient:
    """A browser in front of it."""
    return make_shell().test_client()


@pytest.fixture
def address(make_shell: Callable[..., Flask]) -> Iterator[str]:
    """Its address, served for a real browser."""
    server = make_server("127.0.0.1", 0, make_shell(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
