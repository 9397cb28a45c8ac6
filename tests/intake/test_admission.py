"""Admission: one episode with an owner and a next contact, none before a countersign."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from clinic.core import actor
from clinic.core.db import db
from clinic.episodes import queries as episodes
from clinic.episodes.models import Episode, HandOver, Stay
from clinic.episodes.rules import ContactKind, NextContact
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.intake.rules.decision import Naloxone
from clinic.intake.services.admission import Admit
from clinic.intake.services.admission import admit as admit_now
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit_twice
from tests.intake.way import AT_ADMISSION, SEVERE, address, admit, assess, begin, decide
from tests.race import race

Register = Callable[..., UUID]


@pytest.fixture
def placed(coordinator: FlaskClient, patient: Register) -> UUID:
    """A patient whose placement (outpatient, agonist) stands."""
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23")
    assert decide(coordinator, patient_id, kind="accepted").status_code == 303
    return patient_id


def count(model: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_admission_opens_the_episode_and_offers_it(
    coordinator: FlaskClient, placed: UUID, staff: Callable[..., UUID], clock: MovedClock
) -> None:
    therapist = staff("therapist", name="Miriam Okafor")
    answer = admit(coordinator, placed, on="2026-11-25", offer_to=str(therapist))
    assert (answer.status_code, answer.location) == (303, f"/patients/{placed}")
    episode = episodes.open_episode(placed, now=clock.now())
    assert episode is not None
    assert (episode.track, episode.medication) == ("outpatient", "agonist")
    assert episode.owner_id == coordinator.user_id  # type: ignore[attr-defined]
    assert episode.next_contact.moment == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    offer = db.session.scalars(select(HandOver)).one()
    assert (offer.to_id, offer.answered_at) == (therapist, None)
    assert "Whitfield" not in coordinator.get("/intake").text


BAD = {
    "contact in the past": ({"on": "2026-11-24", "at": "09:59"}, "not in the past"),
    "impossible date": ({"on": "2026-11-31"}, "as a date that exists"),
    "no date": ({"on": ""}, "Enter date of next contact"),
    "no kind": ({"kind": ""}, "Choose kind of contact"),
    "time the clocks skip": ({"on": "2027-03-14", "at": "02:30"}, "that the clocks show"),
    "somebody who is not staff": ({"offer_to": "019dffff-0000-7000-8000-000000000000"}, "from the list"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_bad_admission_opens_nothing(
    coordinator: FlaskClient, placed: UUID, data: dict[str, str], words: str
) -> None:
    answer = admit(coordinator, placed, **{"on": "2026-11-25", **data})
    assert answer.status_code == 422
    assert words in answer.text
    assert count(Episode) == 0


def test_no_admission_before_a_countersign(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23", cows=SEVERE)
    decide(coordinator, patient_id, kind="other", plan="outpatient", reason="He wants to go home.")
    answer = admit(coordinator, patient_id, on="2026-11-25")
    assert answer.status_code == 409
    assert "No admission before a clinician has countersigned" in answer.text
    assert count(Episode) == 0


def test_no_admission_without_a_decision(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assert admit(coordinator, patient_id, on="2026-11-25").status_code == 409
    assert count(Episode) == 0


def test_naloxone_is_asked_and_kept(coordinator: FlaskClient, placed: UUID) -> None:
    for missing, words in (
        ({"naloxone_code": ""}, "Choose naloxone"),
        ({"naloxone_expires_on": ""}, "expires"),
    ):
        refused = admit(coordinator, placed, on="2026-11-25", **missing)
        assert (refused.status_code, words in refused.text) == (422, True)
    assert admit(coordinator, placed, on="2026-11-25").status_code == 303
    db.session.rollback()
    fact = history.current(placed, FactKind.NALOXONE)
    assert fact is not None
    assert (fact.code, fact.expires_on, fact.source_kind) == ("given", date(2028, 5, 31), "admission")


def test_a_double_click_admits_once(coordinator: FlaskClient, placed: UUID) -> None:
    submit_twice(coordinator, address(placed, "admission"), **AT_ADMISSION, on="2026-11-25")
    assert (count(Episode), count(Stay)) == (1, 1)


def test_no_admission_to_a_hospital(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23", unstable_illness="yes")
    decide(coordinator, patient_id, kind="accepted")
    answer = admit(coordinator, patient_id, on="2026-11-25")
    assert answer.status_code == 409
    assert "hospital" in answer.text


def test_of_two_people_the_second_is_led_to_the_first(
    coordinator: FlaskClient, placed: UUID, sign_in: SignIn
) -> None:
    url, second = address(placed, "admission"), sign_in("coordinator")
    late = hidden_fields(second.get(url).text, url)
    admit(coordinator, placed, on="2026-11-25")
    answer = second.post(
        url, data={**late, "on": "2026-11-26", "at": "09:00", "kind": "call", "naloxone_code": "declined"}
    )
    assert (answer.status_code, answer.location) == (303, f"/patients/{placed}")
    assert "Someone else admitted this person" in second.get(answer.location).text
    assert (count(Episode), count(Stay)) == (1, 1)


def test_double_click_opens_one_episode(coordinator: FlaskClient, placed: UUID) -> None:
    url = address(placed, "admission")
    data = {
        **hidden_fields(coordinator.get(url).text, url),
        "on": "2026-11-25",
        "at": "10:00",
        "kind": "visit",
        "naloxone_code": "declined",
    }
    assert [coordinator.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert count(Episode) == 1


def test_decision_cannot_change_after_admission(coordinator: FlaskClient, placed: UUID) -> None:
    url = address(placed, "placement")
    data = {
        **hidden_fields(coordinator.get(url).text, url),
        "kind": "other",
        "plan": "inpatient",
        "reason": "Late",
    }
    admit(coordinator, placed, on="2026-11-25")
    answer = coordinator.post(url, data=data)
    assert answer.status_code == 409
    assert "was admitted on this decision" in answer.text


def test_readmission_closes_the_old_episode_and_opens_the_new_one(
    coordinator: FlaskClient, placed: UUID, clock: MovedClock
) -> None:
    admit(coordinator, placed, on="2026-11-25")
    first = episodes.open_episode(placed, now=clock.now())
    clock.set(datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    assess(coordinator, placed, on="2026-11-23")
    assert (
        decide(coordinator, placed, kind="other", plan="inpatient", reason="Used again.").status_code == 303
    )
    assert "Admitting closes it" in coordinator.get(address(placed, "admission")).text
    assert admit(coordinator, placed, on="2026-11-26").status_code == 303
    second = episodes.open_episode(placed, now=clock.now())
    assert first is not None
    assert second is not None
    assert second.id != first.id
    assert second.track == "inpatient"
    closed = db.session.get_one(Episode, first.id, populate_existing=True)
    assert closed.close_reason == "readmission"


class SecondIsLed(Exception):
    """This process was led to the episode of another one."""


def admit_as(who: actor.Actor, patient_id: UUID, wanted: Admit, at: datetime) -> None:
    """What the page does, in another process."""
    with actor.acting(who):
        if not admit_now(patient_id, wanted, at=at).created:
            raise SecondIsLed


def test_of_ten_admissions_at_once_one_opens_the_episode(
    env: dict[str, Any], coordinator: FlaskClient, placed: UUID, site: UUID, clock: MovedClock
) -> None:
    user_id: UUID = coordinator.user_id  # type: ignore[attr-defined]
    who = actor.Actor(
        actor.ActorKind.USER, id=user_id, role="coordinator", site_id=site, subject_ids=(user_id, site)
    )
    contact = NextContact(date(2026, 11, 25), time(10), "America/New_York", ContactKind.VISIT)
    act = partial(admit_as, who, placed, Admit(contact, Naloxone("declined", None)), clock.now())
    db.session.rollback()
    assert race(env, [act] * 10) == ["SecondIsLed"] * 9 + ["done"]
    assert (count(Episode), count(Stay)) == (1, 1)


def test_a_new_assessment_counts_when_it_is_signed_not_before(
    coordinator: FlaskClient, placed: UUID, clock: MovedClock
) -> None:
    begin(coordinator, placed)
    assert "As the rules propose" in coordinator.get(address(placed, "placement")).text
    assert admit(coordinator, placed, on="2026-11-25").status_code == 303
    assert episodes.open_episode(placed, now=clock.now()) is not None
