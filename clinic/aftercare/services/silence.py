"""What happens when nobody answers: one nudge, the close with its one outcome, calls by people (C8.8)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.aftercare.models import CheckIn, CheckInPlan, PlannedCall
from clinic.aftercare.rules.outcome import NO_ANSWER_WORK, NOT_REACHED_WORK, Ending, at_close
from clinic.aftercare.rules.windows import DAY_ENDS, EARLY_DAYS, Times
from clinic.aftercare.services import ladder, plans, wishes
from clinic.aftercare.services.responsible import by_the_evening, responsible
from clinic.audit import services as audit
from clinic.core import periodic
from clinic.core.db import db, transaction
from clinic.core.rules import instant
from clinic.messaging import queries as messages
from clinic.messaging import services as messaging
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level

BATCH = 200
CALL = "aftercare.call"
WORDS = {
    "aftercare.no_answer": "No answer to the check-in of day {day}. Call",
    "aftercare.not_reached": "The check-in of day {day} did not arrive ({why}). Mend the number",
}
EARLY_CALL = ", and call the same day"


def materialise_due(now: datetime) -> int:
    """Lay out every plan that does not reach far enough ahead. How many rows are new."""
    ahead = now.date() + plans.ahead()
    short = CheckInPlan.materialised_until.is_(None) | (CheckInPlan.materialised_until < ahead)
    due = select(CheckInPlan.id).where(CheckInPlan.ended_at.is_(None), short).limit(BATCH)
    return periodic.each(db.session.scalars(due).all(), lambda plan_id: plans.materialise(plan_id, now=now))


def nudge_due(now: datetime) -> int:
    """Put the one nudge of each silent check-in in the outbox. How many check-ins were nudged."""
    silent = (CheckIn.outcome.is_(None), CheckIn.nudged_at.is_(None), CheckIn.nudge_at <= now)
    due = select(CheckIn.id).where(*silent, CheckIn.closes_at > now).order_by(CheckIn.nudge_at).limit(BATCH)
    return periodic.each(db.session.scalars(due).all(), lambda check_in_id: _nudge(check_in_id, now))


def _nudge(check_in_id: UUID, now: datetime) -> bool:
    with transaction():
        check_in = plans.hold(check_in_id)
        if check_in.outcome is not None or check_in.nudged_at is not None:
            return False
        check_in.nudged_at = now
        when = Times(check_in.due_at, check_in.nudge_at, check_in.closes_at)
        if now < when.nudge_expires_at and wishes.chosen(check_in, at=now) is None:
            plans.send(check_in, "nudge", when, now=now)
    return True


def close_due(now: datetime) -> int:
    """Give each check-in whose window closed without an answer its outcome, and its work. How many."""
    due = select(CheckIn.id).where(CheckIn.outcome.is_(None), CheckIn.closes_at <= now)
    ids = db.session.scalars(due.order_by(CheckIn.closes_at).limit(BATCH)).all()
    return periodic.each(ids, lambda check_in_id: _close(check_in_id, now))


def _close(check_in_id: UUID, now: datetime) -> bool:
    with transaction() as session:
        check_in = plans.hold(check_in_id)
        if check_in.outcome is not None:
            return False
        states = messages.states(plans.SUBJECT, [check_in_id]).get(check_in_id, [])
        told = ({"state": message.state, "reason": message.reason} for message in states)
        ending = at_close(told, chosen=wishes.chosen(check_in, at=now))
        check_in.outcome, check_in.outcome_reason, check_in.outcome_at = ending.outcome, ending.reason, now
        messaging.withhold(plans.SUBJECT, check_in_id, "closed", at=now)
        audit.record(
            "check_in.closed",
            [check_in.patient_id],
            at=now,
            subject_kind=plans.SUBJECT,
            subject_id=check_in_id,
            detail=ending.outcome,
        )
        session.flush()
        plans.plan_next_contact(session, check_in.patient_id, now=now)
        if ending.work:
            _silent(session, check_in, ending.work, ending, now)
    return True


def _silent(session: Session, check_in: CheckIn, kind: str, ending: Ending, now: datetime) -> None:
    """Make the first call work and begin the ladder; while one is under way it goes on as it is.

    What did not arrive always has somebody mend the contact; in weeks 0 to 4 that is a call as well.
    """
    under_way = ladder.missed_again(session, check_in, now)
    if under_way and kind == NO_ANSWER_WORK:
        return
    item_id = _raise(check_in, kind, ending, now)
    if not under_way and (kind == NO_ANSWER_WORK or check_in.day <= EARLY_DAYS):
        ladder.begin(session, check_in, item_id, now)


def did_not_arrive(check_in_id: UUID, reason: str, *, at: datetime) -> None:
    """A message of a check-in ended as failed: somebody mends the number now, not only at the close."""
    with transaction() as session:
        check_in = session.get_one(CheckIn, check_in_id)
        if check_in.outcome is None:
            _raise(check_in, NOT_REACHED_WORK, Ending(at_close([]).outcome, reason, NOT_REACHED_WORK), at)


def _raise(check_in: CheckIn, kind: str, ending: Ending, now: datetime) -> UUID:
    owner_id, site_id = responsible(check_in.patient_id)
    early = check_in.day <= EARLY_DAYS
    words = WORDS[kind].format(day=check_in.day, why=ending.reason.replace("_", " "))
    return worklist.raise_item(
        kind,
        plans.SUBJECT,
        check_in.id,
        patient_id=check_in.patient_id,
        owner_id=owner_id,
        site_id=site_id,
        level=Level.NONE,
        reason=words + (EARLY_CALL if early and kind == NOT_REACHED_WORK else ""),
        due_at=by_the_evening(now, check_in.zone, early=early),
        at=now,
    )


def raise_calls(now: datetime) -> int:
    """Planned calls become work on the morning of their day. How many did."""
    planned = (PlannedCall.raised_at.is_(None), PlannedCall.cancelled_at.is_(None))
    due = select(PlannedCall.id).where(*planned, PlannedCall.due_at <= now).limit(BATCH)
    return periodic.each(db.session.scalars(due).all(), lambda call_id: _raise_call(call_id, now))


def _raise_call(call_id: UUID, now: datetime) -> bool:
    with transaction() as session:
        call = session.get_one(PlannedCall, call_id, with_for_update=True, populate_existing=True)
        if call.raised_at is not None or call.cancelled_at is not None:
            return False
        call.raised_at = now
        plans.plan_next_contact(session, call.patient_id, now=now)
        owner_id, site_id = responsible(call.patient_id)
        worklist.raise_item(
            CALL,
            "planned_call",
            call.id,
            patient_id=call.patient_id,
            owner_id=owner_id,
            site_id=site_id,
            level=Level.NONE,
            reason=f"Planned call, day {call.day} after discharge",
            due_at=instant(call.local_date, DAY_ENDS, call.zone),
            at=now,
        )
    return True
