"""What was told once is written again for other people: new keys, seals and MACs, all else as it was.

The rooms' services made the first rows, so that each copy keeps every promise of theirs, at a hundredth of
the price.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Dialect, Enum, Table, select

from clinic.audit.models import AuditEntry
from clinic.audit.rules import mac
from clinic.core.db import Base, db, metadata, transaction
from clinic.core.sealed import Sealed
from clinic.core.settings import current
from clinic.core.types import UtcDateTime
from clinic.patients.models import Patient

Row = dict[str, Any]
Rows = dict[Table, list[Row]]
REPEATED = (UtcDateTime, Enum)
OF_THE_WHOLE_CLINIC = ("clinic_setting", "on_call_shift")  # said once, whatever the number of sites


class Told(NamedTuple):
    """A row to be written again: which columns name other rows, and what stands in its sealed columns."""

    values: Row
    links: tuple[str, ...]
    sealed: tuple[tuple[str, Sealed, Any], ...]


Pattern = Mapping[Table, list[Told]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return metadata.tables[model.__tablename__]


AUDIT, PATIENT = table_of(AuditEntry), table_of(Patient)


def read() -> Rows:
    """Every row of every table, oldest first, without what is said once for the whole clinic."""
    rows: Rows = {}
    for table in metadata.sorted_tables:
        if table.name not in OF_THE_WHOLE_CLINIC:
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
    return {table: [_told(row, models[table]) for row in rows[table]] for table in rows if rows[table]}


def _told(row: Row, model: type[Base]) -> Told:
    sealed = tuple(
        (field.column, field, field.reveal(row["id"], row[field.column]))
        for field in vars(model).values()
        if isinstance(field, Sealed) and row[field.column] is not None
    )
    links = tuple(name for name, value in row.items() if isinstance(value, UUID) and name != "id")
    return Told(row, links, sealed)


def ids(told: Pattern) -> Iterator[UUID]:
    """The keys of a pattern's rows."""
    return (row.values["id"] for rows in told.values() for row in rows)


def again(told: Pattern, fresh: Mapping[UUID, UUID]) -> Rows:
    """The rows of a pattern under fresh keys; a key without a fresh one stays what it is."""
    return {table: [_again(row, fresh) for row in rows] for table, rows in told.items()}


def _again(told: Told, fresh: Mapping[UUID, UUID]) -> Row:
    row = {**told.values, "id": fresh[told.values["id"]]}
    for name in told.links:
        row[name] = fresh.get(row[name], row[name])
    for column, field, plain in told.sealed:
        row[column] = field.seal(row["id"], plain)
    if "patient_ids" in row:  # whoever is not copied along was not on that list
        row["patient_ids"] = [str(fresh[key]) for key in map(UUID, row["patient_ids"]) if key in fresh]
    return row


def write(copies: Iterable[Rows]) -> None:
    """Insert rows in bulk, in one transaction, each row of the trail with its MAC."""
    copies, key = list(copies), current().audit_key
    with transaction() as session:
        for table in metadata.sorted_tables:
            rows = [row for copy in copies for row in copy.get(table, ())]
            if table is AUDIT:
                for row in rows:
                    row["mac"] = mac(key, {name: value for name, value in row.items() if name != "mac"})
            if rows:
                _insert(session.connection(), table, rows)


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    """By COPY on PostgreSQL, by one prepared statement on SQLite: a row costs microseconds either way."""
    words = connection.dialect.identifier_preparer
    names = ", ".join(words.format_column(column) for column in table.c)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {words.format_table(table)} ({names}) FROM STDIN") as copy:
            for values in _bound(connection.dialect, table, rows):
                copy.write_row(values)
    else:
        marks = ", ".join("?" for _ in table.c)
        cursor.executemany(
            f"INSERT INTO {words.format_table(table)} ({names}) VALUES ({marks})",  # noqa: S608
            _bound(connection.dialect, table, rows),
        )


def _bound(dialect: Dialect, table: Table, rows: list[Row]) -> Iterator[list[Any]]:
    """Each row's values as the driver takes them, in the order of the columns."""
    makers = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.c]
    columns = [
        (column.key, _remembering(maker) if maker and isinstance(column.type, REPEATED) else maker)
        for column, maker in zip(table.c, makers, strict=True)
    ]
    for row in rows:
        yield [maker(row[name]) if maker else row[name] for name, maker in columns]


def _remembering(maker: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Copies repeat the times and words of what was told."""
    return lru_cache(maxsize=10_000)(maker)
