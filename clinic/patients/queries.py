"""Reading patients: small rows for lists, matches, and what may be sent to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from clinic.core.db import db
from clinic.core.rules import local
from clinic.core.sealed import blind_index
from clinic.patients.access import on_caseload, visible
from clinic.patients.models import (
    ChannelConsent,
    ConsentEvent,
    ContactPoint,
    Patient,
    SupportPerson,
)
from clinic.patients.rules import (
    Channel,
    ConsentEventKind,
    MessageKind,
    PointKind,
    Right,
    Search,
    Source,
    Topic,
    WhyNot,
    age,
    born,
    sounds_like,
    spaced,
    why_not,
)


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


@dataclass(frozen=True)
class Match:
    """Somebody registered who may be the same person, and why (C4.8)."""

    person: Person
    same_phone: bool
    same_birth_date_and_sound: bool


@dataclass(frozen=True)
class Permission:
    """What may be sent to whom: `number` is E.164 or the address, safe hours are local."""

    contact_point_id: UUID
    number: str
    kinds: frozenset[MessageKind]
    safe_from: time
    safe_until: time
    zone: str
    language: str
    first_name: str | None


@dataclass(frozen=True)
class NoPermission:
    """Nothing may be sent, and why."""

    why: WhyNot


@dataclass(frozen=True)
class Point:
    """A contact point in use or ended."""

    id: UUID
    kind: PointKind
    value: str
    may_voicemail: bool
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class ConsentLine:
    """One event of a consent, newest first, as the page tells it."""

    channel: Channel
    event: ConsentEventKind
    contact_point_id: UUID | None
    kinds: Sequence[str]
    safe_from: time | None
    safe_until: time | None
    may_use_first_name: bool
    words_version: str | None
    words_shown: str | None
    taken_by: UUID | None
    source: Source
    at: datetime

    @property
    def kind_labels(self) -> list[str]:
        """What was agreed to, in words."""
        return [MessageKind(kind).label for kind in self.kinds]


@dataclass(frozen=True)
class Supporter:
    """Somebody close to the patient."""

    id: UUID
    name: str
    relationship: str
    phone: str | None
    may_be_told: Sequence[str]
    agreed_until: date | None

    @property
    def topics(self) -> list[str]:
        """What may be told, in words."""
        return [Topic(topic).label for topic in self.may_be_told]


LIST_LIMIT = 200
_PERSON = (
    Patient.id, Patient.given_name, Patient.called_name, Patient.family_name, Patient.pronouns,
    Patient.birth_date, Patient.record_number, Patient.zone,
)  # fmt: skip


def people(ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Person]:
    """Patients by id, for lists that the caller has authorised and audits."""
    return {person.id: person for person in _people(select(*_PERSON).where(Patient.id.in_(set(ids))), now)}


def caseload(*, now: datetime) -> list[Person]:
    """'My patients' of the actor by family name, at most LIST_LIMIT + 1."""
    mine = select(*_PERSON).where(on_caseload(Patient.id, now=now))
    return _people(mine.order_by(Patient.name_folded, Patient.id).limit(LIST_LIMIT + 1), now)


def found(search: Search, *, now: datetime) -> list[Person]:
    """Patients the actor may see who fit a search, by family name, at most LIST_LIMIT + 1."""
    wanted = [visible(Patient.id, Right.DEMOGRAPHICS, now=now)]
    if search.record_number:
        wanted.append(Patient.record_number == search.record_number)
    if search.birth_date:
        wanted.append(Patient.birth_date == search.birth_date)
    if search.phone:
        wanted.append(Patient.id.in_(_holders(search.phone)))
    wanted += [Patient.name_folded.contains(word, autoescape=True) for word in search.words]
    chosen = select(*_PERSON).where(*wanted)
    return _people(chosen.order_by(Patient.name_folded, Patient.id).limit(LIST_LIMIT + 1), now)


def with_right(ids: Iterable[UUID], right: Right, *, now: datetime) -> set[UUID]:
    """Those of the patients of whom the actor holds a right."""
    return set(
        db.session.scalars(
            select(Patient.id).where(Patient.id.in_(set(ids)), visible(Patient.id, right, now=now))
        )
    )


def likely_same(
    birth_date: date | None, family_name: str, phone: str | None, *, now: datetime
) -> list[Match]:
    """Visible patients with the same birth date and a surname that sounds alike, or the same phone (C4.8)."""
    same = and_(Patient.birth_date == birth_date, Patient.family_sound == sounds_like(family_name))
    shares = Patient.id.in_(_holders(phone)) if phone else false()
    wanted = select(*_PERSON, same.label("same_birth_date_and_sound"), shares.label("same_phone")).where(
        or_(same, shares), visible(Patient.id, Right.DEMOGRAPHICS, now=now)
    )
    return [
        Match(_person(row, now), bool(row.same_phone), bool(row.same_birth_date_and_sound))
        for row in db.session.execute(wanted.order_by(Patient.name_folded))
    ]


def namesake(patient_id: UUID, *, now: datetime) -> str | None:
    """The name of another visible patient whose names sound and begin alike, to be told apart."""
    other = aliased(Patient)
    alike = (
        other.family_sound == Patient.family_sound,
        func.substr(other.given_name, 1, 1) == func.substr(Patient.given_name, 1, 1),
        other.id != Patient.id,
        visible(other.id, Right.DEMOGRAPHICS, now=now),
    )
    wanted = select(other.given_name, other.called_name, other.family_name).join(Patient, and_(*alike))
    row = db.session.execute(wanted.where(Patient.id == patient_id).order_by(other.id).limit(1)).first()
    return f"{row.called_name or row.given_name} {row.family_name}" if row else None


def by_number(number: str) -> list[UUID]:
    """Patients whose number in use this is (E.164); families share phones, so there may be several."""
    return list(db.session.scalars(_holders(number)))


def phone_of(patient_id: UUID) -> str | None:
    """The number to call: the newest phone in use, E.164."""
    return phones([patient_id]).get(patient_id)


def phones(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The number to call of each patient who has one, for lists that the caller has authorised."""
    in_use = select(ContactPoint.id, ContactPoint.patient_id, ContactPoint.value_sealed).where(
        ContactPoint.patient_id.in_(set(ids)),
        ContactPoint.kind == PointKind.PHONE,
        ContactPoint.valid_to.is_(None),
    )
    rows = db.session.execute(in_use.order_by(ContactPoint.valid_from, ContactPoint.id))
    newest = {row.patient_id: row for row in rows}
    return {
        patient_id: ContactPoint.value.reveal(row.id, row.value_sealed) for patient_id, row in newest.items()
    }


def permission(patient_id: UUID, channel: Channel) -> Permission | NoPermission:
    """What may be sent on a channel as it stands now, without a lock: for pages. To send: `lock_consent`."""
    event, later = aliased(ConsentEvent), aliased(ConsentEvent)
    newest = ~exists().where(
        later.channel_consent_id == event.channel_consent_id, later.position > event.position
    )
    wanted = (
        select(
            event.event, event.kinds, event.safe_from, event.safe_until, event.may_use_first_name,
            ContactPoint.id.label("point_id"), ContactPoint.value_sealed, ContactPoint.valid_to,
            Patient.zone, Patient.language, Patient.given_name, Patient.called_name, Patient.deceased_at,
        )
        .select_from(Patient)
        .outerjoin(
            ChannelConsent, and_(ChannelConsent.patient_id == Patient.id, ChannelConsent.channel == channel)
        )
        .outerjoin(event, and_(event.channel_consent_id == ChannelConsent.id, newest))
        .outerjoin(ContactPoint, ContactPoint.id == event.contact_point_id)
        .where(Patient.id == patient_id)
    )  # fmt: skip
    row = db.session.execute(wanted).one()
    in_use = row.point_id is not None and row.valid_to is None
    if why := why_not(row.event, deceased=row.deceased_at is not None, in_use=in_use):
        return NoPermission(why)
    return Permission(
        contact_point_id=row.point_id,
        number=ContactPoint.value.reveal(row.point_id, row.value_sealed),
        kinds=frozenset(MessageKind(kind) for kind in row.kinds),
        safe_from=row.safe_from,
        safe_until=row.safe_until,
        zone=row.zone,
        language=row.language,
        first_name=(row.called_name or row.given_name) if row.may_use_first_name else None,
    )


def contact_points(patient_id: UUID) -> list[Point]:
    """All contact points, those in use first, newest first."""
    columns = (
        ContactPoint.id, ContactPoint.kind, ContactPoint.value_sealed, ContactPoint.may_voicemail,
        ContactPoint.valid_from, ContactPoint.valid_to,
    )  # fmt: skip
    wanted = select(*columns).where(ContactPoint.patient_id == patient_id)
    newest = (ContactPoint.valid_to.is_not(None), ContactPoint.valid_from.desc(), ContactPoint.id.desc())
    return [
        Point(
            row.id, row.kind, ContactPoint.value.reveal(row.id, row.value_sealed), row.may_voicemail,
            row.valid_from, row.valid_to,
        )
        for row in db.session.execute(wanted.order_by(*newest))
    ]  # fmt: skip


def consent_history(patient_id: UUID) -> list[ConsentLine]:
    """Every consent event of a patient, newest first."""
    names = tuple(ConsentLine.__dataclass_fields__)[1:]
    wanted = (
        select(ChannelConsent.channel, *(getattr(ConsentEvent, name) for name in names))
        .join(ChannelConsent, ChannelConsent.id == ConsentEvent.channel_consent_id)
        .where(ChannelConsent.patient_id == patient_id)
        .order_by(ConsentEvent.at.desc(), ConsentEvent.position.desc())
    )
    return [ConsentLine(*row) for row in db.session.execute(wanted)]


def supporters(patient_id: UUID) -> list[Supporter]:
    """Support people that are not ended, first added first."""
    columns = (
        SupportPerson.id, SupportPerson.name_sealed, SupportPerson.relationship, SupportPerson.phone_sealed,
        SupportPerson.may_be_told, SupportPerson.agreed_until,
    )  # fmt: skip
    wanted = select(*columns).where(SupportPerson.patient_id == patient_id, SupportPerson.ended_at.is_(None))
    return [
        Supporter(
            row.id,
            SupportPerson.name.reveal(row.id, row.name_sealed),
            row.relationship,
            SupportPerson.phone.reveal(row.id, row.phone_sealed),
            row.may_be_told,
            row.agreed_until,
        )
        for row in db.session.execute(wanted.order_by(SupportPerson.added_at, SupportPerson.id))
    ]


def _holders(number: str) -> Select[UUID]:
    in_use = (ContactPoint.value_index == blind_index(number), ContactPoint.valid_to.is_(None))
    return select(ContactPoint.patient_id).where(*in_use).distinct()


def _people(wanted: Select[*tuple[Any, ...]], now: datetime) -> list[Person]:
    return [_person(row, now) for row in db.session.execute(wanted)]


def _person(row: Row[*tuple[Any, ...]], now: datetime) -> Person:
    return Person(
        id=row.id,
        name=f"{row.called_name or row.given_name} {row.family_name}",
        pronouns=row.pronouns,
        birth_date=row.birth_date,
        age=age(row.birth_date, local(now, row.zone).date()),
        record_number=row.record_number,
    )
