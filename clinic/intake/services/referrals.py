"""Taking a call for help, answering it, ending it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.actor import ActorKind
from clinic.core.db import transaction
from clinic.core.errors import Missing, Refused, Stale
from clinic.core.rules import local
from clinic.core.sealed import blind_index
from clinic.intake.access import ours
from clinic.intake.models import Referral, ReferralCall
from clinic.intake.queries import referrals as queries
from clinic.intake.queries.referrals import Opened, Waiting
from clinic.intake.rules.referral import CloseReason, HelpRequest, State, due_at
from clinic.worklist.rules import CONTACT, Outcome

MOST_FROM_ONE_ADDRESS, WITHIN = 10, timedelta(hours=1)


class TooMany(Refused):
    """One address asked too often. The page that says so gives the numbers to call."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Too many requests came from your connection. Call one of the numbers on this page.")


def ask(asked: HelpRequest, *, site_id: UUID, origin: str | None, at: datetime) -> UUID:
    """Keep a call for help with the time by which somebody answers (C4.8). Raises TooMany.

    `origin` is the address it came from; kept as a keyed fingerprint, and only to refuse floods.
    """
    site = configuration.site(site_id)
    due = due_at(
        at,
        urgent=asked.urgent,
        within=timedelta(minutes=configuration.value("referral_urgent_minutes")),
        next_working_day=configuration.next_working_day(local(at, site.zone).date()),
        by=configuration.value("referral_due_time"),
        zone=site.zone,
    )
    mark = blind_index(origin) if origin else None
    with transaction() as session:
        if mark and queries.asked_from(mark, since=WITHIN, now=at) >= MOST_FROM_ONE_ADDRESS:
            raise TooMany
        referral = Referral(
            site_id=site_id,
            source=asked.source,
            name=asked.name,
            person_name=asked.person_name,
            phone=asked.phone,
            email=asked.email,
            texts_safe=asked.texts_safe,
            voicemail_safe=asked.voicemail_safe,
            urgencies=sorted(asked.urgencies),
            words=asked.words,
            urgent=asked.urgent,
            received_at=at,
            due_at=due,
            taken_by=actor.get().id if actor.get().kind is ActorKind.USER else None,
            origin=mark,
            state=State.OPEN,
        )
        session.add(referral)
        _audit("received", referral.id, at)
    return referral.id


def listed(*, now: datetime) -> list[Waiting]:
    """Open referrals of the actor's site, audited."""
    with transaction():
        audit.record("referral.listed", at=now)
        return queries.waiting()


def open_one(referral_id: UUID, *, now: datetime) -> Opened:
    """One referral of the actor's site, audited. Raises Missing."""
    with transaction():
        found = queries.one(referral_id)
        _audit("opened", referral_id, now)
        return found


def record_call(referral_id: UUID, outcome: Outcome, words: str | None, *, at: datetime) -> None:
    """Keep a try to reach who asked. Raises Missing, Refused once the referral has ended."""
    with transaction() as session:
        referral = locked(session, referral_id)
        session.add(
            ReferralCall(referral_id=referral_id, at=at, by_id=actor.get().id, outcome=outcome, words=words)
        )
        if outcome in CONTACT and referral.first_reached_at is None:
            referral.first_reached_at = at
        _audit("called", referral_id, at)


def close(referral_id: UUID, reason: CloseReason, *, version: int, at: datetime) -> None:
    """End a referral without a registration. Raises Missing, Stale, Refused."""
    with transaction() as session:
        referral = locked(session, referral_id)
        if referral.version != version:
            raise Stale
        referral.state, referral.close_reason = State.CLOSED, reason
        referral.ended_at, referral.ended_by = at, actor.get().id
        _audit("closed", referral_id, at)


def locked(session: Session, referral_id: UUID) -> Referral:
    """The open referral, held until the transaction ends. Raises Missing, Refused once it has ended."""
    referral = session.scalar(select(Referral).where(Referral.id == referral_id, ours()).with_for_update())
    if referral is None:
        raise Missing
    if referral.state is not State.OPEN:
        raise Refused("Someone else ended this referral meanwhile. What you wrote was not saved.")
    return referral


def _audit(what: str, referral_id: UUID, at: datetime) -> None:
    audit.record(f"referral.{what}", at=at, subject_kind="referral", subject_id=referral_id)
