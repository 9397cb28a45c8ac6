"""Registering patients, keeping how they may be reached, and who may see them."""

import secrets
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid
from clinic.core.ids import uuid7
from clinic.core.rules import local
from clinic.core.sealed import blind_index
from clinic.patients import queries
from clinic.patients.access import listing, require
from clinic.patients.models import (
    ChannelConsent,
    ConsentEvent,
    ContactPoint,
    Patient,
    Relation,
    SupportPerson,
)
from clinic.patients.queries import Match, NoPermission, Permission, Person
from clinic.patients.rules import (
    CARRIES,
    Channel,
    ConsentEventKind,
    ConsentGiven,
    NewPatient,
    NewSupporter,
    PointKind,
    RelationKind,
    Right,
    Search,
    Source,
    birth_date_problem,
    folded,
    record_number,
    safe_hours_problem,
    sounds_like,
)


def register(new: NewPatient, *, at: datetime) -> UUID:
    """Open a record; the site's coordinators and desk may see it. Raises Invalid("birth_date", …)."""
    if problem := birth_date_problem(new.birth_date, local(at, new.zone).date()):
        raise Invalid("birth_date", problem)
    with transaction() as session:
        patient = Patient(
            record_number=_free_record_number(session),
            family_name=new.family_name,
            given_name=new.given_name,
            called_name=new.called_name,
            name_folded=folded(f"{new.family_name} {new.given_name} {new.called_name or ''}"),
            family_sound=sounds_like(new.family_name),
            pronouns=new.pronouns,
            birth_date=new.birth_date,
            sex=new.sex,
            zone=new.zone,
            language=new.language,
            site_id=new.site_id,
            registered_at=at,
        )
        session.add(patient)
        session.flush()
        for kind in (RelationKind.INTAKE, RelationKind.DESK):
            relate(patient.id, kind, new.site_id, at=at, source_kind="patient", source_id=patient.id)
        if new.phone:
            _add_point(session, patient.id, PointKind.PHONE, new.phone, new.may_voicemail, at)
        if new.email:
            _add_point(session, patient.id, PointKind.EMAIL, new.email, False, at)
        audit.record("patient.registered", [patient.id], at=at)
    return patient.id


def likely_same(
    birth_date: date | None, family_name: str, phone: str | None, *, now: datetime
) -> list[Match]:
    """Who is registered already and may be the same person, to be shown before saving (C4.8). Audited."""
    with transaction():
        matches = queries.likely_same(birth_date, family_name, phone, now=now)
        listing("patient.likely_same", [match.person.id for match in matches], now=now)
    return matches


def my_patients(*, now: datetime) -> list[Person]:
    """The actor's own patients by family name, at most LIST_LIMIT + 1. Audited."""
    with transaction():
        mine = queries.caseload(now=now)
        listing("patient.list", [person.id for person in mine], now=now)
    return mine


def find(search: Search, *, now: datetime) -> list[Person]:
    """Patients the actor may see who fit, at most LIST_LIMIT + 1. Audited."""
    with transaction():
        fitting = queries.found(search, now=now)
        listing("patient.search", [person.id for person in fitting], now=now)
    return fitting


def _free_record_number(session: Session) -> str:
    while True:
        number = record_number(f"{1_000_000 + secrets.randbelow(9_000_000)}")
        if session.scalar(select(Patient.id).where(Patient.record_number == number)) is None:
            return number


def add_contact_point(
    patient_id: UUID, kind: PointKind, value: str, *, may_voicemail: bool, at: datetime
) -> UUID:
    """Keep a number (E.164) or address as in use; one that is there already stays. Consent is asked anew."""
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        in_use = (ContactPoint.value_index == blind_index(value), ContactPoint.valid_to.is_(None))
        if session.scalar(select(ContactPoint.id).where(ContactPoint.patient_id == patient_id, *in_use)):
            raise Invalid("value", "This is already one of the contacts in use")
        point_id = _add_point(session, patient_id, kind, value, may_voicemail, at)
        audit.record("contact_point.added", [patient_id], subject_id=point_id, detail=kind, at=at)
    return point_id


def _add_point(
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


def record_consent(patient_id: UUID, given: ConsentGiven, *, at: datetime) -> None:
    """Keep that the patient agrees to messages, with the words shown. Raises Invalid for impossible hours."""
    problem = safe_hours_problem(
        given.safe_from,
        given.safe_until,
        configuration.value("quiet_hours_from"),
        configuration.value("quiet_hours_until"),
    )
    if problem:
        raise Invalid("safe_until", problem)
    if not given.kinds:
        raise Invalid("kinds", "Choose at least one kind of message")
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        point = session.scalar(
            select(ContactPoint.kind).where(
                ContactPoint.id == given.contact_point_id,
                ContactPoint.patient_id == patient_id,
                ContactPoint.valid_to.is_(None),
            )
        )
        if point is not CARRIES[given.channel]:
            raise Invalid("contact_point_id", "Choose a contact that is in use")
        event = ConsentEvent(
            event=ConsentEventKind.OPT_IN,
            contact_point_id=given.contact_point_id,
            kinds=sorted(given.kinds),
            words_shown=given.words.text,
            words_version=given.words.version,
            safe_from=given.safe_from,
            safe_until=given.safe_until,
            may_use_first_name=given.may_use_first_name,
            taken_by=actor.get().id if actor.get().kind is ActorKind.USER else None,
            source=given.source,
            at=at,
        )
        _append(session, _locked(session, patient_id, given.channel), event)
        audit.record("consent.given", [patient_id], detail=given.channel, at=at)


def revoke(patient_id: UUID, channel: Channel, source: Source, *, at: datetime) -> None:
    """Nothing more on this channel, at once and of every kind (P3.2). Revoking twice changes nothing.

    Staff need the right to the record; the patient's own page and a provider speak for the patient.
    """
    with transaction() as session:
        if actor.get().kind is ActorKind.USER:
            require(patient_id, Right.DEMOGRAPHICS, at)
        _stop(session, patient_id, channel, ConsentEventKind.OPT_OUT, source, at)


def opt_out_number(number: str, source: Source, *, at: datetime) -> list[UUID]:
    """STOP from a number (E.164): all who share it, and all numbers of those. Gives the patients."""
    return _stop_number(number, ConsentEventKind.OPT_OUT, source, at)


def pause_number(number: str, source: Source, *, at: datetime) -> list[UUID]:
    """Words that may mean stop: nothing is sent to who shares the number until a person has asked (P3.2)."""
    return _stop_number(number, ConsentEventKind.PAUSED, source, at)


def _stop_number(number: str, event: ConsentEventKind, source: Source, at: datetime) -> list[UUID]:
    with transaction() as session:
        patient_ids = sorted(queries.by_number(number))  # one order of locks for all
        for patient_id in patient_ids:
            _stop(session, patient_id, Channel.SMS, event, source, at)
    return patient_ids


def _stop(
    session: Session,
    patient_id: UUID,
    channel: Channel,
    event: ConsentEventKind,
    source: Source,
    at: datetime,
) -> None:
    lock_id = _locked(session, patient_id, channel)
    last = session.scalar(
        select(ConsentEvent.event)
        .where(ConsentEvent.channel_consent_id == lock_id)
        .order_by(ConsentEvent.position.desc())
        .limit(1)
    )
    if last in (event, ConsentEventKind.OPT_OUT):
        return  # already as quiet as that
    taken_by = actor.get().id if actor.get().kind is ActorKind.USER else None
    stop = ConsentEvent(
        event=event, kinds=[], may_use_first_name=False, taken_by=taken_by, source=source, at=at
    )
    _append(session, lock_id, stop)
    audit.record(f"consent.{event}", [patient_id], detail=channel, at=at)


def lock_consent(patient_id: UUID, channel: Channel) -> Permission | NoPermission:
    """Hold a patient's consent until the transaction ends, and say what may be sent."""
    with transaction() as session:
        _locked(session, patient_id, channel)
        return queries.permission(patient_id, channel)


def _locked(session: Session, patient_id: UUID, channel: Channel) -> UUID:
    """The id of the consent row, made where there is none, locked until the transaction ends."""
    insert_new(session, ChannelConsent, [{"id": uuid7(), "patient_id": patient_id, "channel": channel}])
    mine = (ChannelConsent.patient_id == patient_id, ChannelConsent.channel == channel)
    return session.scalars(select(ChannelConsent.id).where(*mine).with_for_update()).one()


def _append(session: Session, lock_id: UUID, event: ConsentEvent) -> None:
    last = select(func.max(ConsentEvent.position)).where(ConsentEvent.channel_consent_id == lock_id)
    event.channel_consent_id, event.position = lock_id, (session.scalar(last) or 0) + 1
    session.add(event)
    session.flush()


def relate(
    patient_id: UUID, kind: RelationKind, subject_id: UUID, *, at: datetime, source_kind: str, source_id: UUID
) -> None:
    """A staff user or site has to do with a patient from now on. A relation that holds already is kept."""
    row = {
        "id": uuid7(),
        "patient_id": patient_id,
        "kind": kind,
        "subject_id": subject_id,
        "starts_at": at,
        "source_kind": source_kind,
        "source_id": source_id,
    }
    with transaction() as session:
        if insert_new(session, Relation, [row]):
            audit.record("relation.began", [patient_id], subject_id=subject_id, detail=kind, at=at)


def end_relations(
    patient_id: UUID, kind: RelationKind, *, at: datetime, subject_id: UUID | None = None
) -> None:
    """End a patient's relations of one kind, or only the one to this subject."""
    current = [Relation.patient_id == patient_id, Relation.kind == kind, Relation.ends_at.is_(None)]
    if subject_id:
        current.append(Relation.subject_id == subject_id)
    end = update(Relation).where(*current).values(ends_at=at).returning(Relation.subject_id)
    with transaction() as session:
        for ended in session.scalars(end).all():
            audit.record("relation.ended", [patient_id], subject_id=ended, detail=kind, at=at)


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
    """Nothing more may be told to this person. Ending twice changes nothing."""
    mine = (
        SupportPerson.id == person_id,
        SupportPerson.patient_id == patient_id,
        SupportPerson.ended_at.is_(None),
    )
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        if session.scalar(update(SupportPerson).where(*mine).values(ended_at=at).returning(SupportPerson.id)):
            audit.record("support_person.ended", [patient_id], subject_id=person_id, at=at)
