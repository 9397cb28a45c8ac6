"""Keeping what a patient agreed to be sent; stopping at once (P3.1, P3.2)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import insert_new, transaction
from clinic.core.errors import Invalid, Stale
from clinic.core.ids import uuid7
from clinic.patients import queries
from clinic.patients.access import require
from clinic.patients.models import ChannelConsent, ConsentEvent, ContactPoint
from clinic.patients.queries import NoPermission, Permission
from clinic.patients.rules import (
    CARRIES,
    SILENCED,
    Channel,
    ConsentEventKind,
    ConsentGiven,
    MessageKind,
    Right,
    Source,
    safe_hours_problem,
)

AGREED = (
    "contact_point_id", "words_shown", "words_version", "safe_from", "safe_until", "may_use_first_name",
)  # fmt: skip


def record_consent(
    patient_id: UUID, given: ConsentGiven, *, version: int | None = None, at: datetime
) -> None:
    """Keep that the patient agrees to messages, with the words shown. Raises Invalid for impossible hours.

    `version` counts the events that the page showed for the channel, None where no page did; raises Stale
    where another was recorded meanwhile.
    """
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
        lock_id = _locked(session, patient_id, given.channel)
        if version is not None and _recorded(session, lock_id) != version:
            raise Stale
        _append(session, lock_id, event)
        audit.record("consent.given", [patient_id], detail=given.channel, at=at)


def revoke(patient_id: UUID, channel: Channel, source: Source, *, at: datetime) -> None:
    """Nothing more on this channel, at once and of every kind, for all who share the number (P3.2).

    Revoking twice changes nothing. Staff need the right to the record; the patient's own page and a provider
    speak for the patient.
    """
    with transaction() as session:
        if actor.get().kind is ActorKind.USER:
            require(patient_id, Right.DEMOGRAPHICS, at)
        agreed = queries.permission(patient_id, channel)
        sharing = queries.by_number(agreed.number) if isinstance(agreed, Permission) else []
        for each in sorted({patient_id, *sharing}):  # one order of locks for all
            _stop(session, each, channel, ConsentEventKind.OPT_OUT, source, at)


def opt_out(address: str, channel: Channel, source: Source, *, at: datetime) -> list[UUID]:
    """STOP from a number (E.164) or e-mail address: all who share it, on the whole channel. The patients."""
    return _stop_address(address, channel, ConsentEventKind.OPT_OUT, source, at)


def pause_number(number: str, source: Source, *, at: datetime) -> list[UUID]:
    """Words that may mean stop: nothing is sent to who shares the number until a person has asked (P3.2)."""
    return _stop_address(number, Channel.SMS, ConsentEventKind.PAUSED, source, at)


def report_wrong(address: str, channel: Channel, source: Source, *, at: datetime) -> list[UUID]:
    """Somebody else has this number or address, or nobody: nothing more is sent there. The patients."""
    return _stop_address(address, channel, ConsentEventKind.WRONG_CONTACT, source, at)


def narrow(patient_id: UUID, without: MessageKind, source: Source, *, at: datetime) -> list[UUID]:
    """No more of one kind, on every channel, for all who share the number or address. The patients.

    What was agreed for other kinds stays; where none is left the channel is stopped.
    """
    heard: set[UUID] = set()
    with transaction() as session:
        for channel in Channel:
            agreed = queries.permission(patient_id, channel)
            if isinstance(agreed, Permission) and without in agreed.kinds:
                for each in sorted({patient_id, *queries.by_number(agreed.number)}):
                    _narrow(session, each, channel, without, source, at)
                    heard.add(each)
    return sorted(heard)


def lock_consents(
    patient_ids: Collection[UUID], channel: Channel
) -> Mapping[UUID, Permission | NoPermission]:
    """Hold the consents of patients until the transaction ends, and say what may be sent to each."""
    with transaction() as session:
        mine = (ChannelConsent.patient_id.in_(patient_ids), ChannelConsent.channel == channel)
        wanted = select(ChannelConsent.patient_id).where(*mine).order_by(ChannelConsent.patient_id)
        held = set(session.scalars(wanted.with_for_update()))
        for patient_id in sorted(set(patient_ids) - held):
            _locked(session, patient_id, channel)
        return queries.permissions(patient_ids, channel)


def _stop_address(
    address: str, channel: Channel, event: ConsentEventKind, source: Source, at: datetime
) -> list[UUID]:
    with transaction() as session:
        patient_ids = sorted(queries.by_number(address))  # one order of locks for all
        for patient_id in patient_ids:
            _stop(session, patient_id, channel, event, source, at)
    return patient_ids


def _narrow(
    session: Session, patient_id: UUID, channel: Channel, without: MessageKind, source: Source, at: datetime
) -> None:
    lock_id = _locked(session, patient_id, channel)
    last = session.scalar(_events(lock_id))
    if last is None or last.event in SILENCED or without not in last.kinds:
        return
    kinds = [kind for kind in last.kinds if kind != without]
    if not kinds:
        _stop(session, patient_id, channel, ConsentEventKind.OPT_OUT, source, at)
        return
    same = {name: getattr(last, name) for name in AGREED}
    event = ConsentEvent(event=ConsentEventKind.NARROWED, kinds=kinds, source=source, at=at, **same)
    _append(session, lock_id, event)
    audit.record(f"consent.{event.event}", [patient_id], detail=channel, at=at)


def _events(lock_id: UUID) -> Select[ConsentEvent]:
    """The newest event of a consent first."""
    mine = select(ConsentEvent).where(ConsentEvent.channel_consent_id == lock_id)
    return mine.order_by(ConsentEvent.position.desc()).limit(1)


def _stop(
    session: Session,
    patient_id: UUID,
    channel: Channel,
    event: ConsentEventKind,
    source: Source,
    at: datetime,
) -> None:
    lock_id = _locked(session, patient_id, channel)
    last = session.scalar(_events(lock_id))
    if last is not None and last.event in (event, ConsentEventKind.OPT_OUT):
        return  # already as quiet as that
    taken_by = actor.get().id if actor.get().kind is ActorKind.USER else None
    stop = ConsentEvent(
        event=event, kinds=[], may_use_first_name=False, taken_by=taken_by, source=source, at=at
    )
    _append(session, lock_id, stop)
    audit.record(f"consent.{event}", [patient_id], detail=channel, at=at)


def _locked(session: Session, patient_id: UUID, channel: Channel) -> UUID:
    """The id of the consent row, made where there is none, locked until the transaction ends."""
    insert_new(session, ChannelConsent, [{"id": uuid7(), "patient_id": patient_id, "channel": channel}])
    mine = (ChannelConsent.patient_id == patient_id, ChannelConsent.channel == channel)
    return session.scalars(select(ChannelConsent.id).where(*mine).with_for_update()).one()


def _append(session: Session, lock_id: UUID, event: ConsentEvent) -> None:
    event.channel_consent_id, event.position = lock_id, _recorded(session, lock_id) + 1
    session.add(event)
    session.flush()


def _recorded(session: Session, lock_id: UUID) -> int:
    """How many events a consent has."""
    last = select(func.max(ConsentEvent.position)).where(ConsentEvent.channel_consent_id == lock_id)
    return session.scalar(last) or 0
