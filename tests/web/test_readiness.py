"""Ready means database and schema; the rest is told and stops nothing."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy import text

from clinic.app import create_app
from clinic.core import periodic
from clinic.core.db import db
from tests.conftest import MovedClock


def test_a_process_that_answers_is_healthy(app: Flask) -> None:
    assert app.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_without_broker_and_beat_it_is_ready_but_degraded(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["status"] == "ok"
    assert "the broker cannot be reached" in told["degraded"]
    assert any("has never run" in line for line in told["degraded"])


def test_a_job_that_stopped_is_told(app: Flask, clock: MovedClock) -> None:
    name = next(iter(periodic.jobs))
    periodic.run(name, clock.now)
    assert not any(line.startswith(f"{name} ") for line in _degraded(app))
    clock.advance(hours=30)
    assert any(line.startswith(f"{name} last ran 1") for line in _degraded(app))


def test_another_schema_is_not_ready(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of_another_day')"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["degraded"][0] == (
        "the database is newer than this program: start the release that it was last used with, "
        "or restore a copy from before"
    )


def test_without_database_it_is_not_ready(env: Mapping[str, str]) -> None:
    lost = create_app({**env, "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"})
    answer = lost.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["status"] == "unavailable"
    assert answer.get_json()["degraded"] == ["the database cannot be reached"]


def _degraded(app: Flask) -> list[str]:
    found: list[str] = app.test_client().get("/readyz").get_json()["degraded"]
    return found
