"""A person in outpatient care who agreed to texts, and the therapist who discharges them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.aftercare.models import CheckIn
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.messaging.models import Message
from clinic.messaging.rules.links import token
from clinic.patients import queries as patients
from clinic.patients import services as registering
from clinic.patients.rules import CONSENT_WORDS, ConsentGiven, MessageKind, Source
from tests.conftest import ENV, MovedClock
from tests.forms import hidden_fields, submit

NUMBER = "+12025550142"
NEW_YORK = "America/New_York"
TUESDAY = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # 15:00 in New York
DISCHARGE: dict[str, Any] = {
    "reason": "completed",
    "naloxone": "given",
    "naloxone_expires_on": "2028-05-31",
    "medication": "none",
    "appointment_on": "2026-11-30",
    "appointment_at": "14:00",
    "appointment_place": "Riverside, second floor",
    "triggers": "Payday\nBeing alone after 21:00",
    "signs": "I stop cooking",
    "coping": "Walk to the river\nCall Ada",
    "person_1_name": "Ada Obi, sponsor",
    "person_1_phone": "202-555-0133",
    "person_1_may": "y",
    "lapse": "Not alone. Naloxone beside me. Back here the same day",
    "check_in_time": "10:00",
    "zone": NEW_YORK,
}


@dataclass
class Person:
    """A patient and the browser of the therapist who owns the episode."""

    id: UUID
    therapist: FlaskClient
    therapist_id: UUID
    site_id: UUID

    def discharge(self, **changed: object) -> TestResponse:
        """Send the discharge page."""
        return submit(self.therapist, f"/patients/{self.id}/discharge", **{**DISCHARGE, **changed})


@pytest.fixture
def person(
    clock: MovedClock, patient: Callable[..., UUID], sign_in: Callable[..., FlaskClient], site: UUID
) -> Person:
    """Somebody in outpatient care at 15:00 on a Tuesday, who agreed to all texts from 09:00 to 20:00."""
    clock.set(TUESDAY)
    therapist = sign_in("therapist", name="Miriam Okafor")
    therapist_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    patient_id = patient(phone=NUMBER)
    now = clock.now()
    episodes.admit(
        patient_id,
        site_id=site,
        track=Track.OUTPATIENT,
        medication=Medication.NONE,
        owner_id=therapist_id,
        next_contact=NextContact(date(2026, 11, 25), time(10), NEW_YORK, ContactKind.SESSION),
        at=now,
    )
    with actor.acting(
        Actor(ActorKind.USER, therapist_id, "Miriam Okafor", "therapist", site, (therapist_id, site))
    ):
        [point] = patients.contact_points(patient_id)
        agreed = ConsentGiven(
            contact_point_id=point.id,
            kinds=frozenset(MessageKind),
            safe_from=time(9),
            safe_until=time(20),
            may_use_first_name=True,
            source=Source.IN_PERSON,
            words=CONSENT_WORDS,
        )
        registering.record_consent(patient_id, agreed, at=now)
    return Person(patient_id, therapist, therapist_id, site)


@pytest.fixture
def discharged(person: Person) -> Person:
    """The same person in aftercare since 15:00."""
    answer = person.discharge()
    assert answer.status_code == 303, answer.text
    return person


def check_in_of(person: Person, day: int = 1) -> CheckIn:
    """The check-in of a day after discharge, as it is now."""
    db.session.rollback()
    wanted = select(CheckIn).where(CheckIn.patient_id == person.id, CheckIn.day == day)
    standing = CheckIn.outcome.is_distinct_from("cancelled")
    return db.session.scalars(wanted.where(standing).execution_options(populate_existing=True)).one()


def link_of(person: Person, day: int = 1, purpose: str = "invite") -> str:
    """The address in the text of that day."""
    check_in = check_in_of(person, day)
    message_id = db.session.scalars(
        select(Message.id).where(Message.subject_id == check_in.id, Message.purpose == purpose)
    ).one()
    return f"/c/{token(ENV['CLINIC_LINK_KEYS'], message_id)}"


def tap(browser: FlaskClient, address: str, answer: str) -> TestResponse:
    """Open a question and press one of its buttons."""
    page = browser.get(address)
    assert page.status_code == 200, page.status_code
    action = address.partition("?")[0]
    return browser.post(action, data={**hidden_fields(page.text, action), "answer": answer})


def answer_all(browser: FlaskClient, link: str, *answers: str) -> TestResponse:
    """Answer page after page; the reply to the last tap."""
    reply = tap(browser, link, answers[0])
    for answer in answers[1:]:
        reply = tap(browser, "/c", answer)
    return reply
