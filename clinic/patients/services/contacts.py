"""Keeping how patients may be reached, and who is close to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing
from clinic.core.sealed import blind_index
from clinic.patients.access import require
from clinic.patients.models import ContactPoint, SupportPerson
from clinic.patients.rules import NewSupporter, PointKind, Right
from clinic.patients.services.keys import keep_keys


def add_contact_point(
    patient_id: UUID, kind: PointKind, value: str, *, may_voicemail: bool, at: datetime
) -> UUID:
    """Keep a number (E.164) or address as in use; one that is there already stays. Consent is asked anew."""
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        in_use = (ContactPoint.value_index == blind_index(value), ContactPoint.valid_to.is_(None))
        if session.scalar(select(ContactPoint.id).where(ContactPoint.patient_id == patient_id, *in_use)):
            raise Invalid("value", "This is already one of the contacts in use")
        point_id = add_point(session, patient_id, kind, value, may_voicemail, at)
        keep_keys(session, [patient_id], now=at)
        audit.record("contact_point.added", [patient_id], subject_id=point_id, detail=kind, at=at)
    return point_id


def add_point(
    session: Session, patient_id: UUID, kind: PointKind, value: str, may_voicemail: bool, at: datetime
) -> UUID:
    point = ContactPoint(
        patient_id=patient_id,
        kind=kind,
        value=value,
        value_index=blind_index(value),
        may_voicemail=may_voicemail,
        valid_from=at,
    )
    session.add(point)
    session.flush()
    return point.id


def end_contact_point(patient_id: UUID, point_id: UUID, *, at: datetime) -> None:
    """A number is out of use; what was agreed for it is no longer sent. Ending twice changes nothing."""
    mine = (
        ContactPoint.id == point_id,
        ContactPoint.patient_id == patient_id,
        ContactPoint.valid_to.is_(None),
    )
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        if session.scalar(update(ContactPoint).where(*mine).values(valid_to=at).returning(ContactPoint.id)):
            audit.record("contact_point.ended", [patient_id], subject_id=point_id, at=at)


def add_support_person(patient_id: UUID, new: NewSupporter, *, at: datetime) -> UUID:
    """Keep somebody close and what the patient allows them to be told."""
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        person = SupportPerson(
            patient_id=patient_id,
            name=new.name,
            relationship=new.relationship,
            phone=new.phone,
            may_be_told=sorted(new.may_be_told),
            agreed_until=new.agreed_until,
            added_at=at,
        )
        session.add(person)
        audit.record("support_person.added", [patient_id], subject_id=person.id, at=at)
    return person.id


def end_support_person(patient_id: UUID, person_id: UUID, *, at: datetime) -> None:
    """Nothing more may be told to this person. Ending twice changes nothing. Raises Hidden, Missing."""
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        wanted = select(SupportPerson).where(
            SupportPerson.id == person_id, SupportPerson.patient_id == patient_id
        )
        person = session.scalar(wanted.with_for_update())
        if person is None:
            raise Missing
        if person.ended_at is None:
            person.ended_at = at
            audit.record("support_person.ended", [patient_id], subject_id=person_id, at=at)
