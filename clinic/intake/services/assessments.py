"""The assessment: begun, saved section by section, signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Missing, Refused, Stale
from clinic.core.ids import uuid7
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.history import services as history
from clinic.history.rules import FactKind, NewFact
from clinic.instruments import services as instruments
from clinic.intake.models import Assessment, AssessmentSection, Placement
from clinic.intake.queries import assessments as queries
from clinic.intake.queries.assessments import Sheet, last_uses
from clinic.intake.rules.findings import plain
from clinic.intake.rules.placement import recommend
from clinic.intake.rules.sections import Section
from clinic.patients.access import require
from clinic.patients.rules import Right

# What the safety section learns that the history keeps (C5.3, C4.4 H2).
FACTS = {"pregnant": FactKind.PREGNANCY, "withdrawal_seizure_history": FactKind.SEIZURE_HISTORY}


def begin(patient_id: UUID, *, at: datetime) -> None:
    """Open an assessment; where one is open already it stays. Raises Hidden."""
    row = {"id": uuid7(), "patient_id": patient_id, "started_at": at, "started_by": _user(), "version": 1}
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        if insert_new(session, Assessment, [row]):
            _audit("begun", patient_id, row["id"], at)


def amend(patient_id: UUID, signed_id: UUID, reason: str, *, at: datetime) -> None:
    """Open an assessment with the answers of a signed one, to put right what was wrong there.

    The signed one stays as it is; its scales hold until they are taken anew. Raises Hidden, and Stale where
    somebody amended it or began another meanwhile.
    """
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        newest = queries.newest(patient_id)
        if newest is None or newest.signed_at is None or newest.id != signed_id:
            raise Stale("Someone else began an assessment meanwhile. Open it and go on there.")
        row = Assessment(
            patient_id=patient_id, started_at=at, started_by=_user(), amends_id=signed_id, reason=reason
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as error:
            raise Stale from error
        for section, saved in newest.sections.items():
            if saved.answers:
                kept = AssessmentSection(assessment_id=row.id, section=section, saved_at=at, saved_by=_user())
                kept.answers = dict(saved.answers)
                session.add(kept)
        _audit("amended", patient_id, row.id, at)


def save(
    patient_id: UUID, section: Section, answers: Mapping[str, Any], *, version: int, at: datetime
) -> None:
    """Keep a section. `version` is that of the answers shown, 0 if there were none.

    Raises Stale where somebody else saved it meanwhile, Missing without an open assessment, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        assessment = _locked(session, patient_id)
        row = session.scalar(
            select(AssessmentSection).where(
                AssessmentSection.assessment_id == assessment.id, AssessmentSection.section == section
            )
        )
        if (row.version if row else 0) != version:
            raise Stale
        before = row.answers if row else {}
        if row is None:
            row = AssessmentSection(assessment_id=assessment.id, section=section)
            session.add(row)
        row.answers, row.saved_at, row.saved_by = dict(answers), at, _user()
        try:
            session.flush()
        except IntegrityError as error:
            raise Stale from error
        if section is Section.SUBSTANCES:
            _record_uses(assessment, before, answers, at)
        changes = {"answers": [before, dict(answers)]}
        _audit("saved", patient_id, assessment.id, at, detail=section, changes=changes)


def _record_uses(
    assessment: Assessment, before: Mapping[str, Any], answers: Mapping[str, Any], at: datetime
) -> None:
    known = last_uses(before) if before else []
    for use in last_uses(answers):
        if use not in known:
            history.record_use(
                assessment.patient_id, use, source_kind="assessment", source_id=assessment.id, at=at
            )


def sign(patient_id: UUID, *, at: datetime) -> None:
    """Close the assessment for good with its scales and facts, and keep what the rules recommend on it.

    Unknown answers do not hinder: the recommendation says what is missing. Raises Missing, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        assessment = _locked(session, patient_id)
        sheet = queries.sheet(assessment.id)
        if not sheet.sections and not sheet.scales:
            raise Refused("Save at least one section before you sign. Nothing is assessed yet.")
        _keep_scales(session, sheet, at)
        _record_facts(sheet, at)
        findings = sheet.findings(at)
        found = recommend(findings, queries.limits())
        assessment.signed_at, assessment.signed_by = at, _user()
        session.add(
            Placement(
                assessment_id=assessment.id,
                patient_id=patient_id,
                recommended_at=at,
                outcome=found.outcome,
                then=found.then,
                medication=found.medication,
                rules_version=found.version,
                settings_version=configuration.version(),
                findings=plain(findings),
                recommendation=found.kept(),
            )
        )
        _audit("signed", patient_id, assessment.id, at, detail=found.outcome)


def _keep_scales(session: Session, sheet: Sheet, at: datetime) -> None:
    """Completed scales are signed and bound to the assessment; a draft stays open and does not count."""
    for section, scale in sheet.scales.items():
        if scale.completed_at is None:
            continue
        instruments.sign(sheet.patient_id, scale.id, at=at)
        row = session.scalar(
            select(AssessmentSection).where(
                AssessmentSection.assessment_id == sheet.id, AssessmentSection.section == section
            )
        )
        if row is None:
            row = AssessmentSection(assessment_id=sheet.id, section=section, answers={})
            row.saved_at, row.saved_by = at, _user()
            session.add(row)
        row.administration_id = scale.id
    session.flush()  # before the signature: sections of a signed assessment are never changed


def _record_facts(sheet: Sheet, at: datetime) -> None:
    answers = sheet.saved(Section.SAFETY).answers
    for key, kind in FACTS.items():
        if key in answers:
            fact = NewFact(kind, answers[key], on=local(at, current().zone).date(), source_kind="assessment")
            history.record_fact(sheet.patient_id, fact, source_id=sheet.id, at=at)


def _locked(session: Session, patient_id: UUID) -> Assessment:
    mine = (Assessment.patient_id == patient_id, Assessment.signed_at.is_(None))
    assessment = session.scalar(select(Assessment).where(*mine).with_for_update())
    if assessment is None:
        raise Missing
    return assessment


def _user() -> UUID:
    who = actor.get().id
    if who is None:
        raise Refused("Sign in to assess.")
    return who


def _audit(what: str, patient_id: UUID, assessment_id: Any, at: datetime, **more: Any) -> None:
    audit.record(
        f"assessment.{what}", [patient_id], at=at, subject_kind="assessment", subject_id=assessment_id, **more
    )
