"""What can be shared of a record, filled by the rooms that keep it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic.consents.rules.elements import Category
from clinic.patients.rules import Right

Line = tuple[str, str]  # what it is, and what stands there


@dataclass(frozen=True)
class Part:
    """What a recipient would read of one category, for who holds `right`; no lines: nothing is recorded.

    `lines` gets patient and moment; the caller has opened the record with that right.
    """

    right: Right
    lines: Callable[[UUID, datetime], Sequence[Line]]


parts: dict[Category, Part] = {}
