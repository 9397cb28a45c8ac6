"""What a block asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from clinic.core.db import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement while the block lasts; where a transaction begins is none (SQLite alone would tell)."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)
