"""What stands around every page of an assessment: the list of sections, and what cannot wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import url_for

from clinic.intake.queries import assessments
from clinic.intake.queries.assessments import Sheet
from clinic.intake.rules.placement import Fired, recommend
from clinic.intake.rules.rows import Outcome
from clinic.intake.rules.sections import Section
from clinic.patients import queries as patients
from clinic.patients.rules import Channel


class Link(NamedTuple):
    """One line of the list. `state` is done, part, empty or locked; `note` says how far."""

    label: str
    address: str | None
    state: str
    note: str
    current: bool


class Frame(NamedTuple):
    """The list of sections, rows that ask for emergency or hospital care, how far."""

    links: Sequence[Link]
    urgent: Sequence[Fired]
    done: int


def frame(sheet: Sheet, current: Section | None, now: datetime) -> Frame:
    """For the page of one section, or None for the overview."""
    found = recommend(sheet.findings(now), assessments.limits())
    links = [_contact(sheet.patient_id), *(_section(sheet, section, current) for section in Section)]
    done = sum(link.state == "done" for link in links)
    links.append(_level_of_care(sheet))
    return Frame(
        links=links,
        urgent=[row for row in found.rows if row.sets in (Outcome.EMERGENCY, Outcome.HOSPITAL)],
        done=done,
    )


def _contact(patient_id: UUID) -> Link:
    agreed = isinstance(patients.permission(patient_id, Channel.SMS), patients.Permission)
    address = url_for("patients.contacts", patient_id=patient_id)
    return Link("Contact and consent", address, "done" if agreed else "empty", "", False)


def _section(sheet: Sheet, section: Section, current: Section | None) -> Link:
    answered, of = sheet.progress(section)
    state = "done" if answered >= of else "part" if answered else "empty"
    note = f"{answered} of {of}" if state == "part" else ""
    address = url_for("intake.section", patient_id=sheet.patient_id, section=section)
    return Link(section.label, address, state, note, section is current)


def _level_of_care(sheet: Sheet) -> Link:
    if sheet.signed_at is None:
        return Link("Level of care", None, "locked", "after signing", False)
    return Link("Level of care", url_for("intake.placement", patient_id=sheet.patient_id), "empty", "", False)
