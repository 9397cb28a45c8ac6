"""The change of track."""

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.core.db import db
from clinic.episodes.models import Stay
from clinic.episodes.rules import Track
from tests.cases.conftest import Owned
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit

WANTED = {
    "track": "inpatient",
    "medication": "agonist",
    "next_on": "2026-11-26",
    "next_at": "09:00",
    "next_kind": "visit",
}


def move(browser: FlaskClient, person: Owned, **changed: str) -> TestResponse:
    """Fill the page."""
    return submit(browser, f"/patients/{person.id}/move", **{**WANTED, **changed})


def tracks() -> list[Track]:
    """Every stay's, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(Stay.track).order_by(Stay.starts_at, Stay.id)))


def test_a_stay_is_added_and_the_unit_sees_who_came(person: Owned, sign_in: SignIn) -> None:
    nurse, record = sign_in("nurse"), f"/patients/{person.id}"
    assert nurse.get(record).status_code == 404
    assert move(person.therapist, person).status_code == 303
    assert tracks() == [Track.OUTPATIENT, Track.INPATIENT]
    assert nurse.get(record).status_code == 200
    move(person.therapist, person, track="outpatient")
    assert nurse.get(record).status_code == 404


def test_a_next_contact_that_is_past_is_refused(person: Owned) -> None:
    answer = move(person.therapist, person, next_on="2026-11-23")
    assert answer.status_code == 422
    assert "still to come" in answer.text
    assert tracks() == [Track.OUTPATIENT]


def test_of_two_changes_the_second_is_told(person: Owned, sign_in: SignIn) -> None:
    address, supervisor = f"/patients/{person.id}/move", sign_in("supervisor")
    late = hidden_fields(supervisor.get(address).text, address)
    move(person.therapist, person)
    answer = supervisor.post(address, data={**late, **WANTED, "track": "detox"})
    assert answer.status_code == 409
    assert tracks() == [Track.OUTPATIENT, Track.INPATIENT]
    again = {**hidden_fields(answer.text, address), **WANTED, "track": "detox"}
    assert supervisor.post(address, data=again).status_code == 303
    assert tracks()[-1] is Track.DETOX
