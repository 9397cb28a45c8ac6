"""Check-in plans: laid out ahead of time, changed, ended; each new check-in comes with its message."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from clinic.aftercare.models import CheckIn, CheckInPlan, PlannedCall
from clinic.aftercare.queries import check_ins
from clinic.aftercare.rules import cadence
from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.terms import Slot
from clinic.aftercare.rules.windows import CALLS_AT, Times, allowed_time, times
from clinic.aftercare.services import ladder
from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.configuration.rules import SETTINGS, plain, typed
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.rules import instant, local
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, NextContact
from clinic.messaging import queries as messages
from clinic.messaging import services as messaging
from clinic.messaging.rules.states import WITHHELD, State
from clinic.patients import queries as patients
from clinic.patients.access import require
from clinic.patients.rules import Channel, MessageKind, Right
from clinic.worklist.rules import Level

SUBJECT = "check_in"
CADENCE = SETTINGS["cadence"]
AT_RISK = (Level.ACUTE, Level.HIGH, Level.MODERATE)


def start(
    patient_id: UUID, episode_id: UUID | None, at_time: time, zone: str, *, at: datetime
) -> CheckInPlan:
    """A new plan from today's local date on, under the clinic's cadence, laid out at once.

    Raises Invalid("check_in_time", …) for a time at which nobody may be texted.
    """
    check_time(patient_id, at_time)
    with transaction() as session:
        plan = CheckInPlan(
            patient_id=patient_id,
            episode_id=episode_id,
            discharged_on=local(at, zone).date(),
            local_time=at_time,
            zone=zone,
            cadence=plain(configuration.value("cadence")),
            settings_version=configuration.version(),
            made_at=at,
        )
        session.add(plan)
        session.flush()
        lay_out(session, plan, now=at)
    return plan


def check_time(patient_id: UUID, at_time: time) -> None:
    """Raise Invalid where a check-in at this local time would fall outside the hours for texts (P3.4)."""
    opens, closes = configuration.value("quiet_hours_from"), configuration.value("quiet_hours_until")
    agreed = patients.permission(patient_id, Channel.SMS)
    if isinstance(agreed, patients.Permission):
        opens, closes = max(opens, agreed.safe_from), min(closes, agreed.safe_until)
    if not allowed_time(at_time, opens, closes):
        raise Invalid(
            "check_in_time",
            f"Enter check-in time from {opens:%H:%M} to before {closes:%H:%M}. Texts go out only then",
        )


def ahead() -> timedelta:
    """How far ahead plans are laid out."""
    return timedelta(days=configuration.value("materialise_days"))


def materialise(plan_id: UUID, *, now: datetime) -> int:
    """Lay out what is missing of a plan. Safe at any time, any number of times. How many rows are new."""
    with transaction() as session:
        plan = session.get_one(CheckInPlan, plan_id, with_for_update=True)
        return lay_out(session, plan, now=now) if plan.ended_at is None else 0


def lay_out(session: Session, plan: CheckInPlan, *, now: datetime) -> int:
    """Make the check-ins and planned calls of the days ahead. The caller holds the plan's lock."""
    until = now.date() + ahead()
    columns = typed(CADENCE, plan.cadence)
    days = cadence.check_in_days(columns, _risk_days(session, plan), configuration.value("closer_for_days"))
    made = _lay_out_check_ins(session, plan, days, until, now)
    made += _lay_out_calls(session, plan, cadence.call_days(columns), until, now)
    # Not by the mapper: laying out is no change by a person and leaves the plan's version alone.
    session.execute(update(CheckInPlan).where(CheckInPlan.id == plan.id).values(materialised_until=until))
    return made


def revise(patient_id: UUID, at_time: time, zone: str, *, version: int, at: datetime) -> None:
    """Change when check-ins come: what nobody was asked yet is cancelled and laid out anew (reliability 8).

    Raises Invalid, Missing, Stale.
    """
    check_time(patient_id, at_time)
    with transaction() as session:
        require(patient_id, Right.AFTERCARE, at)
        plan = session.scalar(_active(patient_id).with_for_update())
        if plan is None:
            raise Missing
        if plan.version != version:
            raise Stale
        before = [plan.local_time.isoformat("minutes"), plan.zone]
        plan.local_time, plan.zone = at_time, zone
        session.flush()
        cancel_future(session, plan.id, "plan_changed", at=at)
        lay_out(session, plan, now=at)
        audit.record(
            "check_in_plan.revised",
            [patient_id],
            at=at,
            subject_kind="check_in_plan",
            subject_id=plan.id,
            changes={"time": [before, [at_time.isoformat("minutes"), zone]]},
        )
        plan_next_contact(session, patient_id, now=at)


def end(episode_id: UUID, patient_id: UUID, at: datetime) -> None:
    """The episode closed: nothing more is asked. Registered with `episodes.registry.closed`."""
    with transaction() as session:
        plan = session.scalar(_active(patient_id).with_for_update())
        if plan is not None and plan.episode_id == episode_id:
            plan.ended_at, plan.ended_reason = at, "episode_closed"
            cancel_future(session, plan.id, "plan_ended", at=at)
        ladder.end(patient_id, "plan_ended", at=at)


def ask_now(patient_id: UUID, *, at: datetime) -> UUID:
    """One more check-in, due now; once a day. Raises Missing without a plan, Invalid outside the hours."""
    with transaction() as session:
        plan = session.scalar(_active(patient_id).with_for_update())
        if plan is None:
            raise Missing
        here = local(at, plan.zone)
        check_time(patient_id, here.time())
        if here.date() in _standing(session, plan, Slot.EXTRA):
            raise Refused("This person was asked once more already today.")
        return _ask(session, plan, here.date(), here.time(), Slot.EXTRA, now=at)


def cancel_future(session: Session, plan_id: UUID, reason: str, *, at: datetime) -> None:
    """Cancel what is not due yet, with its messages. What was due already stays and ends by itself."""
    cancel_check_ins(session, plan_id, reason, at=at)
    planned = (PlannedCall.plan_id == plan_id, PlannedCall.raised_at.is_(None), PlannedCall.due_at > at)
    session.execute(update(PlannedCall).where(*planned).values(cancelled_at=at))


def cancel_check_ins(
    session: Session, plan_id: UUID, reason: str, *, before: date | None = None, at: datetime
) -> None:
    """Cancel check-ins that are not due yet (those before a local date, or all), with their messages."""
    ahead = [CheckIn.plan_id == plan_id, CheckIn.outcome.is_(None), CheckIn.due_at > at]
    if before is not None:
        ahead.append(CheckIn.local_date < before)
    cancel = (
        update(CheckIn).where(*ahead).values(outcome=Outcome.CANCELLED, outcome_reason=reason, outcome_at=at)
    )
    for check_in_id in session.scalars(cancel.returning(CheckIn.id)).all():
        messaging.withhold(SUBJECT, check_in_id, reason, at=at)


def plan_next_contact(session: Session, patient_id: UUID, *, now: datetime) -> None:
    """The episode's next contact is the next check-in or planned call, whichever comes first."""
    check_in = session.execute(
        select(CheckIn.local_date, CheckIn.local_time, CheckIn.zone, CheckIn.due_at)
        .where(CheckIn.patient_id == patient_id, CheckIn.outcome.is_(None), CheckIn.due_at > now)
        .order_by(CheckIn.due_at)
        .limit(1)
    ).first()
    call = session.execute(
        select(PlannedCall.local_date, PlannedCall.zone, PlannedCall.due_at)
        .where(PlannedCall.patient_id == patient_id, PlannedCall.cancelled_at.is_(None))
        .where(PlannedCall.due_at > now)
        .order_by(PlannedCall.due_at)
        .limit(1)
    ).first()
    if call and (check_in is None or call.due_at < check_in.due_at):
        planned = NextContact(call.local_date, CALLS_AT, call.zone, ContactKind.CALL)
    elif check_in:
        planned = NextContact(check_in.local_date, check_in.local_time, check_in.zone, ContactKind.CHECK_IN)
    else:
        return
    episodes.plan_contact(patient_id, planned, at=now)


def _active(patient_id: UUID) -> Any:
    return select(CheckInPlan).where(CheckInPlan.patient_id == patient_id, CheckInPlan.ended_at.is_(None))


def _risk_days(session: Session, plan: CheckInPlan) -> Iterable[int]:
    """Days since discharge on which an answer was moderate or above, by local date."""
    at_risk = select(CheckIn.answered_at).where(CheckIn.plan_id == plan.id, CheckIn.level.in_(AT_RISK))
    return [
        (local(answered_at, plan.zone).date() - plan.discharged_on).days
        for answered_at in session.scalars(at_risk)
        if answered_at
    ]


def _lay_out_check_ins(
    session: Session, plan: CheckInPlan, days: Iterable[int], until: date, now: datetime
) -> int:
    today = max(local(now, plan.zone).date(), plan.paused_until or date.min)
    there = _standing(session, plan, Slot.PLANNED)
    past = (CheckIn.plan_id == plan.id, CheckIn.due_at <= now)
    latest = session.scalar(select(func.max(CheckIn.due_at)).where(*past))
    gap = timedelta(hours=configuration.value("invite_gap_hours"))
    made = 0
    for on in cadence.dates_between(plan.discharged_on, days, today, until):
        due_at = instant(on, plan.local_time, plan.zone)
        if on in there or due_at <= now or (latest is not None and due_at - latest < gap):
            continue
        _ask(session, plan, on, plan.local_time, Slot.PLANNED, now=now)
        made += 1
    return made


def _standing(session: Session, plan: CheckInPlan, slot: Slot) -> set[date]:
    """The local dates that have a check-in of this slot, the cancelled ones aside."""
    mine = (CheckIn.plan_id == plan.id, CheckIn.slot == slot)
    standing = CheckIn.outcome.is_distinct_from(Outcome.CANCELLED)
    return set(session.scalars(select(CheckIn.local_date).where(*mine, standing)))


def _lay_out_calls(
    session: Session, plan: CheckInPlan, days: Iterable[int], until: date, now: datetime
) -> int:
    today = local(now, plan.zone).date()
    kept = select(PlannedCall.local_date).where(
        PlannedCall.plan_id == plan.id, PlannedCall.cancelled_at.is_(None)
    )
    there = set(session.scalars(kept))
    made = 0
    for on, day in cadence.dates_between(plan.discharged_on, days, today, until).items():
        due_at = instant(on, CALLS_AT, plan.zone)
        if on in there or due_at <= now:
            continue
        session.add(
            PlannedCall(
                plan_id=plan.id,
                patient_id=plan.patient_id,
                local_date=on,
                day=day,
                zone=plan.zone,
                due_at=due_at,
            )
        )
        made += 1
    return made


def _ask(session: Session, plan: CheckInPlan, on: date, at_time: time, slot: Slot, *, now: datetime) -> UUID:
    day = (on - plan.discharged_on).days
    when = times(day, on, at_time, plan.zone, configuration.value("windows"))
    check_in = CheckIn(
        plan_id=plan.id,
        patient_id=plan.patient_id,
        plan_version=plan.version,
        local_date=on,
        slot=slot,
        day=day,
        local_time=at_time,
        zone=plan.zone,
        due_at=when.due_at,
        nudge_at=when.nudge_at,
        closes_at=when.closes_at,
    )
    session.add(check_in)
    session.flush()
    send(check_in, "invite", when, now=now)
    return check_in.id


def hold(check_in_id: UUID) -> CheckIn:
    """The check-in as it is now, locked until the caller's transaction ends."""
    with transaction() as session:
        return session.get_one(CheckIn, check_in_id, with_for_update=True, populate_existing=True)


def hold_all(check_in_ids: Collection[UUID]) -> Sequence[CheckIn]:
    """The same for several, locked in the order of their ids."""
    wanted = select(CheckIn).where(CheckIn.id.in_(check_in_ids)).order_by(CheckIn.id).with_for_update()
    with transaction() as session:
        return session.scalars(wanted.execution_options(populate_existing=True)).all()


def send(check_in: CheckIn, purpose: str, when: Times, *, now: datetime) -> None:
    """Put an invite or nudge in the outbox, in the caller's transaction."""
    invite = purpose == "invite"
    messaging.schedule(
        SUBJECT,
        check_in.id,
        purpose,
        channel=_channel(check_in, invite=invite),
        patient_id=check_in.patient_id,
        template=f"check_in_{purpose}",
        language=check_ins.language_of(check_in.patient_id),
        fill_ins={},
        not_before=when.due_at if invite else when.nudge_at,
        expires_at=when.invite_expires_at if invite else when.nudge_expires_at,
        with_link=True,
        link_dies_at=check_in.closes_at,
        at=now,
    )


def _channel(check_in: CheckIn, *, invite: bool) -> Channel:
    """The nudge goes where the invite went; never by both channels for one check-in."""
    sent = [] if invite else messages.states(SUBJECT, [check_in.id]).get(check_in.id, [])
    lost = (*WITHHELD, State.FAILED)
    went_out = (message.channel for message in sent if message.state not in lost)
    return next(went_out, None) or messaging.channel_of(check_in.patient_id, MessageKind.CHECK_INS)
