"""Slots of the record page and the patient list, filled by the rooms above."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from clinic.patients.rules import Right


@dataclass(frozen=True)
class BannerPart:
    """A piece of the banner for who holds `right`: with a label a fact of the second row, without one a tag.

    `render` gets patient and moment and gives a text or Markup; an empty one is left out.
    """

    right: Right
    render: Callable[[UUID, datetime], Markup | str]
    label: str | None = None


@dataclass(frozen=True)
class Tab:
    """A page of a record (`endpoint` takes `patient_id`) for who holds `right`, in the order of `place`."""

    label: str
    endpoint: str
    right: Right
    place: int


@dataclass(frozen=True)
class ListColumn:
    """A column of a patient list: its cells for patients of whom the reader holds `right`, in one query."""

    label: str
    right: Right
    cells: Callable[[Sequence[UUID], datetime], Mapping[UUID, Markup | str]]


banner_parts: list[BannerPart] = []
tabs: list[Tab] = []
list_columns: list[ListColumn] = []
