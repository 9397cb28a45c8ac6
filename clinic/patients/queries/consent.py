"""What may be sent to whom, and what was agreed when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import User
from clinic.core.db import db, once_per_request, read
from clinic.patients.models import ChannelConsent, ConsentEvent, ContactPoint, Patient
from clinic.patients.rules import Channel, ConsentEventKind, MessageKind, Source, WhyNot, why_not


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
class ConsentLine:
    """One event of a consent as the page tells it; `taken_by` is the name of a member of staff."""

    channel: Channel
    event: ConsentEventKind
    contact_point_id: UUID | None
    kinds: Sequence[str]
    safe_from: time | None
    safe_until: time | None
    may_use_first_name: bool
    words_version: str | None
    words_shown: str | None
    taken_by: str | None
    source: Source
    at: datetime

    @property
    def words(self) -> str:
        """What happened, in words."""
        return self.event.label(self.channel)

    @property
    def kind_labels(self) -> list[str]:
        """What was agreed to, in words."""
        return [MessageKind(kind).label for kind in self.kinds]


_event, _later = aliased(ConsentEvent), aliased(ConsentEvent)
_newest = ~exists().where(
    _later.channel_consent_id == _event.channel_consent_id, _later.position > _event.position
)
# Built once: it is asked before every message, and building it costs more than asking.
_PERMISSIONS = (
    select(
        Patient.id, ChannelConsent.channel,
        _event.event, _event.kinds, _event.safe_from, _event.safe_until, _event.may_use_first_name,
        ContactPoint.id.label("point_id"), ContactPoint.value_sealed, ContactPoint.valid_to,
        Patient.zone, Patient.language, Patient.given_name, Patient.called_name, Patient.deceased_at,
    )
    .select_from(Patient)
    .outerjoin(ChannelConsent, ChannelConsent.patient_id == Patient.id)
    .outerjoin(_event, and_(_event.channel_consent_id == ChannelConsent.id, _newest))
    .outerjoin(ContactPoint, ContactPoint.id == _event.contact_point_id)
    .where(Patient.id.in_(bindparam("patient_ids", expanding=True)))
)  # fmt: skip


@once_per_request
def _rows(patient_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """A row for every channel about which the patient was asked; at least one, of the patient alone."""
    return read(_PERMISSIONS, {"patient_ids": [patient_id]}).all()


def permission(patient_id: UUID, channel: Channel) -> Permission | NoPermission:
    """What may be sent on a channel as it stands now, without a lock: for pages. To send: `lock_consents`."""
    return _permission(_rows(patient_id), channel)


def permissions(patient_ids: Collection[UUID], channel: Channel) -> dict[UUID, Permission | NoPermission]:
    """The same for several patients. Who is not there is not in the answer."""
    rows: dict[UUID, list[Row[*tuple[Any, ...]]]] = {}
    for row in read(_PERMISSIONS, {"patient_ids": list(patient_ids)}):
        rows.setdefault(row.id, []).append(row)
    return {patient_id: _permission(mine, channel) for patient_id, mine in rows.items()}


def _permission(rows: Sequence[Row[*tuple[Any, ...]]], channel: Channel) -> Permission | NoPermission:
    row = next((row for row in rows if row.channel is channel), None)
    in_use = row is not None and row.point_id is not None and row.valid_to is None
    event, deceased = row.event if row else None, rows[0].deceased_at is not None
    if why := why_not(event, deceased=deceased, in_use=in_use):
        return NoPermission(why)
    assert row is not None  # without one nothing was agreed
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


def text_hours(ids: Iterable[UUID]) -> dict[UUID, tuple[time, time]]:
    """From when to when each patient who agreed may be texted, local; the others are left out."""
    wanted = (
        select(
            ChannelConsent.patient_id, _event.event, _event.safe_from, _event.safe_until,
            ContactPoint.valid_to, Patient.deceased_at,
        )
        .select_from(ChannelConsent)
        .join(_event, and_(_event.channel_consent_id == ChannelConsent.id, _newest))
        .join(ContactPoint, ContactPoint.id == _event.contact_point_id)
        .join(Patient, Patient.id == ChannelConsent.patient_id)
        .where(ChannelConsent.patient_id.in_(set(ids)), ChannelConsent.channel == Channel.SMS)
    )  # fmt: skip
    return {
        row.patient_id: (row.safe_from, row.safe_until)
        for row in db.session.execute(wanted)
        if not why_not(row.event, deceased=row.deceased_at is not None, in_use=row.valid_to is None)
    }


def agreed_channels(patient_id: UUID, kind: MessageKind) -> list[Channel]:
    """The channels on which a kind of message may be sent now, the one agreed last first (P5.2)."""
    agreed = (
        select(ChannelConsent.channel)
        .join(ConsentEvent, ConsentEvent.channel_consent_id == ChannelConsent.id)
        .where(ChannelConsent.patient_id == patient_id, ConsentEvent.event == ConsentEventKind.OPT_IN)
        .group_by(ChannelConsent.channel)
        .order_by(func.max(ConsentEvent.at).desc(), ChannelConsent.channel.desc())
    )
    now = [(channel, permission(patient_id, channel)) for channel in db.session.scalars(agreed).all()]
    return [channel for channel, given in now if isinstance(given, Permission) and kind in given.kinds]


_HISTORY: Select[*tuple[Any, ...]] = (
    select(
        ChannelConsent.channel, ConsentEvent.event, ConsentEvent.contact_point_id, ConsentEvent.kinds,
        ConsentEvent.safe_from, ConsentEvent.safe_until, ConsentEvent.may_use_first_name,
        ConsentEvent.words_version, ConsentEvent.words_shown, User.name, ConsentEvent.source, ConsentEvent.at,
    )
    .select_from(ConsentEvent)
    .join(ChannelConsent, ChannelConsent.id == ConsentEvent.channel_consent_id)
    .outerjoin(User, User.id == ConsentEvent.taken_by)
    .where(ChannelConsent.patient_id == bindparam("patient_id"))
    .order_by(ConsentEvent.at.desc(), ConsentEvent.position.desc())
)  # fmt: skip


def consent_history(patient_id: UUID) -> list[ConsentLine]:
    """Every consent event of a patient, newest first."""
    return [ConsentLine(*row) for row in read(_HISTORY, {"patient_id": patient_id})]
