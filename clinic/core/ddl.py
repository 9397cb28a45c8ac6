"""What a table promises beyond columns: triggers and constraints that SQLAlchemy cannot spell."""

from sqlalchemy import DDL, Table, event

from clinic.core.db import Base

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$
"""


def statement(table: Table, *, sqlite: list[str], postgresql: list[str]) -> None:
    """Run these after the table is made: what must always be true, said once for each database."""
    table.info.setdefault("statements", {"sqlite": [], "postgresql": []})
    for dialect, texts in (("sqlite", sqlite), ("postgresql", postgresql)):
        for text in texts:
            table.info["statements"][dialect].append(text)
            ddl = DDL(text.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl)


def append_only(model: type[Base]) -> None:
    """Rows are added and read, never changed and never removed: the database itself refuses."""
    table = model.metadata.tables[model.__tablename__]
    name = table.name
    statement(
        table,
        sqlite=[
            f"CREATE TRIGGER {name}_refuse_{what} BEFORE {what.upper()} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are never changed'); END"
            for what in ("update", "delete")
        ],
        postgresql=[
            REFUSE,
            f"CREATE TRIGGER {name}_refuse_row BEFORE UPDATE OR DELETE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {name}_refuse_all BEFORE TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
    )


def frozen_once(model: type[Base], column: str) -> None:
    """A row is changed only until `column` is set, and never removed: signed records are amended."""
    table = model.metadata.tables[model.__tablename__]
    name = table.name
    refuse = f"BEGIN SELECT RAISE(ABORT, 'signed rows of {name} are never changed'); END"
    statement(
        table,
        sqlite=[
            f"CREATE TRIGGER {name}_refuse_update BEFORE UPDATE ON {name} "
            f"WHEN OLD.{column} IS NOT NULL {refuse}",
            f"CREATE TRIGGER {name}_refuse_delete BEFORE DELETE ON {name} "
            f"WHEN OLD.{column} IS NOT NULL {refuse}",
        ],
        postgresql=[
            REFUSE,
            f"CREATE TRIGGER {name}_refuse_row BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW "
            f"WHEN (OLD.{column} IS NOT NULL) EXECUTE FUNCTION refuse_change()",
        ],
    )
