"""A call to who asked for help: how it went, what was told, when somebody means to try next."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid
from clinic.core.rules import instant, local
from clinic.intake.models import Referral, ReferralCall, ReferralFollowUp
from clinic.intake.rules.calls import Called, CallOutcome, next_try
from clinic.intake.services.referrals import audited, locked


def record_call(referral_id: UUID, called: Called, *, at: datetime) -> None:
    """Keep a try to reach who asked; whoever calls first follows the referral up.

    Raises Missing, Refused once the referral has ended, Invalid("outcome", …) for a voicemail that was not
    said to be safe, Invalid("next_on", …) for a next try that is not ahead or not whole.
    """
    with transaction() as session:
        referral = locked(session, referral_id)
        if called.outcome is CallOutcome.VOICEMAIL and not referral.voicemail_safe:
            raise Invalid("outcome", "Choose another outcome. A voicemail was not said to be safe")
        session.add(
            ReferralCall(
                referral_id=referral_id,
                at=at,
                by_id=actor.get().id,
                outcome=called.outcome,
                words=called.words,
            )
        )
        if called.outcome.talked and referral.first_reached_at is None:
            referral.first_reached_at = at
        changes = _told(referral, called) | _plan(session, referral, called, at)
        audited("called", referral_id, at, changes)


def _told(referral: Referral, called: Called) -> dict[str, list[str | None]]:
    changes: dict[str, list[str | None]] = {}
    for name in ("pregnant", "injecting"):
        before, now = getattr(referral, name), getattr(called, name)
        if now is not None and now is not before:
            setattr(referral, name, now)
            changes[name] = [before, now]
    return changes


def _plan(session: Session, referral: Referral, called: Called, at: datetime) -> dict[str, list[str | None]]:
    mine = select(ReferralFollowUp).where(ReferralFollowUp.referral_id == referral.id)
    row = session.scalar(mine)
    if row is None:
        user_id = actor.user_id()
        assert user_id is not None
        session.add(row := ReferralFollowUp(referral_id=referral.id, owner_id=user_id))
    before, zone = row.next_at, configuration.site(referral.site_id).zone
    row.next_at = row.next_on = row.next_time = row.next_zone = None
    if planned := _planned(called, local(at, zone)):
        row.next_zone, (row.next_on, row.next_time) = zone, planned
        row.next_at = instant(*planned, zone)
        if row.next_at <= at:
            raise Invalid("next_on", "Enter a day and time of the next try that are still ahead")
    if before == row.next_at:
        return {}
    return {"next_at": [str(moment) if moment else None for moment in (before, row.next_at)]}


def _planned(called: Called, here: datetime) -> tuple[date, time] | None:
    if called.again is None:
        return None
    if planned := next_try(called.again, here, configuration.next_working_day(here.date())):
        return planned
    if called.next_on is None or called.next_time is None:
        raise Invalid("next_on", "Enter the day and the time of the next try")
    return called.next_on, called.next_time
