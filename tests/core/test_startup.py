"""Web, worker and commands start on a database that is there and theirs, or end with one sentence (R16)."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from clinic.app import create_app
from clinic.core import startup
from runner.steps import ROOT
from tests.conftest import ENV
from tests.simulator.waiting import free_port

BIN = Path(sys.executable).parent
NEWER = (
    "is newer than this program: start the release that it was last used with, or restore a copy from before."
)
CELERY = ["celery", "-A", "worker"]
STARTS: dict[str, tuple[dict[str, str], list[str], str]] = {  # what is wrong, the program, what it says
    "web": ({}, ["gunicorn", "wsgi:app"], rf"The database at \S+ {NEWER}"),
    "worker": ({}, [*CELERY, "worker"], rf"The database at \S+ {NEWER}"),
    "beat": (
        {"CLINIC_STATE_FOLDER": "/proc/none"},
        [*CELERY, "beat", "--pidfile="],
        "/proc/none is not there or user",
    ),
    "http": (
        {"CLINIC_ENV": "production", "CLINIC_PASSWORD_COST": "full"},
        ["gunicorn", "wsgi:app"],
        "CLINIC_PUBLIC_URL must",
    ),
    "key": ({"CLINIC_LINK_KEYS": ""}, [*CELERY, "worker"], "CLINIC_LINK_KEYS is missing or shorter than 32"),
}


@pytest.fixture
def env_of_tomorrow(tmp_path: Path) -> Mapping[str, str]:
    """An environment whose database was last used by a release that does not exist yet."""
    engine = create_engine(f"sqlite:///{tmp_path}/tomorrow.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of_tomorrow')"))
    engine.dispose()
    return {**ENV, "DATABASE_URL": str(engine.url), "CLINIC_STATE_FOLDER": str(tmp_path)}


def test_programs_that_cannot_start_end_with_one_sentence(env_of_tomorrow: Mapping[str, str]) -> None:
    env = {"PATH": os.environ["PATH"], **env_of_tomorrow, "CLINIC_PORT": str(free_port())}
    begun = {
        name: subprocess.Popen(
            [str(BIN / program), *words], cwd=ROOT, env={**env, **wrong}, stderr=subprocess.PIPE, text=True
        )
        for name, (wrong, (program, *words), _) in STARTS.items()
    }
    for name, process in begun.items():
        _, said = process.communicate(timeout=90)
        assert process.returncode == 1
        assert re.match(STARTS[name][2], said.splitlines()[-1]), name
        assert "Traceback" not in said


@pytest.mark.parametrize("words", [("users", "list"), ("db", "upgrade")])
def test_a_database_of_tomorrow_stops_commands(
    env_of_tomorrow: Mapping[str, str], words: tuple[str, ...]
) -> None:
    done = create_app(env_of_tomorrow).test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert done.output == f"The database at {env_of_tomorrow['DATABASE_URL']} {NEWER}\n"


def test_current_and_empty_databases_are_known(database_url: str, empty: Callable[[], str]) -> None:
    startup.require_current(database_url)
    new = empty()
    assert startup.look(new) is startup.Schema.NEW
    with pytest.raises(startup.CannotStart, match="has no tables yet: flask db upgrade makes them"):
        startup.require_current(new)
    assert not Path(make_url(new).database or "").exists(), "looking makes no file"


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "words.db").write_text("No database, but a long text. " * 200)
    port = free_port()
    cannot = {
        f"sqlite:///{tmp_path}/words.db": r"words.db cannot be opened \(file is not a database\); start",
        f"sqlite:///{tmp_path}/none/clinic.db": r"/none is not there or user \d+ may not write to it;",
        f"postgresql+psycopg://clinic:secret@127.0.0.1:{port}/clinic": (
            rf"clinic:\*\*\*@127.0.0.1:{port}/clinic cannot be opened \(Connection refused\); start it or"
        ),
        f"postgresql+psycopg://clinic@localhost:{port}/clinic": r"cannot be opened \(Connection refused\); ",
        "postgresql+psycopg://clinic@nowhere.invalid/clinic": r"cannot be opened \(failed to resolve host",
    }
    for address, sentence in cannot.items():
        with pytest.raises(startup.CannotStart, match=sentence) as stopped:
            startup.look(address)
        assert str(stopped.value).count("\n") == 0


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(
        startup.CannotStart, match=f"^The disk of {tmp_path} is full; make room and start again.$"
    ):
        startup.look(f"sqlite:///{tmp_path}/clinic.db")


@pytest.fixture
def narrow_role(worker_name: str) -> Iterator[str]:
    """An empty PostgreSQL database whose user may make tables but no extension."""
    server = make_url(os.environ["CLINIC_TEST_POSTGRES_URL"])
    name = f"clinic_{worker_name}_narrow"
    begin = [f"CREATE ROLE {name} LOGIN PASSWORD 'narrow'", f"CREATE DATABASE {name}"]
    end = [f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"DROP ROLE IF EXISTS {name}"]
    plain = server.set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        for statement in (*end, *begin):
            connection.execute(statement.encode())
        inside = plain.set(database=name).render_as_string(hide_password=False)
        with psycopg.connect(inside, autocommit=True) as own:
            own.execute(f"GRANT CREATE ON SCHEMA public TO {name}".encode())
        yield server.set(username=name, password="narrow", database=name).render_as_string(
            hide_password=False
        )
        for statement in end:
            connection.execute(statement.encode())


def test_btree_gist_not_allowed_leaves_no_table(narrow_role: str) -> None:
    app = create_app({**ENV, "DATABASE_URL": narrow_role})
    with app.app_context(), pytest.raises(startup.CannotStart) as stopped:
        flask_migrate.upgrade("migrations")
    assert str(stopped.value) == (
        'PostgreSQL says: permission denied to create extension "btree_gist"; '
        "let a superuser run CREATE EXTENSION btree_gist in this database, then try again."
    )
    engine = create_engine(narrow_role)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
