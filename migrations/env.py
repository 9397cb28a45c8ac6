"""Alembic's door: the owner's connection, our metadata, types written as plain SQLAlchemy (T1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator

from clinic.core import startup
from clinic.core.db import metadata
from clinic.core.settings import current

REFUSED = {  # what PostgreSQL says: what to do about it
    "to create extension": "let a superuser run CREATE EXTENSION btree_gist in this database",
    "for schema": "let its owner GRANT CREATE ON SCHEMA public to this role",
    "is not available": "install postgresql-contrib on the server's machine",
    "lock timeout": "run it again when the tables are less busy",
}


def render_item(kind: str, item: Any, _: Any) -> str | bool:
    """Our own column types as what they are in the database: a migration never imports the program."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)"
    return False


@contextmanager
def explained() -> Iterator[None]:
    """End with one sentence where PostgreSQL refuses what a clinic can put right. Raises CannotStart."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).splitlines()[0]
        for words, what_to_do in REFUSED.items():
            if words in said:
                raise startup.CannotStart(f"PostgreSQL says: {said}; {what_to_do}, then try again.") from None
        raise


def run() -> None:
    """Upgrade or downgrade in one transaction; on PostgreSQL give up after 3 s of waiting for a lock."""
    settings = current()
    same = settings.owner_database_url == settings.database_url
    program = current_app.extensions["sqlalchemy"].engine
    engine = program if same else create_engine(settings.owner_database_url)
    startup.look(settings.owner_database_url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '3s'"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with explained(), context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
