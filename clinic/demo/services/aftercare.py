"""Discharge, and the weeks after it: check-ins that came and were answered or not, calls that were made."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from clinic.aftercare.models import CheckIn, CheckInPlan
from clinic.aftercare.queries import check_ins
from clinic.aftercare.rules.questions import PageCode, next_page
from clinic.aftercare.rules.terms import Naloxone, NewDischarge, Reason, Via
from clinic.aftercare.services import answers, discharge, plans, silence
from clinic.core.db import db, transaction
from clinic.core.rules import local
from clinic.demo.rules.stories import Ending, answered_at, check_in
from clinic.demo.services.clinic import Clinic
from clinic.episodes.rules import Medication
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State
from clinic.messaging.services import engine
from clinic.safety import services as safety
from clinic.safety.rules import Agreement, Helper, Means, Service, Signature, Spoken, Words
from clinic.worklist import services as worklist
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Outcome as WorkOutcome

CHECK_IN_TIME = time(10)
ARRIVAL = timedelta(seconds=8)
HOUR, DAY = timedelta(hours=1), timedelta(hours=20)
WHOLE, FEW = 5, 3  # the newest check-ins are answered to the end, older ones have three taps: it loads faster
PLAN = {
    "triggers": ["Payday, being alone after 21:00", "My cousin’s calls", "Two bad nights in a row"],
    "signs": ["I stop cooking", "I cancel on friends"],
    "coping": [
        "Walk to the river, phone on loud",
        "Wait ten minutes, then call",
        "Come in: walk-in hour, 12:00",
    ],
    "people": [{"name": "Ada, sponsor", "phone": "+12025550119", "may_call": True}],
    "lapse": ["Never alone", "My tolerance is gone: an old amount could kill me", "Come back the same day"],
}
SAFETY_PLAN = Spoken(
    Words(
        signs=["I stop answering the phone", "I walk at night"],
        alone=["Cold water on my face", "The playlist I made in here"],
        away=["The library on Mill Street", "Football on Sunday"],
        helpers=[Helper("Ada, sponsor", "+12025550119", may_be_told=True)],
        services=[Service("Suicide and crisis line, call or text", "988"), Service("Emergency", "911")],
        named=["Old pills in the bathroom"],
        kept=["My sister takes them today"],
        naloxone="In the kitchen drawer, my sister knows how",
    ),
    Means.FILLED,
)
SENT = (State.CLAIMED, State.SENDING, State.ACCEPTED, State.DELIVERED)


def leave(clinic: Clinic, patient_id: UUID, therapist: str, *, at: datetime) -> None:
    """Discharged by the therapist with plan, naloxone and check-ins."""
    today = local(at, clinic.zone).date()
    new = NewDischarge(
        reason=Reason.COMPLETED,
        naloxone=Naloxone.GIVEN,
        naloxone_expires_on=date(today.year + 2, today.month, 1),
        medication=Medication.AGONIST,
        medication_note="Next dose at the pharmacy on Main Street.",
        appointment_on=today + timedelta(days=5),
        appointment_at=time(11),
        appointment_place="Riverside, Room 2",
        check_in_time=CHECK_IN_TIME,
        zone=clinic.zone,
        parts=PLAN,
    )
    with clinic.acting(therapist):
        discharge.discharge(patient_id, new, at=at)


def make_safe(clinic: Clinic, patient_id: UUID, therapist: str, *, at: datetime) -> None:
    """A safety plan, read aloud and agreed before the person leaves."""
    signature = Signature(Agreement.AGREED, "Read aloud", copy_given=True)
    with clinic.acting(therapist):
        safety.sign(patient_id, SAFETY_PLAN, signature, n=1, version=0, at=at)


def live(
    clinic: Clinic, patient_id: UUID, therapist: str, ending: Ending, chance: Random, *, now: datetime
) -> None:
    """Every check-in up to now: it arrives, and is answered or closed; work that came of it is done."""
    plan_id = db.session.scalars(select(CheckInPlan.id).where(CheckInPlan.patient_id == patient_id)).one()
    _lay_out_until(plan_id, now)
    due = select(CheckIn.id).where(CheckIn.plan_id == plan_id, CheckIn.due_at <= now).order_by(CheckIn.due_at)
    ids = db.session.scalars(due).all()
    for place, check_in_id in enumerate(ids, 1):
        row = db.session.get_one(CheckIn, check_in_id)
        if ending is not Ending.NO_TEXTS:
            _arrive(check_in_id)
        last = place == len(ids)
        if _is_silent(ending, place, len(ids), chance):
            if row.closes_at <= now:
                silence.close_due(row.closes_at)
        else:
            told = ending if last else None
            at = answered_at(row.due_at, row.closes_at, now, told, chance)
            taps = check_in(chance, told, place / len(ids))
            _answer(check_in_id, taps, at, pages=None if len(ids) - place < WHOLE else FEW)
        today = last or now - row.due_at < timedelta(hours=20)
        do_work(clinic, patient_id, therapist, until=row.due_at - HOUR if today else row.due_at + DAY)


def _lay_out_until(plan_id: UUID, now: datetime) -> None:
    made_at = db.session.get_one(CheckInPlan, plan_id).made_at
    at = made_at
    while (at := at + timedelta(days=7)) < now:
        plans.materialise(plan_id, now=at)
    plans.materialise(plan_id, now=now)


def _is_silent(ending: Ending, place: int, total: int, chance: Random) -> bool:
    if ending is Ending.NO_TEXTS:
        return True
    if ending is Ending.SILENT:
        return place > total - 2
    return place < total - 1 and chance.random() < 0.08


def _arrive(check_in_id: UUID) -> None:
    """Its invitation was sent and delivered, by the table of allowed moves."""
    with transaction() as session:
        waiting = select(Message).where(Message.subject_id == check_in_id, Message.state == State.SCHEDULED)
        for message in session.scalars(waiting.with_for_update()):
            message.lease_token, message.lease_until = message.id, message.not_before
            engine.move(message, *SENT, now=message.not_before + ARRIVAL)


def _answer(check_in_id: UUID, taps: dict[str, str], at: datetime, *, pages: int | None) -> None:
    """Tap through `pages` pages, or through all."""
    asked = check_ins.asked(db.session.get_one(CheckIn, check_in_id))
    given: dict[PageCode, str] = {}
    while (page := next_page(given, asked)) is not None and len(given) != pages:
        given[page] = taps.get(page.value, "rather_not")
        answers.record_answer(check_in_id, page, given[page], seen=0, via=Via.LINK, at=at)
        at += timedelta(seconds=6)


def do_work(clinic: Clinic, patient_id: UUID, therapist: str, *, until: datetime) -> None:
    """Planned calls of that day are made, what was raised is answered and closed, one after the other.

    A call that reached somebody closes more than itself: it ends a silence.
    """
    silence.raise_calls(until)
    waiting = (
        select(WorkItem.id, WorkItem.version, WorkItem.raised_at)
        .where(WorkItem.patient_id == patient_id, WorkItem.closed_at.is_(None), WorkItem.raised_at <= until)
        .order_by(WorkItem.raised_at, WorkItem.id)
        .limit(1)
    )
    while item := db.session.execute(waiting).one_or_none():
        with clinic.acting(therapist):
            worklist.record_outcome(
                item.id,
                WorkOutcome.REACHED,
                "Talked for ten minutes. Is all right, wants to go on as planned.",
                close=True,
                version=item.version,
                at=item.raised_at + timedelta(hours=2),
            )
