"""What a recipient would read, part by part, out of what the rooms registered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from clinic.consents.registry import Line, parts
from clinic.consents.rules.elements import Category
from clinic.patients.rules import Right

NOT_KEPT = "This program does not bring this part together yet. Nothing of it can be shared."
NOTHING = "Nothing is recorded."
HIDDEN = "You may not see this part. Somebody who may can share it."


class Section(NamedTuple):
    """One category as the recipient reads it; without lines `note` says why there are none."""

    category: Category
    lines: list[Line]
    note: str

    def plain(self) -> dict[str, Any]:
        """For sealing as JSON."""
        return {"category": self.category, "lines": self.lines, "note": self.note}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Section":
        """What `plain` kept."""
        lines = [(label, value) for label, value in plain["lines"]]
        return cls(Category(plain["category"]), lines, plain["note"])


def contents(
    patient_id: UUID, categories: Collection[Category], rights: Collection[Right], *, now: datetime
) -> list[Section]:
    """The sections of these categories, in one order; the caller has opened the record with `rights`."""
    chosen = [one for one in Category if one in categories and one is not Category.EVERYTHING]
    return [_section(patient_id, one, rights, now) for one in chosen]


def _section(patient_id: UUID, category: Category, rights: Collection[Right], now: datetime) -> Section:
    part = parts.get(category)
    if part is None:
        return Section(category, [], NOT_KEPT)
    if part.right not in rights:
        return Section(category, [], HIDDEN)
    lines = list(part.lines(patient_id, now))
    return Section(category, lines, "" if lines else NOTHING)
