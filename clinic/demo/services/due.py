"""Check-ins that are due now, for as many people as wanted."""

from datetime import datetime, time, timedelta
from itertools import cycle, islice
from random import Random
from uuid import UUID

from sqlalchemy import exists, func, select

from clinic.accounts.models import User
from clinic.accounts.rules import Role
from clinic.aftercare.models import CheckIn, CheckInPlan
from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.terms import Slot
from clinic.aftercare.services import plans
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid, Refused
from clinic.core.rules import instant, local
from clinic.core.settings import current
from clinic.demo.rules.people import Invented, numbers, people
from clinic.demo.services import aftercare
from clinic.demo.services.acting import as_staff
from clinic.demo.services.clinic import Clinic
from clinic.demo.services.intake import SAFE_FROM, SAFE_UNTIL, agree_to_texts
from clinic.demo.services.load import area_codes
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.patients import queries as patient_queries
from clinic.patients import services as patients
from clinic.patients.models import ContactPoint
from clinic.patients.rules import Channel, MessageKind, PointKind

ROOM_TO_SEND = timedelta(minutes=45)  # before the hours close: nothing that is due now may wait until morning
BATCH = 50


def wait_for_opening(*, now: datetime) -> timedelta:
    """Move the clock on to the next opening of the hours for texts, where they are closed. How far."""
    zone = current().zone
    opens = max(configuration.value("quiet_hours_from"), SAFE_FROM)
    closes = min(configuration.value("quiet_hours_until"), SAFE_UNTIL)
    here = local(now, zone)
    if instant(here.date(), opens, zone) <= now <= instant(here.date(), closes, zone) - ROOM_TO_SEND:
        return timedelta()
    on = here.date() if here.time() < opens else here.date() + timedelta(days=1)
    opening = instant(on, opens, zone)
    clock.move_to(opening)
    return opening - now


def make_due(count: int, *, now: datetime) -> int:
    """One check-in each for `count` patients, due at this moment. How many patients were invented for it."""
    ready = _ready(count, now)
    missing = count - len(ready)
    for start in range(0, missing, BATCH):
        ready += _invent(min(BATCH, missing - start), now)
    for start in range(0, len(ready), BATCH):
        with transaction():
            for patient_id in ready[start : start + BATCH]:
                plans.ask_now(patient_id, at=now)
    return max(missing, 0)


def _ready(count: int, now: datetime) -> list[UUID]:
    """Patients with a plan who may be texted now and have nothing open or asked today."""
    zone_day = local(now, current().zone).date()
    busy = exists().where(
        CheckIn.plan_id == CheckInPlan.id,
        (CheckIn.outcome.is_(None) & (CheckIn.due_at <= now))
        | ((CheckIn.local_date == zone_day) & (CheckIn.slot == Slot.EXTRA))
        | (CheckIn.outcome.is_distinct_from(Outcome.CANCELLED) & (CheckIn.closes_at > now)
           & (CheckIn.due_at <= now)),
    )  # fmt: skip
    wanted = select(CheckInPlan.patient_id).where(CheckInPlan.ended_at.is_(None), ~busy)
    found: list[UUID] = []
    for patient_id in db.session.scalars(wanted.order_by(CheckInPlan.id)):
        if len(found) == count:
            break
        if _may_be_texted(patient_id, now):
            found.append(patient_id)
    return found


def _may_be_texted(patient_id: UUID, now: datetime) -> bool:
    agreed = patient_queries.permission(patient_id, Channel.SMS)
    if not isinstance(agreed, patient_queries.Permission) or MessageKind.CHECK_INS not in agreed.kinds:
        return False
    try:
        plans.check_time(patient_id, local(now, agreed.zone).time())
    except Invalid:
        return False
    return local(now, agreed.zone).time() < agreed.safe_until


def _invent(count: int, now: datetime) -> list[UUID]:
    """Patients discharged a minute ago, so that nothing else is due, with consent to texts and an owner."""
    owner = db.session.execute(
        select(User.id, User.site_id)
        .where(User.role == Role.THERAPIST, User.disabled_at.is_(None))
        .order_by(User.id)
        .limit(1)
    ).one_or_none()
    if owner is None:
        raise Refused("Add a therapist first, or load the demo: check-ins need an owner.")
    clinic = Clinic(owner.site_id, current().zone, {"therapist": owner.id}, {}, owner.id)
    taken = db.session.scalar(select(func.count()).where(ContactPoint.kind == PointKind.PHONE)) or 0
    free = islice(cycle(numbers(area_codes())), taken, None)
    newcomers = people(Random(taken), local(now, clinic.zone).date(), free)
    with transaction():
        return [_discharged(clinic, owner.id, next(newcomers), now) for _ in range(count)]


def _discharged(clinic: Clinic, owner_id: UUID, person: Invented, now: datetime) -> UUID:
    at = now - timedelta(minutes=1)
    with as_staff(owner_id, Role.COORDINATOR, clinic.site_id):
        patient_id = patients.register(person.registration(clinic.site_id, clinic.zone), at=at)
        agree_to_texts(patient_id, at=at)
    today = local(at, clinic.zone).date()
    episodes.admit(
        patient_id,
        site_id=clinic.site_id,
        track=Track.OUTPATIENT,
        medication=Medication.AGONIST,
        owner_id=owner_id,
        next_contact=NextContact(today + timedelta(days=1), time(10), clinic.zone, ContactKind.VISIT),
        at=at,
    )
    aftercare.leave(clinic, patient_id, "therapist", at=at)
    return patient_id
