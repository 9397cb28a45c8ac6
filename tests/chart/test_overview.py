"""The overview of one patient: each reader sees the parts of their rights, in a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clinic.cases import services as cases
from clinic.cases.rules import NoteKind
from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.rules import local
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.history import services as history
from clinic.history.rules import FactKind, NewFact
from tests.conftest import SignIn
from tests.questions import counted

Register = Callable[..., UUID]
ZONE = "America/New_York"
WORDS = "Wants groups before noon"


@pytest.fixture
def therapist(sign_in: SignIn) -> FlaskClient:
    """Who owns the episode."""
    return sign_in("therapist", name="Miriam Okafor")


@pytest.fixture
def liam(site: UUID, patient: Register, therapist: FlaskClient) -> UUID:
    """Somebody in the eighth week of outpatient care, after detox."""
    liam, now = patient(given_name="Liam", phone="+12025550143"), clock.now()
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    then = local(now + timedelta(days=3), ZONE)
    following = NextContact(then.date(), then.time().replace(tzinfo=None), ZONE, ContactKind.CALL)
    with actor.acting(Actor(ActorKind.USER, user_id, "Miriam Okafor", "therapist", site, (user_id, site))):
        episodes.admit(
            liam,
            site_id=site,
            track=Track.DETOX,
            medication=Medication.AGONIST,
            owner_id=user_id,
            next_contact=following,
            at=now - timedelta(days=60),
        )
        episodes.move(
            liam,
            track=Track.OUTPATIENT,
            medication=Medication.AGONIST,
            next_contact=following,
            version=None,
            at=now - timedelta(days=52),
        )
        add_note(liam)
        allergy = NewFact(FactKind.ALLERGY, "known", now.date() - timedelta(days=2), detail="Penicillin")
        history.record_fact(liam, allergy, at=now)
    return liam


def add_note(patient_id: UUID) -> None:
    """A signed note of the actor."""
    now = clock.now()
    cases.write(patient_id, kind=NoteKind.CALL, happened_at=now, words=WORDS, sign=True, at=now)


CLINICAL = ("Episode 1", "Outpatient, week 8", "Penicillin", "Methadone or buprenorphine", "Measures")


def test_the_owner_sees_the_whole_chart(therapist: FlaskClient, liam: UUID) -> None:
    page = therapist.get(f"/patients/{liam}").text
    for part in (*CLINICAL, WORDS, "Liam Whitfield", "(202) 555-0143", "No texts. Not agreed yet", "Call"):
        assert part in page, part
    assert "<li>Detox: " in page
    assert "9 days</li>" in page


def test_the_desk_sees_who_it_is_and_how_to_reach_them(sign_in: SignIn, liam: UUID) -> None:
    page = sign_in("desk").get(f"/patients/{liam}").text
    assert "Liam Whitfield" in page
    assert "(202) 555-0143" in page
    for part in (*CLINICAL, WORDS):
        assert part not in page, part


def test_the_nurse_of_the_unit_sees_no_notes(sign_in: SignIn, liam: UUID, site: UUID) -> None:
    nurse = sign_in("nurse")
    assert nurse.get(f"/patients/{liam}").status_code == 404  # detox is over
    now = clock.now()
    then = local(now + timedelta(days=1), ZONE)
    following = NextContact(then.date(), then.time().replace(tzinfo=None), ZONE, ContactKind.VISIT)
    episodes.move(
        liam, track=Track.INPATIENT, medication=Medication.NONE, next_contact=following, version=None, at=now
    )
    page = nurse.get(f"/patients/{liam}").text
    assert "Inpatient, day 1" in page
    assert WORDS not in page


def test_nobody_admitted_yet(sign_in: SignIn, patient: Register) -> None:
    page = sign_in("coordinator").get(f"/patients/{patient()}").text
    assert "No episode yet" in page
    assert "Not asked" in page


def test_the_number_of_queries_does_not_grow_with_the_record(therapist: FlaskClient, liam: UUID) -> None:
    def count() -> int:
        with counted() as asked:
            therapist.get(f"/patients/{liam}")
        return len(asked)

    count()
    before = count()
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    with actor.acting(Actor(ActorKind.USER, user_id, "Miriam Okafor", "therapist", None, (user_id,))):
        for _ in range(5):
            add_note(liam)
        for detail in ("Latex", "Nuts", "Wasps"):
            fact = NewFact(FactKind.ALLERGY, "known", clock.now().date() - timedelta(days=2), detail=detail)
            history.record_fact(liam, fact, at=clock.now())
    assert count() == before
