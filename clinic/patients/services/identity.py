"""Registering patients and finding them again."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Stale
from clinic.core.rules import local
from clinic.patients import queries
from clinic.patients.access import listing, require
from clinic.patients.models import DetailsCorrection, Patient
from clinic.patients.queries import Match, Person
from clinic.patients.rules import (
    Address,
    Details,
    NewPatient,
    PointKind,
    RelationKind,
    Right,
    Search,
    birth_date_problem,
    folded,
    record_number,
    sounds_like,
)
from clinic.patients.rules.identity import with_former
from clinic.patients.rules.matching import Identifiers
from clinic.patients.services.contacts import add_point
from clinic.patients.services.keys import keep_keys
from clinic.patients.services.relations import relate


def register(new: NewPatient, *, at: datetime) -> UUID:
    """Open a record; the site's coordinators and desk may see it. Raises Invalid("birth_date", …)."""
    if problem := birth_date_problem(new.birth_date, local(at, new.zone).date()):
        raise Invalid("birth_date", problem)
    with transaction() as session:
        (number,) = free_record_numbers(session, 1)
        patient = Patient(record_number=number, address=kept_address(new.address), **columns(new, at))
        session.add(patient)
        session.flush()
        for kind in (RelationKind.INTAKE, RelationKind.DESK):
            relate(patient.id, kind, new.site_id, at=at, source_kind="patient", source_id=patient.id)
        if new.phone:
            add_point(session, patient.id, PointKind.PHONE, new.phone, new.may_voicemail, at)
        if new.email:
            add_point(session, patient.id, PointKind.EMAIL, new.email, False, at)
        keep_keys(session, [patient.id], now=at)
        audit.record("patient.registered", [patient.id], at=at)
    return patient.id


def correct(patient_id: UUID, new: Details, *, reason: str, version: int, at: datetime) -> None:
    """Put right who somebody is; what stood there before is kept with the reason.

    Raises Invalid("birth_date", …), Stale if another did so meanwhile.
    """
    with transaction() as session:
        require(patient_id, Right.DEMOGRAPHICS, at)
        patient = session.get_one(Patient, patient_id, with_for_update=True, populate_existing=True)
        if patient.version != version:
            raise Stale
        if problem := birth_date_problem(new.birth_date, local(at, patient.zone).date()):
            raise Invalid("birth_date", problem)
        former = with_former(new.former_names, patient.family_name, new.family_name)
        wanted = vars(new) | {"former_names": former, "address": kept_address(new.address)}
        changed = [name for name, value in wanted.items() if getattr(patient, name) != value]
        if not changed:
            return
        changes = {name: [_text(getattr(patient, name)), _text(wanted[name])] for name in changed}
        for name, value in {**{name: wanted[name] for name in changed}, **_searched(new, former)}.items():
            setattr(patient, name, value)
        session.flush()
        keep_keys(session, [patient_id], now=at)
        session.add(
            DetailsCorrection(
                patient_id=patient_id,
                version=patient.version,
                changes=changes,
                reason=reason,
                corrected_by=actor.user_id(),
                corrected_at=at,
            )
        )
        audit.record("patient.corrected", [patient_id], changes=changes, at=at)


def _text(value: str | date | dict[str, Any] | None) -> str | None:
    if isinstance(value, dict):
        return Address(**value).words
    return None if value is None else str(value)


def _searched(new: NewPatient | Details, former_names: str | None) -> dict[str, str]:
    """The forms of a name by which somebody is found: former ones too."""
    names = filter(None, (new.family_name, new.given_name, new.called_name, former_names))
    return {
        "name_folded": folded(" ".join(names)),
        "family_sound": sounds_like(new.family_name),
    }


def likely_same(wanted: Identifiers, *, everybody: bool = False, now: datetime) -> list[Match]:
    """Who is registered already and may be the same person, best first (C4.8). Audited.

    Of whom the actor may see; a command looks at `everybody`.
    """
    with transaction():
        matches = queries.likely_same(wanted, everybody=everybody, now=now)
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


def columns(new: NewPatient, at: datetime) -> dict[str, Any]:
    """What the table holds of somebody who is registered, without number and address."""
    return {
        "family_name": new.family_name,
        "given_name": new.given_name,
        "called_name": new.called_name,
        "former_names": new.former_names,
        **_searched(new, new.former_names),
        "external_id": new.external_id,
        "pronouns": new.pronouns,
        "birth_date": new.birth_date,
        "sex": new.sex,
        "zone": new.zone,
        "language": new.language,
        "site_id": new.site_id,
        "registered_at": at,
    }


def kept_address(address: Address) -> dict[str, Any] | None:
    """An address as it is sealed; None where nothing is known."""
    return vars(address) if address else None


def free_record_numbers(session: Session, count: int) -> list[str]:
    """So many random record numbers that nobody has."""
    found: set[str] = set()
    while missing := count - len(found):
        made = {record_number(f"{1_000_000 + secrets.randbelow(9_000_000)}") for _ in range(missing)}
        taken = session.scalars(select(Patient.record_number).where(Patient.record_number.in_(made)))
        found |= made.difference(taken)
    return list(found)
