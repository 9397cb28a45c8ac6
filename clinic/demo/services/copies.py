"""What was told once is written again for other people: new keys, seals and MACs, all else as it was.

The rooms' services made the first rows, so that each copy keeps every promise of theirs, at a hundredth of
the price: whatever does not differ from copy to copy is worked out once, down to the values that the driver
takes.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, Connection, Dialect, Table, Uuid, select

from clinic.audit.models import AuditEntry
from clinic.audit.rules import canonical, mac_of
from clinic.core.db import Base, db, metadata, transaction
from clinic.core.sealed import Sealed
from clinic.core.settings import current
from clinic.patients.models import Patient

Row = dict[str, Any]
Rows = dict[Table, list[Row]]
ROOMY = "PRAGMA cache_size = -400000"  # KiB: indexes that do not fit are written again for every few rows
OF_THE_WHOLE_CLINIC = ("clinic_setting", "on_call_shift")  # said once, whatever the number of sites
OF_THE_PERSON = ("blocking_key",)  # follows from who somebody is, and each copy is somebody else


class Told(NamedTuple):
    """A row to be written again.

    `values` are as the driver takes them, in the order of the columns, keys as text; `links` say which
    columns name other rows, `sealed` what stands in the sealed ones. `listed` are the patients of a list,
    `said` is what the MAC of a row of the trail covers.
    """

    id: str
    values: Row
    links: tuple[tuple[str, str], ...]
    sealed: tuple[tuple[str, Sealed, Any], ...]
    listed: tuple[str, ...] = ()
    said: str = ""


Pattern = Mapping[Table, list[Told]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return metadata.tables[model.__tablename__]


AUDIT, PATIENT = table_of(AuditEntry), table_of(Patient)


def read() -> Rows:
    """Every row of every table, oldest first, without what is said once for the whole clinic."""
    rows: Rows = {}
    for table in metadata.sorted_tables:
        if table.name not in OF_THE_WHOLE_CLINIC + OF_THE_PERSON:
            found = db.session.execute(select(table).order_by(table.c.id)).mappings()
            rows[table] = [dict(row) for row in found]
    rows[AUDIT] = [row for row in rows[AUDIT] if row["subject_kind"] not in OF_THE_WHOLE_CLINIC]
    return rows


def parted(rows: Rows, patient_ids: Collection[UUID]) -> tuple[dict[UUID, Rows], Rows]:
    """The rows that belong to each of these patients, by whatever chain of keys, and all others."""
    owner = {patient_id: patient_id for patient_id in patient_ids}
    while grown := {
        row["id"]: owner[named]
        for table in rows
        for row in rows[table]
        if row["id"] not in owner and (named := _first(row, owner))
    }:
        owner |= grown
    theirs: dict[UUID, Rows] = {patient_id: {table: [] for table in rows} for patient_id in patient_ids}
    others: Rows = {table: [] for table in rows}
    for table in rows:
        for row in rows[table]:
            mine = theirs[owner[row["id"]]] if row["id"] in owner else others
            mine[table].append(row)
    return theirs, others


def _first(row: Row, owner: Mapping[UUID, UUID]) -> UUID | None:
    return next((key for key in _keys(row) if key in owner), None)


def _keys(row: Row) -> Iterator[UUID]:
    yield from (value for value in row.values() if isinstance(value, UUID))
    yield from map(UUID, row.get("patient_ids") or ())


def pattern(rows: Rows) -> Pattern:
    """Rows made ready to be written again and again."""
    models = {table_of(mapper.class_): mapper.class_ for mapper in Base.registry.mappers}
    copied = {row["id"] for table in rows for row in rows[table]}
    dialect = db.engine.dialect
    return {
        table: [_told(row, models[table], copied, dialect) for row in rows[table]]
        for table in rows
        if rows[table]
    }


def _told(row: Row, model: type[Base], copied: Collection[UUID], dialect: Dialect) -> Told:
    sealed = tuple(
        (field.column, field, field.reveal(row["id"], row[field.column]))
        for field in vars(model).values()
        if isinstance(field, Sealed) and row[field.column] is not None
    )
    keys = {name: str(value) for name, value in row.items() if isinstance(value, UUID)}
    # Whoever is not copied along was not on that list.
    listed = tuple(key for key in row.get("patient_ids") or () if UUID(key) in copied)
    if "patient_ids" in row:
        row = {**row, "patient_ids": listed}
    trail = {name: value for name, value in row.items() if name != "mac"} if model is AuditEntry else None
    said = canonical(trail) if trail else ""
    values = _bound(table_of(model), row, dialect) | keys
    return Told(keys.pop("id"), values, tuple(keys.items()), sealed, listed, said)


def _bound(table: Table, row: Row, dialect: Dialect) -> Row:
    """Values as the driver takes them; times and lists as text, or each copy would write them out anew."""
    bound = {}
    for column in table.c:
        value, maker = row[column.key], column.type.dialect_impl(dialect).bind_processor(dialect)
        if isinstance(column.type, JSON):
            value = json.dumps(value)
        elif maker and not isinstance(value, UUID | bytes):
            value = maker(value)
        bound[column.key] = value.isoformat() if isinstance(value, date | time) else value
    return bound


def ids(told: Pattern) -> Iterator[str]:
    """The keys of a pattern's rows."""
    return (row.id for rows in told.values() for row in rows)


def again(told: Pattern, fresh: Mapping[str, str]) -> Rows:
    """The rows of a pattern under fresh keys; a key without a fresh one stays what it is."""
    return {table: [_again(row, fresh) for row in rows] for table, rows in told.items()}


def _again(told: Told, fresh: Mapping[str, str]) -> Row:
    row = {**told.values, "id": fresh[told.id]}
    for name, key in told.links:
        row[name] = fresh.get(key, key)
    for column, field, plain in told.sealed:
        row[column] = field.seal(row["id"], plain)
    for key in told.listed:
        row["patient_ids"] = row["patient_ids"].replace(key, fresh[key])
    if told.said:
        row["mac"] = mac_of(current().audit_key, _said(told, row, fresh))
    return row


def _said(told: Told, row: Row, fresh: Mapping[str, str]) -> str:
    """What the MAC covers of a copied row of the trail: nothing differs but keys and seals."""
    said = told.said.replace(told.id, row["id"])
    for _, key in told.links:
        said = said.replace(key, fresh.get(key, key))
    for key in told.listed:
        said = said.replace(key, fresh[key])
    for column, _, _ in told.sealed:
        said = said.replace(told.values[column].hex(), row[column].hex())
    return said


def write(copies: Collection[Rows]) -> None:
    """Insert rows in bulk, in one transaction."""
    with transaction() as session:
        if session.connection().dialect.name == "sqlite":
            session.connection().exec_driver_sql(ROOMY)
        for table in metadata.sorted_tables:
            if rows := [row for copy in copies for row in copy.get(table, ())]:
                _insert(session.connection(), table, rows)


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    """By COPY on PostgreSQL, by one prepared statement on SQLite: a row costs microseconds either way."""
    words = connection.dialect.identifier_preparer
    names = ", ".join(words.format_column(column) for column in table.c)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {words.format_table(table)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row.values())
    else:
        keys = [column.key for column in table.c if isinstance(column.type, Uuid)]
        marks = ", ".join("?" for _ in table.c)
        cursor.executemany(
            f"INSERT INTO {words.format_table(table)} ({names}) VALUES ({marks})",  # noqa: S608
            (_short(row, keys) for row in rows),
        )


def _short(row: Row, keys: Collection[str]) -> list[Any]:
    """Values with keys as SQLAlchemy keeps them on SQLite: 32 hexadecimal digits."""
    return list((row | {key: row[key] and row[key].replace("-", "") for key in keys}).values())
