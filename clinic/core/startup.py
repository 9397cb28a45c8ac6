"""What must be true before the clinic starts: a database that answers, with the tables of this program."""

import os
import re
import shutil
from contextlib import suppress
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from clinic.core import settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"
LEAST_ROOM = 10_000_000  # bytes: SQLite writes beside its file before it writes into it
PATIENCE = 5  # seconds until a PostgreSQL that does not answer counts as away


class CannotStart(SystemExit):
    """Stops the program with one sentence that says what is wrong and what to do."""


class Schema(StrEnum):
    """What the tables of a database are to this program."""

    NEW = "new"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


WHAT_TO_DO = {
    Schema.NEW: "has no tables yet: flask db upgrade makes them",
    Schema.OLD: "is older than this program: flask db upgrade brings it up to date",
    Schema.NEWER: "is newer than this program: start the release that it was last used with, "
    "or restore a copy from before",
}


def schema(connection: Connection) -> Schema:
    """Compare the revision that the database bears with those under migrations/."""
    heads, known = _revisions()
    if not inspect(connection).has_table("alembic_version"):
        return Schema.NEW
    found = frozenset(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if found == heads:
        return Schema.CURRENT
    if not found:
        return Schema.NEW
    return Schema.OLD if found <= known else Schema.NEWER


def look(address: str) -> Schema:
    """New, old or current. Raises CannotStart for a database that is newer, away or not ours to write to."""
    url, patience = make_url(address), {"connect_timeout": PATIENCE}
    if url.drivername == "sqlite":
        file, patience = Path(url.database or ""), {}
        _require_writable("DATABASE_URL", file.parent, *([file] if file.exists() else []))
        if shutil.disk_usage(file.parent).free < LEAST_ROOM:
            raise CannotStart(f"The disk of {file.parent.absolute()} is full; make room and start again.")
        if not file.exists():
            return Schema.NEW  # to connect would leave an empty file
    try:
        with create_engine(url, poolclass=NullPool, connect_args=patience).connect() as connection:
            found = schema(connection)
    except SQLAlchemyError as error:
        reason = _reason(str(error.__cause__ or error))
        raise CannotStart(
            f"The database at {url} cannot be opened ({reason}); start it or correct DATABASE_URL."
        ) from None
    if found is Schema.NEWER:
        raise CannotStart(f"The database at {url} {WHAT_TO_DO[found]}.")
    return found


def require_current(address: str) -> None:
    """Go on only with the tables that this program knows (R16). Raises CannotStart."""
    found = look(address)
    if found is not Schema.CURRENT:
        raise CannotStart(f"The database at {make_url(address)} {WHAT_TO_DO[found]}.")


def _reason(text: str) -> str:
    """What psycopg and SQLite say, without where they say it."""
    last = re.split(r"failed: ", text.partition("\n- ")[2] or text)[-1]
    return last.splitlines()[0].strip().rstrip(".")


def require_folder(folder: Path) -> None:
    """Make the state folder unless it is there. Raises CannotStart when it is not ours to write."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_writable("CLINIC_STATE_FOLDER", folder)


def _require_writable(setting: str, *paths: Path) -> None:
    for path in paths:
        if not os.access(path, os.W_OK):
            raise CannotStart(
                f"{path.absolute()} is not there or user {os.geteuid()} may not write to it; "
                f"make it, give it to that user, or correct {setting}."
            )


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """The newest revisions that this program knows, and all of them."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = (script.revision for script in scripts.walk_revisions())
    return frozenset(scripts.get_heads()), frozenset(known)


if __name__ == "__main__":  # ./run asks what is to be done
    print(look(settings.load().owner_database_url))  # noqa: T201
