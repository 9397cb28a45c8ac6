"""What kinds of values a clinic decides, and what a setting and a table are."""

import enum
from dataclasses import dataclass
from typing import Any


class Kind(enum.StrEnum):
    """What a value is.

    str, E.164 str or None, int, datetime.time, bool, tuple of int (0 is Monday), datetime.date, tuple of
    ascending int, tuple of rows.
    """

    TEXT = "text"
    PHONE = "phone"
    WHOLE = "whole"
    CLOCK = "clock"
    YES_NO = "yes_no"
    WEEKDAYS = "weekdays"
    DAY = "day"
    DAYS = "days"
    TABLE = "table"


@dataclass(frozen=True)
class Column:
    """One column of a table: the field of its rows, in words, with limits that are both allowed."""

    name: str
    label: str
    kind: Kind
    low: Any = None
    high: Any = None
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """What a table is made of: the dataclass of its rows and the columns, field for field."""

    row: type[Any]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Setting:
    """One decision. `low` and `high` are both allowed: of a text its length, of a table its rows."""

    key: str
    fact: str
    label: str
    kind: Kind
    default: Any
    low: Any = None
    high: Any = None
    unit: str = ""
    table: Table | None = None
