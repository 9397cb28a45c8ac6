"""Taking a call for help, listing who waits, ending it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Missing, Refused, Stale
from clinic.core.rules import local
from clinic.core.sealed import blind_index
from clinic.intake.access import ours
from clinic.intake.models import Referral, ReferralFollowUp
from clinic.intake.queries import referrals as queries
from clinic.intake.queries import waiting
from clinic.intake.queries.referrals import Opened
from clinic.intake.queries.waiting import Desk, Waiting
from clinic.intake.rules.referral import CloseReason, HelpRequest, State, due_at
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import Show

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
    taker = actor.user_id()
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
            given=dict(asked.given) or None,
            language=asked.language,
            urgent=asked.urgent,
            pregnant=asked.pregnant,
            injecting=asked.injecting,
            received_at=at,
            due_at=due,
            taken_by=taker,
            origin=mark,
            state=State.OPEN,
        )
        session.add(referral)
        if taker:
            session.flush()
            session.add(ReferralFollowUp(referral_id=referral.id, owner_id=taker))
        audited("received", referral.id, at)
    return referral.id


def desk(show: Show, source: Source | None, page: int, *, now: datetime) -> Desk:
    """A page of the open referrals of the actor's site by C4.5, audited."""
    with transaction():
        audit.record("referral.listed", at=now, detail=show)
        return waiting.desk(show, source, page, now=now)


def unreached(*, now: datetime) -> list[Waiting]:
    """Open referrals of the actor's site that nobody has reached yet, audited."""
    with transaction():
        audit.record("referral.listed", at=now, detail=Show.UNREACHED)
        return waiting.unreached(now=now)


def open_one(referral_id: UUID, *, now: datetime) -> Opened:
    """One referral of the actor's site, audited. Raises Missing."""
    with transaction():
        found = queries.one(referral_id)
        audited("opened", referral_id, now)
        return found


def close(referral_id: UUID, reason: CloseReason, *, version: int, at: datetime) -> None:
    """End a referral without a registration. Raises Missing, Stale, Refused."""
    with transaction() as session:
        referral = locked(session, referral_id)
        if referral.version != version:
            raise Stale
        referral.state, referral.close_reason = State.CLOSED, reason
        referral.ended_at, referral.ended_by = at, actor.get().id
        audited("closed", referral_id, at)


def locked(session: Session, referral_id: UUID) -> Referral:
    """The open referral, held until the transaction ends. Raises Missing, Refused once it has ended."""
    referral = session.scalar(select(Referral).where(Referral.id == referral_id, ours()).with_for_update())
    if referral is None:
        raise Missing
    if referral.state is not State.OPEN:
        raise Refused("Someone else ended this referral meanwhile. What you wrote was not saved.")
    return referral


def audited(
    what: str, referral_id: UUID, at: datetime, changes: Mapping[str, list[str | None]] | None = None
) -> None:
    """Keep that the actor did this to a referral."""
    audit.record(f"referral.{what}", at=at, subject_kind="referral", subject_id=referral_id, changes=changes)
