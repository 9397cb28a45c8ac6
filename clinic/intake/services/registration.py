"""From a call for help to a patient."""

from datetime import datetime
from uuid import UUID

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.intake.models import Referral
from clinic.intake.rules.referral import State
from clinic.intake.services import assessments
from clinic.intake.services.referrals import locked
from clinic.patients import queries as patient_queries
from clinic.patients import services as patients
from clinic.patients.access import require
from clinic.patients.rules import NewPatient, PointKind, RelationKind, Right


def register(referral_id: UUID, new: NewPatient, *, at: datetime) -> UUID:
    """Register the person of a referral and begin the assessment. Returns the patient.

    Raises Invalid (birth date), Missing, Refused where the referral ended meanwhile.
    """
    with transaction() as session:
        referral = locked(session, referral_id)
        patient_id = patients.register(new, at=at)
        _end(referral, patient_id, at)
    return patient_id


def same_person(referral_id: UUID, patient_id: UUID, new: NewPatient, *, at: datetime) -> None:
    """The coordinator says that this patient asked again: intake sees the record again, a new phone is kept.

    Nothing else of `new` is taken over. Raises Hidden, Missing, Refused.
    """
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        referral = locked(session, referral_id)
        patients.relate(
            patient_id,
            RelationKind.INTAKE,
            referral.site_id,
            at=at,
            source_kind="referral",
            source_id=referral.id,
        )
        if new.phone and patient_id not in patient_queries.by_number(new.phone):
            patients.add_contact_point(
                patient_id, PointKind.PHONE, new.phone, may_voicemail=new.may_voicemail, at=at
            )
        _end(referral, patient_id, at)


def _end(referral: Referral, patient_id: UUID, at: datetime) -> None:
    referral.state, referral.patient_id = State.REGISTERED, patient_id
    referral.ended_at, referral.ended_by = at, actor.get().id
    assessments.begin(patient_id, at=at)
    audit.record("referral.registered", [patient_id], at=at, subject_kind="referral", subject_id=referral.id)
