"""What must be true before the clinic starts: a database that answers, with the tables of this program."""

import getpass
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from clinic.core import settings
from clinic.core.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"
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
    Schema.NEW: "the database has no tables yet: flask db upgrade makes them",
    Schema.OLD: "the database is older than this program: flask db upgrade brings it up to date",
    Schema.NEWER: "the database is newer than this program: start the release that it was last used with, "
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


def look(given: Settings) -> Schema:
    """The state of the database that the settings name. Raises CannotStart when it cannot be used at all."""
    url, patience = make_url(given.database_url), {"connect_timeout": PATIENCE}
    if url.drivername == "sqlite":
        file, patience = Path(url.database or ""), {}
        _require_writable(file.parent, *([file] if file.exists() else []))
        if not file.exists():
            return Schema.NEW  # to connect would leave an empty file
    with (
        answering(url),
        create_engine(url, poolclass=NullPool, connect_args=patience).connect() as connection,
    ):
        return schema(connection)


def require_current(given: Settings) -> None:
    """Go on only with the tables that this program knows (R16). Raises CannotStart."""
    found = look(given)
    if found is not Schema.CURRENT:
        raise CannotStart(f"DATABASE_URL: {WHAT_TO_DO[found]}.")


@contextmanager
def answering(url: URL) -> Iterator[None]:
    """Say in one sentence that a database does not answer. Raises CannotStart."""
    try:
        yield
    except SQLAlchemyError as error:
        where, reason = url.render_as_string(), _reason(str(error.__cause__ or error))
        raise CannotStart(
            f"The database at {where} cannot be opened ({reason}); start it or correct DATABASE_URL."
        ) from None


def _reason(text: str) -> str:
    """What psycopg and SQLite say, without where they say it."""
    last = re.split(r"failed: ", text.partition("\n- ")[2] or text)[-1]
    return last.splitlines()[0].strip().rstrip(".")


def _require_writable(*paths: Path) -> None:
    for path in paths:
        if not os.access(path, os.W_OK):
            raise CannotStart(
                f"DATABASE_URL: {path.absolute()} is not there or {getpass.getuser()} may not write to it; "
                "make it, give it to that user, or start as its owner."
            )


@cache
def _revisions() -> tuple[frozenset[str], frozenset[str]]:
    """The newest revisions that this program knows, and all of them."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = (script.revision for script in scripts.walk_revisions())
    return frozenset(scripts.get_heads()), frozenset(known)


if __name__ == "__main__":  # ./run asks what is to be done
    state = look(settings.load())
    if state is Schema.NEWER:
        raise CannotStart(f"DATABASE_URL: {WHAT_TO_DO[state]}.")
    print(state)  # noqa: T201
