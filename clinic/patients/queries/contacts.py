"""How patients are reached, and who is close to them; the caller has authorised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from clinic.core.db import db, once_per_request, read
from clinic.core.sealed import blind_index
from clinic.patients.models import ContactPoint, SupportPerson
from clinic.patients.queries.consent import text_hours
from clinic.patients.rules import PointKind, Topic


@dataclass(frozen=True)
class Point:
    """A contact point in use or ended."""

    id: UUID
    kind: PointKind
    value: str
    may_voicemail: bool
    valid_from: datetime
    valid_to: datetime | None

    @property
    def in_use_as_phone(self) -> bool:
        """Whether somebody may be called here."""
        return self.kind is PointKind.PHONE and self.valid_to is None


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


def by_number(number: str) -> list[UUID]:
    """Patients whose number in use this is (E.164); families share phones, so there may be several."""
    return list(db.session.scalars(holders(number)))


def phone_of(patient_id: UUID) -> str | None:
    """The number to call: the newest phone in use, E.164."""
    return next((point.value for point in contact_points(patient_id) if point.in_use_as_phone), None)


# Built once, as those below: building them costs more than asking.
_PHONES = (
    select(ContactPoint.id, ContactPoint.patient_id, ContactPoint.value_sealed)
    .where(
        ContactPoint.patient_id.in_(bindparam("ids", expanding=True)),
        ContactPoint.kind == PointKind.PHONE,
        ContactPoint.valid_to.is_(None),
    )
    .order_by(ContactPoint.valid_from, ContactPoint.id)
)


def phones(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The number to call of each patient who has one, for lists that the caller has authorised."""
    if not (wanted := list(ids)):
        return {}
    rows = read(_PHONES, {"ids": wanted})
    newest = {row.patient_id: row for row in rows}
    return {
        patient_id: ContactPoint.value.reveal(row.id, row.value_sealed) for patient_id, row in newest.items()
    }


@dataclass(frozen=True)
class Reach:
    """How a person may be reached: the number to call (E.164) and what may be said on it.

    Texts go out between two local times, or not at all.
    """

    phone: str | None = None
    may_voicemail: bool = False
    texts_from: time | None = None
    texts_until: time | None = None


def reach(ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """How each patient may be reached, in two queries, for lists that the caller has authorised."""
    wanted = set(ids)
    in_use = (ContactPoint.kind == PointKind.PHONE, ContactPoint.valid_to.is_(None))
    points = select(
        ContactPoint.id, ContactPoint.patient_id, ContactPoint.value_sealed, ContactPoint.may_voicemail
    ).where(ContactPoint.patient_id.in_(wanted), *in_use)
    rows = db.session.execute(points.order_by(ContactPoint.valid_from, ContactPoint.id))
    newest, texts = {row.patient_id: row for row in rows}, text_hours(wanted)
    return {
        each: Reach(
            ContactPoint.value.reveal(row.id, row.value_sealed) if (row := newest.get(each)) else None,
            bool(row and row.may_voicemail),
            *texts.get(each, (None, None)),
        )
        for each in wanted
    }


_POINTS = (
    select(
        ContactPoint.id, ContactPoint.kind, ContactPoint.value_sealed, ContactPoint.may_voicemail,
        ContactPoint.valid_from, ContactPoint.valid_to,
    )
    .where(ContactPoint.patient_id == bindparam("patient_id"))
    .order_by(ContactPoint.valid_to.is_not(None), ContactPoint.valid_from.desc(), ContactPoint.id.desc())
)  # fmt: skip
_SUPPORTERS = (
    select(
        SupportPerson.id, SupportPerson.name_sealed, SupportPerson.relationship, SupportPerson.phone_sealed,
        SupportPerson.may_be_told, SupportPerson.agreed_until,
    )
    .where(SupportPerson.patient_id == bindparam("patient_id"), SupportPerson.ended_at.is_(None))
    .order_by(SupportPerson.added_at, SupportPerson.id)
)  # fmt: skip


@once_per_request
def contact_points(patient_id: UUID) -> Sequence[Point]:
    """All contact points, those in use first, newest first."""
    return [
        Point(
            row.id, row.kind, ContactPoint.value.reveal(row.id, row.value_sealed), row.may_voicemail,
            row.valid_from, row.valid_to,
        )
        for row in read(_POINTS, {"patient_id": patient_id})
    ]  # fmt: skip


def supporters(patient_id: UUID) -> list[Supporter]:
    """Support people that are not ended, first added first."""
    return [
        Supporter(
            row.id,
            SupportPerson.name.reveal(row.id, row.name_sealed),
            row.relationship,
            SupportPerson.phone.reveal(row.id, row.phone_sealed),
            row.may_be_told,
            row.agreed_until,
        )
        for row in read(_SUPPORTERS, {"patient_id": patient_id})
    ]


def holders(number: str) -> Select[UUID]:
    in_use = (ContactPoint.value_index == blind_index(number), ContactPoint.valid_to.is_(None))
    return select(ContactPoint.patient_id).where(*in_use).distinct()
