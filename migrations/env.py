"""Alembic's door: the owner's connection, our metadata, types written as plain SQLAlchemy (T1)."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, text
from sqlalchemy.types import TypeDecorator

from clinic.core.db import metadata
from clinic.core.settings import current


def render_item(kind: str, item: Any, _: Any) -> str | bool:
    """Our own column types as what they are in the database: a migration never imports the program."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Upgrade or downgrade in one transaction; on PostgreSQL give up after 3 s of waiting for a lock."""
    settings = current()
    same = settings.owner_database_url == settings.database_url
    program = current_app.extensions["sqlalchemy"].engine
    engine = program if same else create_engine(settings.owner_database_url)
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
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
