"""Reading assessments: sections as saved, scales, and what they find together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from clinic.configuration import queries as configuration
from clinic.core.db import db
from clinic.history.rules import LastUse, Precision, Route, Substance
from clinic.instruments import queries as instruments
from clinic.instruments.queries import AdministrationRow
from clinic.intake.models import Assessment, AssessmentSection, Placement, PlacementDecision
from clinic.intake.rules.findings import Findings
from clinic.intake.rules.rows import Limits
from clinic.intake.rules.sections import Section, findings_of, progress
from clinic.patients.models import Patient

SUICIDE_FLAG = "suicide_risk_followup"  # of the PHQ-9's file


@dataclass(frozen=True)
class Saved:
    """A section as last saved. `version` 0 and nobody: never saved."""

    section: Section
    answers: Mapping[str, Any]
    version: int = 0
    saved_at: datetime | None = None
    saved_by: UUID | None = None


@dataclass(frozen=True)
class Sheet:
    """An assessment with its sections and the scales that belong to it."""

    id: UUID
    patient_id: UUID
    started_at: datetime
    started_by: UUID
    signed_at: datetime | None
    signed_by: UUID | None
    amends_id: UUID | None
    reason: str | None
    sections: Mapping[Section, Saved]
    scales: Mapping[Section, AdministrationRow]

    def saved(self, section: Section) -> Saved:
        """A section, empty if it was never saved."""
        return self.sections.get(section) or Saved(section, {})

    @property
    def cows(self) -> int | None:
        """The total of a completed COWS; None while it is a draft or was not taken."""
        scale = self.scales.get(Section.COWS)
        return scale.scores["total"] if scale and scale.scores else None

    @property
    def cows_not_done(self) -> str | None:
        """Why no COWS was taken."""
        return self.saved(Section.COWS).answers.get("not_done")

    @property
    def thoughts_of_suicide(self) -> bool:
        """Whether PHQ-9 item 9 is above zero."""
        scale = self.scales.get(Section.PHQ9)
        return scale is not None and SUICIDE_FLAG in scale.flags

    @property
    def thoughts_denied(self) -> bool:
        """Whether the safety section says that there are no thoughts of suicide."""
        return self.saved(Section.SAFETY).answers.get("suicidal_ideation") == "no"

    @property
    def uses(self) -> list[LastUse] | None:
        """Substances as saved; an empty list is none, None was never saved."""
        if Section.SUBSTANCES not in self.sections:
            return None
        return last_uses(self.saved(Section.SUBSTANCES).answers)

    def progress(self, section: Section) -> tuple[int, int]:
        """How many of how many are answered."""
        if section is Section.SAFETY:
            return progress(self.saved(section).answers)
        if section is Section.SUBSTANCES:
            return int(section in self.sections), 1
        scale = self.scales.get(section)
        if section is Section.COWS and self.cows_not_done and (scale is None or scale.completed_at is None):
            return 1, 1
        if scale is None:
            return 0, 1
        required = sum(item.required for item in instruments.get(scale.instrument_id).items)
        return required if scale.completed_at else min(len(scale.answers), required - 1), required

    def findings(self, at: datetime) -> Findings:
        """What the saved sections say at a moment; hours since last use are counted up to it."""
        safety = self.saved(Section.SAFETY).answers
        return findings_of(safety, self.uses, self.cows, self.cows_not_done, at=at)


def last_uses(answers: Mapping[str, Any]) -> list[LastUse]:
    """The rows of the section of substances."""
    return [
        LastUse(
            Substance(row["substance"]),
            Route(row["route"]),
            datetime.fromisoformat(row["at"]) if row["at"] else None,
            Precision(row["precision"]),
        )
        for row in answers["uses"]
    ]


def newest(patient_id: UUID) -> Sheet | None:
    """The patient's open assessment, or the last signed one; the caller has opened the record."""
    wanted = select(Assessment.id).where(Assessment.patient_id == patient_id)
    newest_first = (Assessment.signed_at.is_not(None), Assessment.started_at.desc(), Assessment.id.desc())
    found = db.session.scalar(wanted.order_by(*newest_first).limit(1))
    return sheet(found) if found else None


def to_decide(patient_id: UUID) -> Sheet | None:
    """The assessment on which a level of care is decided: the last signed one nobody was admitted on.

    A new one that was begun meanwhile takes its place when it is signed, not before.
    """
    admitted = (
        exists()
        .where(Placement.assessment_id == Assessment.id)
        .where(PlacementDecision.placement_id == Placement.id, PlacementDecision.episode_id.is_not(None))
    )
    wanted = select(Assessment.id).where(
        Assessment.patient_id == patient_id, Assessment.signed_at.is_not(None), ~admitted
    )
    found = db.session.scalar(wanted.order_by(Assessment.signed_at.desc(), Assessment.id.desc()).limit(1))
    return sheet(found) if found else newest(patient_id)


def sheet(assessment_id: UUID) -> Sheet:
    """One assessment."""
    columns = [getattr(Assessment, name) for name in (*_ASSESSMENT, "reason_sealed")]
    row = db.session.execute(select(*columns).where(Assessment.id == assessment_id)).one()
    told = {name: getattr(row, name) for name in _ASSESSMENT}
    told["reason"] = Assessment.reason.reveal(row.id, row.reason_sealed)
    sections, administrations = _sections(assessment_id)
    amending = row.amends_id and row.signed_at is None
    scales = dict(sheet(row.amends_id).scales) if amending else {}  # what is not taken anew still holds
    for section in Section:
        if section.instrument and (found := _scale(row, section.instrument, administrations.get(section))):
            scales[section] = found
    return Sheet(**told, sections=sections, scales=scales)


_ASSESSMENT = ("id", "patient_id", "started_at", "started_by", "signed_at", "signed_by", "amends_id")


def _sections(assessment_id: UUID) -> tuple[dict[Section, Saved], dict[Section, UUID]]:
    rows = db.session.execute(
        select(
            AssessmentSection.id, AssessmentSection.section, AssessmentSection.answers_sealed,
            AssessmentSection.administration_id, AssessmentSection.version, AssessmentSection.saved_at,
            AssessmentSection.saved_by,
        ).where(AssessmentSection.assessment_id == assessment_id)
    ).all()  # fmt: skip
    saved = {
        row.section: Saved(
            row.section,
            AssessmentSection.answers.reveal(row.id, row.answers_sealed),
            row.version,
            row.saved_at,
            row.saved_by,
        )
        for row in rows
    }
    return saved, {row.section: row.administration_id for row in rows if row.administration_id}


def _scale(row: Any, instrument_id: str, administration_id: UUID | None) -> AdministrationRow | None:
    """The scale kept with a signed assessment; of an open one the form being filled in, or the newest
    completed since it began (a nurse may have taken it on its own page)."""
    if administration_id:
        return instruments.one(row.patient_id, administration_id)
    if row.signed_at:
        return None
    if found := instruments.unsigned(row.patient_id, instrument_id):
        return found
    latest = instruments.latest(row.patient_id, instrument_id)
    return latest if latest and latest.recorded_at >= row.started_at else None


def site_of(patient_id: UUID) -> UUID:
    """The site where a patient is registered."""
    return db.session.scalars(select(Patient.site_id).where(Patient.id == patient_id)).one()


def limits() -> Limits:
    """The figures of C4.4 as this clinic has set them."""
    return Limits(**{name: configuration.value(f"placement_{name}") for name in _LIMITS})


_LIMITS: Sequence[str] = tuple(Limits.__dataclass_fields__)
