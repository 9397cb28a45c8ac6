"""Databases of the tests: made, filled once for all processes, copied or emptied for each test."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, make_url

from clinic.core.db import metadata
from clinic.core.startup import MIGRATIONS

HEAD = ScriptDirectory(str(MIGRATIONS)).get_current_head()
OTHERS_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def created(address: str) -> str:
    """The same empty database with all tables, as migrations leave it."""
    engine = create_engine(address)
    metadata.create_all(engine)
    with engine.begin() as connection:  # what starts asks for the release
        MigrationContext.configure(connection).stamp(ScriptDirectory(str(MIGRATIONS)), "head")
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return address


def once(made: Path, make: Callable[[], None]) -> None:
    """The first process of a test run makes it, the others wait; `made` is the file that says so."""
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make()
            made.touch()


def copied_file(original: str, name: str) -> str:
    """A copy of a SQLite database; one of the same name before it is gone."""
    source = Path(make_url(original).database or "")
    copy = source.with_name(f"{name}.db")
    for leftover in copy.parent.glob(f"{copy.name}*"):
        leftover.unlink()
    copy.write_bytes(source.read_bytes())
    return f"sqlite:///{copy}"


def made(name: str, how: str = "") -> str:
    """A database of this name on the tests' PostgreSQL; one of the same name before it is gone."""
    server = make_url(os.environ["CLINIC_TEST_POSTGRES_URL"])
    with _directly(server) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name} {how}".encode())
    address = server.set(drivername="postgresql+psycopg", database=name)
    return address.render_as_string(hide_password=False)


def emptied(address: str) -> str:
    """The same database without a row: making another copies hundreds of files each time."""
    tables = [table.name for table in metadata.sorted_tables]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    with _directly(make_url(address)) as connection:
        connection.execute(OTHERS_OUT)
        connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        found = [name for (name,) in connection.execute(filled.encode())]
        for name in found:
            connection.execute(f"DELETE FROM {name}".encode())
        if found:
            connection.execute(f"VACUUM {', '.join(found)}".encode())
        connection.execute("DELETE FROM alembic_version")  # a test may have said that it is another release's
        connection.execute("INSERT INTO alembic_version VALUES (%s)", [HEAD])
    return address


def _directly(url: URL) -> "psycopg.Connection[tuple[Any, ...]]":
    direct = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(direct, autocommit=True)
