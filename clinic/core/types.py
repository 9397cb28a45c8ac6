"""Column types that behave the same on SQLite and PostgreSQL."""

import enum
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, always aware and in UTC. Refuses naive values: they are a bug and not a time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; SQLite keeps no zone, so UTC is what it holds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(words: type[enum.Enum]) -> Sequence[str]:
    return [str(member.value) for member in words]


# No native type to migrate, and the member's value is kept, not its name (dependencies T3).
WORD = Enum(enum.Enum, native_enum=False, length=32, values_callable=_values)
DATA = JSON().with_variant(postgresql.JSONB(), "postgresql")

TYPES: dict[Any, TypeEngine[Any]] = {
    str: Text(),
    datetime: UtcDateTime(),
    enum.Enum: WORD,
    dict[str, Any]: DATA,
    list[Any]: DATA,
    list[str]: DATA,
}
