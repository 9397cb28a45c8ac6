"""What can be shared of who somebody is."""

from datetime import datetime
from uuid import UUID

from clinic.consents.registry import Line, Part
from clinic.consents.rules.elements import Category
from clinic.patients import queries as patients
from clinic.patients.rules import Right


def demographics(patient_id: UUID, now: datetime) -> list[Line]:
    """Name, date of birth and record number."""
    person = patients.people([patient_id], now=now)[patient_id]
    return [("Name", person.name), ("Date of birth", person.born), ("Record number", person.record)]


PARTS = {Category.DEMOGRAPHICS: Part(Right.DEMOGRAPHICS, demographics)}
