"""The clinics that are measured: each once on each database, loaded where it is missing and kept.

SQLite's files lie in CLINIC_BENCHMARK_FOLDER. In memory (/dev/shm) a commit costs what the program does for
it, as on a PostgreSQL that runs without fsync; on a disk it costs a wait that hides the rest.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, inspect, make_url, text

FOLDER = Path(os.environ.get("CLINIC_BENCHMARK_FOLDER", "var/benchmarks")).absolute()
SERVER = "CLINIC_BENCHMARK_POSTGRES_URL"
DURABILITY = {
    "sqlite": ("PRAGMA journal_mode", "PRAGMA synchronous"),
    "postgresql": ("SHOW fsync", "SHOW synchronous_commit", "SHOW full_page_writes"),
}
KEYS = {
    "CLINIC_ENV": "development",
    "CLINIC_SECRET_KEYS": "secret-key-of-the-benchmarks-0123456789",
    "CLINIC_FIELD_KEYS": "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "CLINIC_INDEX_KEY": "index-key-of-the-benchmarks-0123456789a",
    "CLINIC_LINK_KEYS": "link-key-of-the-benchmarks-0123456789ab",
    "CLINIC_AUDIT_KEY": "audit-key-of-the-benchmarks-0123456789a",
    "CLINIC_PASSWORD_COST": "cheap",
    "CLINIC_SMS_ACCOUNT": "AC00000000000000000000000000000001",
    "CLINIC_SMS_TOKEN": "token-of-the-benchmarks",
    "CLINIC_SMS_URL": "http://127.0.0.1:9",
    "CLINIC_SMTP_URL": "smtp://127.0.0.1:9",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


@dataclass(frozen=True)
class Clinic:
    """A loaded clinic of so many patients; 0 stands for the demo's sixty."""

    database: str
    patients: int
    url: str

    @property
    def env(self) -> dict[str, str]:
        """The environment of any process that works on it."""
        state = FOLDER / "state"
        state.mkdir(parents=True, exist_ok=True)
        return {**os.environ, **KEYS, "DATABASE_URL": self.url, "CLINIC_STATE_FOLDER": str(state)}


def clinic(database: str, patients: int, *, purpose: str = "pages") -> Clinic:
    """This clinic, loaded now if it was not there."""
    found = Clinic(database, patients, _address(database, f"{purpose}_{patients or 60}"))
    if not _loaded(found.url):
        flask(found.env, "db", "upgrade")
        flask(found.env, "demo", "load", *(["--patients", str(patients)] if patients else []))
        settle(found)
    return found


def fresh(database: str, purpose: str) -> Clinic:
    """An empty clinic with one site and its administrator, made anew."""
    found = Clinic(database, 0, _address(database, purpose, anew=True))
    flask(found.env, "db", "upgrade")
    flask(found.env, "users", "create", "--name", "Ada Admin", "--sign-in-name", "admin")
    return found


def durability(clinic: Clinic) -> str:
    """How its database keeps what is committed: what a commit costs hangs on it."""
    engine = create_engine(clinic.url)
    with engine.connect() as connection:
        found = [
            f"{asked.split()[1]} {connection.exec_driver_sql(asked).scalar()}"
            for asked in DURABILITY[clinic.database]
        ]
    engine.dispose()
    return ", ".join(found)


def flask(env: Mapping[str, str], *words: str) -> None:
    """Run a command of the clinic."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    subprocess.run(command, env=dict(env), check=True, stdout=sys.stderr)


def _address(database: str, name: str, *, anew: bool = False) -> str:
    if database == "sqlite":
        FOLDER.mkdir(parents=True, exist_ok=True)
        for left in FOLDER.glob(f"{name}.db*") if anew else ():
            left.unlink()
        return f"sqlite:///{FOLDER / name}.db"
    server = make_url(os.environ[SERVER])
    name = f"clinic_benchmark_{name}"
    direct = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(direct, autocommit=True) as connection:
        if anew:
            connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}".encode())
    address = server.set(drivername="postgresql+psycopg", database=name)
    return address.render_as_string(hide_password=False)


def _loaded(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        there = inspect(connection).has_table("patient")
        loaded = there and connection.scalar(text("SELECT count(*) FROM staff_user")) > 0
    engine.dispose()
    return bool(loaded)


def settle(clinic: Clinic) -> None:
    """What a database that lives does by itself in time: count its rows, so that it plans well."""
    engine = create_engine(clinic.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if clinic.database == "postgresql" else "ANALYZE")
    engine.dispose()
