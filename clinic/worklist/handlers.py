"""What the banner and patient lists tell of an open risk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from clinic.patients.registry import BannerPart, ListColumn
from clinic.patients.rules import Right
from clinic.worklist import queries
from clinic.worklist.rules import Level


def _mark(level: Level) -> Markup | str:
    mark: Markup = get_template_attribute("macros/parts.html", "level_mark")(level.value, level.label)
    return mark


def risk(patient_id: UUID, _: datetime) -> Markup | str:
    """The worst open risk; nothing is drawn where there is none."""
    found = queries.level_of(patient_id)
    return _mark(found[0]) if found else ""


def risks(patient_ids: Sequence[UUID], _: datetime) -> Mapping[UUID, Markup | str]:
    """Marks for a list."""
    found = queries.levels(patient_ids)
    return {patient_id: _mark(level) for patient_id, (level, _) in found.items()}


BANNER = (BannerPart(Right.CLINICAL, risk),)
LIST_COLUMNS = (ListColumn("Risk", Right.CLINICAL, risks),)
