"""Writing a consent down, changing its draft, and signing it for good."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.consents.models import Consent
from clinic.consents.queries import consents as queries
from clinic.consents.rules import elements
from clinic.consents.rules.completeness import mixed
from clinic.consents.rules.elements import Kind, Signature
from clinic.consents.rules.statements import WORDS_VERSION
from clinic.consents.rules.writing import Written, drafted
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Stale
from clinic.patients.access import require
from clinic.patients.models import Patient
from clinic.patients.rules import Right


def draft(patient_id: UUID, kind: Kind, written: Written, *, at: datetime) -> UUID:
    """Keep what was written down; nothing of it counts before it is signed. Gives its id. Raises Hidden."""
    with transaction() as session:
        require(patient_id, Right.CLINICAL, at)
        row = Consent(patient_id=patient_id, kind=kind, drafted_at=at, drafted_by=actor.user_id(), version=1)
        _write(session, row, written)
        session.add(row)
        session.flush()
        _audit("drafted", row, at)
    return row.id


def rewrite(patient_id: UUID, consent_id: UUID, written: Written, *, version: int, at: datetime) -> None:
    """Change a draft; `version` is that of the one shown. Raises Hidden, Missing, Stale."""
    with transaction() as session:
        row = _locked_draft(session, patient_id, consent_id, version, at)
        _write(session, row, written)
        row.drafted_at, row.drafted_by = at, actor.user_id()
        session.flush()
        _audit("drafted", row, at)


def activate(patient_id: UUID, consent_id: UUID, signature: Signature, *, version: int, at: datetime) -> None:
    """The person signs the draft of `version`; it holds from now and is never changed.

    Raises Hidden, Missing, Stale, and Invalid where an element is empty or what stands apart was mixed.
    """
    with transaction() as session:
        row = _locked_draft(session, patient_id, consent_id, version, at)
        shown = queries.one(patient_id, consent_id)
        lacks = [one.label for one in shown.lacks] + [one.label for one in mixed(shown.consent)]
        if lacks:
            raise Invalid("consent", f"Complete the consent first: {'; '.join(lacks)}")
        if not signature.whole:
            raise Invalid("authority", "Enter by what right this person signs")
        row.signer, row.signed_name, row.signed_at = signature.signer, signature.name, at
        row.authority, row.drawing = signature.authority or None, signature.drawing or None
        row.witness = signature.witness or None
        row.activated_at, row.activated_by = at, actor.user_id()
        session.flush()
        _audit("activated", row, at)


def _locked_draft(
    session: Session, patient_id: UUID, consent_id: UUID, version: int, at: datetime
) -> Consent:
    require(patient_id, Right.CLINICAL, at)
    mine = (Consent.id == consent_id, Consent.patient_id == patient_id)
    row = session.scalar(
        select(Consent).where(*mine).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise Missing
    if row.activated_at is not None or row.version != version:
        raise Stale
    return row


def _write(session: Session, row: Consent, written: Written) -> None:
    """Put down what was written, with the statements its kind needs; what is empty stays none."""
    name = session.execute(
        select(Patient.given_name, Patient.family_name).where(Patient.id == row.patient_id)
    ).one()
    consent = drafted(row.kind, " ".join(name), written)
    for field, value in _columns(consent).items():
        setattr(row, field, value)


def _columns(consent: elements.Consent) -> dict[str, Any]:
    through, expiry = consent.intermediary, consent.expiry
    return {
        "discloser": consent.discloser or None,
        "categories": sorted(consent.categories),
        "recipients": [{"name": one.name, "group": one.group} for one in consent.recipients] or None,
        "intermediary": (through.name or None) if through else None,
        "participants": (through.participants or None) if through else None,
        "to_covered_entity": consent.to_covered_entity,
        "purpose": consent.purpose,
        "expires": expiry.way if expiry else None,
        "expires_on": expiry.on if expiry else None,
        "expires_event": (expiry.event or None) if expiry else None,
        "right_to_revoke": consent.right_to_revoke or None,
        "redisclosure": consent.redisclosure or None,
        "tpo_redisclosure": consent.tpo_redisclosure or None,
        "tpo_refusal": consent.tpo_refusal or None,
        "words_version": WORDS_VERSION,
    }


def _audit(what: str, row: Consent, at: datetime) -> None:
    audit.record(
        f"disclosure_consent.{what}",
        [row.patient_id],
        at=at,
        subject_kind="consent",
        subject_id=row.id,
        detail=row.kind,
    )
