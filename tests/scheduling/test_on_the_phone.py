"""A reminder on its whole way: booked on a page, taken by the provider, answered by text."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from clinic.core.db import db
from clinic.patients import queries as patient_queries
from clinic.patients import services as patients
from clinic.patients.rules import CONSENT_WORDS, ConsentGiven, MessageKind, Source
from clinic.scheduling.models import ClinicSession
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock
from tests.forms import submit
from tests.messaging.provider import Provider, sign

NUMBER = "+12025550143"
DUE = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # Tuesday at ten in New York


@pytest.fixture
def env(env: Mapping[str, str], provider: Provider) -> Mapping[str, str]:
    """The usual environment with this provider."""
    return {**env, "CLINIC_SMS_URL": provider.url}


@pytest.fixture
def patient_id(
    own_patient: Callable[..., UUID], acting: object, therapist: FlaskClient, clock: MovedClock
) -> UUID:
    """A patient with a session on Wednesday at two, who agreed to reminders of appointments."""
    patient_id = own_patient(phone=NUMBER)
    [point] = patient_queries.contact_points(patient_id)
    given = ConsentGiven(
        contact_point_id=point.id, kinds=frozenset({MessageKind.APPOINTMENTS}), safe_from=time(9),
        safe_until=time(20), may_use_first_name=True, source=Source.IN_PERSON, words=CONSENT_WORDS,
    )  # fmt: skip
    patients.record_consent(patient_id, given, at=clock.now())
    booked = submit(
        therapist, f"/patients/{patient_id}/appointments/new", kind="individual", minutes="50",
        on_date=f"{date(2026, 11, 25)}", at_time="14:00", room_id="none",
    )  # fmt: skip
    assert booked.status_code == 303
    return patient_id


def _pump(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["messages", "pump", "--until-idle"]).exit_code == 0


def _reply(client: FlaskClient, words: str) -> None:
    form = {"MessageSid": f"SM{uuid4().hex}", "From": NUMBER, "Body": words}
    answer = client.post(
        "/messaging/inbound", data=form, headers=sign("http://127.0.0.1:8000/messaging/inbound", form)
    )
    assert answer.status_code == 200


def test_one_text_the_day_before_and_a_reply_that_confirms(
    patient_id: UUID,
    provider: Provider,
    runner: FlaskCliRunner,
    client: FlaskClient,
    therapist: FlaskClient,
    clock: MovedClock,
) -> None:
    _pump(runner)
    assert provider.taken() == []  # not before ten on the day before
    clock.set(DUE)
    _pump(runner)
    _pump(runner)
    [text] = provider.taken(NUMBER)
    assert text.body == (
        "Hi Owen. Reminder: appointment Wed Nov 25, 14:00. Reply 1 to confirm, 2 to change. "
        "Not read at once; emergency 911. STOP to end."
    )
    _reply(client, "1")
    assert "Confirmed by text" in therapist.get(f"/patients/{patient_id}/appointments").text


def test_wish_to_change_becomes_work(
    patient_id: UUID, provider: Provider, runner: FlaskCliRunner, client: FlaskClient, clock: MovedClock
) -> None:
    clock.set(DUE)
    _pump(runner)
    _reply(client, "2")
    assert db.session.scalars(select(WorkItem.kind)).all() == ["scheduling.change_asked"]


def test_nothing_goes_out_after_a_cancellation(
    patient_id: UUID, provider: Provider, runner: FlaskCliRunner, therapist: FlaskClient, clock: MovedClock
) -> None:
    session_id = db.session.scalar(select(ClinicSession.id))
    assert submit(therapist, f"/sessions/{session_id}/cancel", reason="patient_asked").status_code == 303
    clock.set(DUE)
    _pump(runner)
    assert provider.taken() == []


def test_nothing_goes_out_after_stop(
    patient_id: UUID, provider: Provider, runner: FlaskCliRunner, client: FlaskClient, clock: MovedClock
) -> None:
    _reply(client, "STOP")
    clock.set(DUE)
    _pump(runner)
    assert provider.taken() == []
