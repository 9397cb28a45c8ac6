"""Models and migrations make the same database, triggers too; and it can be taken down again."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, text

from clinic.app import create_app
from clinic.core.db import db

Catalogue = dict[str, list[str]]

POSTGRESQL = {
    "columns": """SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
        || ' ' || coalesce(character_maximum_length::text, '') || ' ' || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def catalogue(connection: Connection) -> Catalogue:
    """Everything a database promises, as sorted texts by kind, without Alembic's own table."""
    read = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    found = read(connection)
    return {
        kind: sorted(line for line in lines if "alembic_version" not in line) for kind, lines in found.items()
    }


def _postgresql(connection: Connection) -> Catalogue:
    return {kind: list(connection.scalars(text(query))) for kind, query in POSTGRESQL.items()}


def _sqlite(connection: Connection) -> Catalogue:
    reader = inspect(connection)
    found: Catalogue = {"columns": [], "constraints": []}
    for table in reader.get_table_names():
        for column in reader.get_columns(table):
            found["columns"].append(f"{table}.{column['name']} {column['type']} {column['nullable']}")
        constraints = [
            reader.get_pk_constraint(table),
            *reader.get_foreign_keys(table),
            *reader.get_unique_constraints(table),
            *reader.get_check_constraints(table),
        ]
        found["constraints"] += [
            f"{table} {sorted(constraint.items(), key=str)}" for constraint in constraints
        ]
    master = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    for kind, name, sql in master:
        if kind != "table":
            found.setdefault(kind, []).append(f"{name} {' '.join(sql.split())}")
    return found


@pytest.fixture
def migrated(env: Mapping[str, str], tmp_path: Path, empty: Callable[[], str]) -> Flask:
    """The clinic on a database that only migrations made."""
    return create_app({**env, "DATABASE_URL": empty()})


def test_models_and_migrations_agree(app: Flask, migrated: Flask) -> None:
    with db.engine.connect() as connection:
        by_models = catalogue(connection)
    with migrated.app_context():
        upgrade("migrations")
        with db.engine.connect() as connection:
            by_migrations = catalogue(connection)
        db.engine.dispose()
    assert by_models["columns"], "the models make no table"
    assert by_migrations == by_models


def test_migrations_go_down_and_up_again(migrated: Flask) -> None:
    with migrated.app_context():
        upgrade("migrations")
        downgrade("migrations", revision="base")
        with db.engine.connect() as connection:
            left = catalogue(connection)
        assert {kind: lines for kind, lines in left.items() if lines} == {}
        upgrade("migrations")
        with db.engine.connect() as connection:
            assert catalogue(connection)["columns"]
        db.engine.dispose()
