"""Ending a consent: taken back, its event came, or it is known to be false (P1.7)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.consents.models import Consent, ConsentEnd
from clinic.consents.rules.elements import EndKind, Way
from clinic.core import actor
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Missing
from clinic.core.ids import uuid7
from clinic.patients.access import require
from clinic.patients.rules import Right


def end(patient_id: UUID, consent_id: UUID, kind: EndKind, *, at: datetime) -> None:
    """From this commit on nothing more is disclosed with the consent; what was disclosed stays kept.

    The lock of the consent orders this with disclosures under way. A second time changes nothing; a note
    in writing after a word is kept beside it. Raises Hidden, Missing where no such consent is active.
    """
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        active = (
            Consent.id == consent_id,
            Consent.patient_id == patient_id,
            Consent.activated_at.is_not(None),
        )
        if session.scalar(select(Consent.id).where(*active).with_for_update()) is None:
            raise Missing
        _keep(session, patient_id, consent_id, kind, at)


def treatment_ended(_: UUID, patient_id: UUID, at: datetime) -> None:
    """The episode closed: what was to hold until the end of treatment ends in the same transaction."""
    with transaction() as session:
        until_then = (
            Consent.patient_id == patient_id,
            Consent.activated_at.is_not(None),
            Consent.expires == Way.TREATMENT_END,
            ~exists().where(ConsentEnd.consent_id == Consent.id, ConsentEnd.kind == EndKind.EVENT),
        )
        wanted = select(Consent.id).where(*until_then).order_by(Consent.id)
        for consent_id in session.scalars(wanted.with_for_update()).all():
            _keep(session, patient_id, consent_id, EndKind.EVENT, at)


def _keep(session: Session, patient_id: UUID, consent_id: UUID, kind: EndKind, at: datetime) -> None:
    row = {"id": uuid7(), "consent_id": consent_id, "kind": kind, "at": at, "recorded_by": actor.user_id()}
    if insert_new(session, ConsentEnd, [row]):
        audit.record(
            "disclosure_consent.ended",
            [patient_id],
            at=at,
            subject_kind="consent",
            subject_id=consent_id,
            detail=kind,
        )
