"""The database: one base class, one way to write, one way to read columns."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar, TypeVarTuple
from uuid import UUID

from flask import g, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, MetaData, Select, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    registry,
)

from clinic.core import actor
from clinic.core.ids import uuid7
from clinic.core.types import TYPES

Columns = TypeVarTuple("Columns")
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """A table of ours: a UUIDv7 key that exists before the row does. Models inherit this, never db.Model."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPES)
    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-1)

    def __init__(self, **fields: Any) -> None:
        self.id = fields.pop("id", None) or uuid7()  # before the rest: sealed fields are bound to it
        for name, value in fields.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no field {name}")
            setattr(self, name, value)


class Versioned:
    """What two people can edit: the second to save is told, instead of overwriting the first."""

    version: Mapped[int]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class _Root(DeclarativeBase):
    """Only for Flask-SQLAlchemy, which wants a base of its own; it shares our metadata."""

    metadata = Base.registry.metadata
    __fsa__: ClassVar[Any]


db = SQLAlchemy(model_class=_Root, session_options={"expire_on_commit": False})
metadata = Base.registry.metadata


class WriteOutsideTransaction(RuntimeError):
    """A programming error: something was changed without `transaction()`."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Write; commit once, when the outermost block ends; on any error undo everything."""
    session = db.session()
    if session.info.get("writing"):
        yield session  # an inner service joins
        return
    session.flush()  # raises if something was changed outside
    session.rollback()  # ends the read: SQLite refuses a write after a read that others overtook
    session.connection(execution_options={"writing": True})
    session.info["writing"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        g.pop("answers", None)


def read(wanted: Select[*Columns], given: Mapping[str, Any] | None = None) -> CursorResult[*Columns]:
    """Ask for columns, never for whole rows of a model.

    Straight to the session's connection: by `session.execute` half of the price is its readiness for models.
    """
    session = db.session()
    session.flush()  # as the session would: what this transaction wrote is found
    return session.connection().execute(wanted, given)


def once_per_request(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A question that several parts of a page ask: while a request only reads, the database hears it once.

    Who writes forgets all answers, and another actor has their own. Arguments must be hashable, and an answer
    is shared: nobody changes it. The price: what others commit meanwhile shows on the next page.
    """

    @wraps(ask)
    def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if not has_request_context() or db.session.info.get("writing"):
            return ask(*args, **kwargs)
        answers: dict[object, Answer] = g.setdefault("answers", {})
        question = (ask, actor.get(), args, *kwargs.items())
        if question not in answers:
            answers[question] = ask(*args, **kwargs)
        return answers[question]

    return answer


def insert_new(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert rows (each with its id) that break no unique key. Returns how many were new."""
    if not rows:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = session.scalars(insert(model).on_conflict_do_nothing().returning(model.id), rows)
    return len(made.all())


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # the driver begins nothing, we do
        for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_flush_outside(session: Session, *_: object) -> None:
    changed = session.new or session.deleted or any(session.is_modified(row) for row in session.dirty)
    if changed and not session.info.get("writing"):
        raise WriteOutsideTransaction


@event.listens_for(Session, "do_orm_execute")
def _refuse_execute_outside(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not state.session.info.get("writing"):
        raise WriteOutsideTransaction
