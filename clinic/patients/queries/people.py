"""Patients in lists, found by a search, or likely the same person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from clinic.core.db import db, read
from clinic.core.rules import local
from clinic.patients.access import NOW, listed, on_caseload, sees_many, visible
from clinic.patients.models import Patient
from clinic.patients.queries.contacts import holders
from clinic.patients.rules import Address, Right, Search, age, born, spaced


@dataclass(frozen=True)
class Person:
    """A patient as a list shows one. `age` is in completed years today in the patient's zone."""

    id: UUID
    name: str
    pronouns: str | None
    birth_date: date
    age: int
    record_number: str

    @property
    def born(self) -> str:
        """May 3, 1992."""
        return born(self.birth_date)

    @property
    def record(self) -> str:
        """4821 7306."""
        return spaced(self.record_number)


LIST_LIMIT = 50


# The columns of a Person, for the lists of any room that joins the patient.
PERSON = (
    Patient.id.label("person_id"), Patient.given_name, Patient.called_name, Patient.family_name,
    Patient.pronouns, Patient.birth_date, Patient.record_number, Patient.zone,
)  # fmt: skip
_PEOPLE = select(*PERSON).where(Patient.id.in_(bindparam("ids", expanding=True)))


def people(ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Person]:
    """Patients by id, for lists that the caller has authorised and audits."""
    if not (wanted := list(ids)):
        return {}
    rows = read(_PEOPLE, {"ids": wanted})
    return {row.person_id: person(row, now) for row in rows}


def caseload(*, now: datetime) -> list[Person]:
    """'My patients' of the actor by family name, at most LIST_LIMIT + 1."""
    mine = select(*PERSON).where(on_caseload(Patient.id, now=now))
    return _people(mine.order_by(Patient.name_folded, Patient.id).limit(LIST_LIMIT + 1), now)


def found(search: Search, *, now: datetime) -> list[Person]:
    """Patients the actor may see who fit a search, by family name, at most LIST_LIMIT + 1."""
    by_name = bool(search.words) and not sees_many(Right.DEMOGRAPHICS, now=now)
    who_may = listed if by_name else visible  # a number or a date leaves so few that each can be asked about
    wanted = [who_may(Patient.id, Right.DEMOGRAPHICS, now=now)]
    if search.record_number:
        wanted.append(Patient.record_number == search.record_number)
    if search.birth_date:
        wanted.append(Patient.birth_date == search.birth_date)
    if search.phone:
        wanted.append(Patient.id.in_(holders(search.phone)))
    wanted += [Patient.name_folded.contains(word, autoescape=True) for word in search.words]
    chosen = select(*PERSON).where(*wanted)
    return _people(chosen.order_by(Patient.name_folded, Patient.id).limit(LIST_LIMIT + 1), now)


def with_right(ids: Iterable[UUID], right: Right, *, now: datetime) -> set[UUID]:
    """Those of the patients of whom the actor holds a right."""
    return set(
        db.session.scalars(
            select(Patient.id).where(Patient.id.in_(set(ids)), visible(Patient.id, right, now=now))
        )
    )


class Residence(NamedTuple):
    """Former family names, and where somebody lives."""

    former_names: str | None
    address: Address


_RESIDENCE = select(Patient.former_names, Patient.address_sealed).where(Patient.id == bindparam("patient_id"))


def residence(patient_id: UUID) -> Residence:
    """What only the details tell of somebody; the caller has opened the record."""
    row = read(_RESIDENCE, {"patient_id": patient_id}).one()
    return Residence(
        row.former_names, Address(**(Patient.address.reveal(patient_id, row.address_sealed) or {}))
    )


_other = aliased(Patient)  # built once: building it costs more than asking
_NAMESAKE = (
    select(_other.given_name, _other.called_name, _other.family_name)
    .join(Patient, Patient.id == bindparam("patient_id"))
    .where(
        _other.family_sound == Patient.family_sound,
        func.substr(_other.given_name, 1, 1) == func.substr(Patient.given_name, 1, 1),
        _other.id != Patient.id,
        visible(_other.id, Right.DEMOGRAPHICS, now=NOW),
    )
    .order_by(_other.id)
    .limit(1)
)


def namesake(patient_id: UUID, *, now: datetime) -> str | None:
    """The name of another visible patient whose names sound and begin alike, to be told apart."""
    row = read(_NAMESAKE, {"patient_id": patient_id, "now": now}).first()
    return f"{row.called_name or row.given_name} {row.family_name}" if row else None


def _people(wanted: Select[*tuple[Any, ...]], now: datetime) -> list[Person]:
    return [person(row, now) for row in db.session.execute(wanted)]


def person(row: Row[*tuple[Any, ...]], now: datetime) -> Person:
    """Who a row with the columns of `PERSON` is about."""
    return Person(
        id=row.person_id,
        name=f"{row.called_name or row.given_name} {row.family_name}",
        pronouns=row.pronouns,
        birth_date=row.birth_date,
        age=age(row.birth_date, local(now, row.zone).date()),
        record_number=row.record_number,
    )
