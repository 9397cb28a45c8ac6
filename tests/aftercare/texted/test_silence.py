"""From the text to the outcome, with a real provider: sent once, nudged once, closed once, counted once."""

import json
from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from clinic.accounts.rules import ShiftPlan
from clinic.accounts.services import roster
from clinic.aftercare.models import CheckInAnswer
from clinic.core.db import db
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level
from tests.aftercare.conftest import NUMBER, Person, answer_all, check_in_of, link_of
from tests.conftest import MovedClock
from tests.forms import submit
from tests.messaging.provider import Provider, sign

Pump = Callable[[], None]


@pytest.fixture
def pump(runner: FlaskCliRunner) -> Pump:
    """Runs every periodic job until nothing changes."""

    def run() -> None:
        runner.invoke(args=["messages", "pump", "--until-idle"], catch_exceptions=False)
        db.session.rollback()

    return run


@pytest.fixture
def asked(discharged: Person, clock: MovedClock, pump: Pump) -> Person:
    """It is 10:00 on the day after discharge, and the text went out."""
    clock.advance(hours=19)
    pump()
    return discharged


def _work(person: Person) -> dict[str, WorkItem]:
    db.session.rollback()
    rows = db.session.scalars(
        select(WorkItem).where(WorkItem.patient_id == person.id).execution_options(populate_existing=True)
    )
    return {row.kind: row for row in rows}


def _ledger(runner: FlaskCliRunner) -> tuple[int, dict[str, object]]:
    db.session.rollback()
    ran = runner.invoke(args=["messages", "ledger", "--json"])
    return ran.exit_code, json.loads(ran.stdout.strip().splitlines()[-1])


def _reply(client: FlaskClient, words: str, number: str = NUMBER, sid: str = "SM1") -> None:
    form = {"MessageSid": sid, "From": number, "Body": words, "To": "+12025550100"}
    url = "http://127.0.0.1:8000/messaging/inbound"
    assert client.post("/messaging/inbound", data=form, headers=sign(url, form)).status_code == 200


def test_the_text_opens_the_question(asked: Person, provider: Provider, app: Flask) -> None:
    [text] = provider.taken(NUMBER)
    assert text.body.startswith("Hi Owen. ")
    path = text.body.partition(" http://127.0.0.1:8000")[2].split()[0]
    assert path == link_of(asked)
    assert "Question 1 of 5" in app.test_client().get(path).text


def test_silence_is_nudged_once_and_closed_at_nine_with_a_call(
    asked: Person, provider: Provider, clock: MovedClock, pump: Pump, runner: FlaskCliRunner
) -> None:
    clock.advance(hours=4)
    pump()
    clock.advance(hours=3)
    pump()
    assert [text.body.startswith("Hi Owen. Still open") for text in provider.taken(NUMBER)] == [False, True]
    clock.advance(hours=15, minutes=59)
    pump()
    assert check_in_of(asked).outcome is None
    clock.advance(minutes=2)  # 09:01
    pump()
    kept = check_in_of(asked)
    assert (kept.outcome, kept.outcome_reason) == ("did_not_answer", "no_answer")
    item = _work(asked)["aftercare.no_answer"]
    assert item.owner_id == asked.therapist_id
    assert item.due_at - clock.now() < timedelta(hours=8)  # the same day
    clock.advance(minutes=20)
    code, counted = _ledger(runner)
    assert (code, counted["due"], counted["failed"], counted["reasons"]) == (0, 1, 1, {"no_receipt": 1})


def test_a_text_that_does_not_arrive_is_work_at_once_and_not_reached_at_the_close(
    asked: Person,
    client: FlaskClient,
    clock: MovedClock,
    pump: Pump,
    runner: FlaskCliRunner,
    provider: Provider,
) -> None:
    [text] = provider.taken(NUMBER)
    url = str(text.status_callback)
    form = {"MessageSid": text.sid, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert client.post(url, data=form, headers=sign(url, form)).status_code == 200
    item = _work(asked)["aftercare.not_reached"]
    assert "did not arrive" in item.reason
    assert item.due_at - clock.now() < timedelta(hours=8)  # in weeks 0 to 4 the same day
    assert _ledger(runner)[0] == 0
    clock.advance(hours=23, minutes=1)
    pump()
    assert check_in_of(asked).outcome == "not_reached"
    code, counted = _ledger(runner)
    assert (code, counted["failed"], counted["unexplained"]) == (0, 1, 0)


def test_the_ledger_counts_what_is_open_and_what_was_answered(
    asked: Person, app: Flask, runner: FlaskCliRunner
) -> None:
    code, counted = _ledger(runner)
    assert (code, counted["due"], counted["open"]) == (0, 1, 1)
    answer_all(app.test_client(), link_of(asked), "8")
    code, counted = _ledger(runner)
    assert (code, counted["answered"], counted["reasons"]) == (0, 1, {"answered": 1})
    assert runner.invoke(args=["messages", "ledger"]).stdout.splitlines()[0] == (
        "due 1 = delivered 0 + answered 1 + withheld 0 + failed 0 + open 0"
    )


def test_an_outcome_that_is_missing_past_the_deadline_is_told(
    asked: Person, clock: MovedClock, runner: FlaskCliRunner
) -> None:
    clock.advance(days=1)  # nothing ran since
    code, counted = _ledger(runner)
    assert (code, counted["unexplained"]) == (1, 1)


def test_a_stopped_patient_is_withheld_and_not_chased(
    asked: Person,
    client: FlaskClient,
    clock: MovedClock,
    pump: Pump,
    runner: FlaskCliRunner,
    provider: Provider,
) -> None:
    _reply(client, "Stop")
    clock.advance(days=1)  # 10:00 on day 2
    pump()
    clock.advance(days=1)
    pump()
    assert len(provider.taken(NUMBER)) == 1
    second = check_in_of(asked, day=2)
    assert (second.outcome, second.outcome_reason) == ("skipped", "opted_out")
    assert "messaging.opt_out" in _work(asked)
    code, counted = _ledger(runner)
    assert (code, counted["unexplained"]) == (0, 0)
    assert counted["withheld"] == 2  # day 2, and day 3 that is due now


def test_a_digit_answers_the_first_question_and_nothing_else(asked: Person, client: FlaskClient) -> None:
    _reply(client, " 1. ")
    kept = check_in_of(asked)
    assert kept.outcome == "answered"
    assert kept.completed_at is None
    pages = db.session.scalars(select(CheckInAnswer.page)).all()
    assert pages == ["1"]
    item = _work(asked)["aftercare.risk"]
    assert (item.level, item.reason) == (Level.HIGH, "Today 1 of 10")
    assert "Question 2 of 5" in client.get(link_of(asked)).text


@pytest.mark.parametrize("words", ["11", "leave me", "ten"])
def test_other_words_go_to_a_person(asked: Person, client: FlaskClient, words: str) -> None:
    _reply(client, words)
    assert check_in_of(asked).outcome is None
    assert any(kind.startswith("messaging.") for kind in _work(asked))


def test_a_number_that_two_people_share_is_never_guessed(
    asked: Person, client: FlaskClient, patient: Callable[..., object]
) -> None:
    patient(given_name="Maya", phone=NUMBER)
    _reply(client, "7")
    assert check_in_of(asked).outcome is None


def test_an_acute_answer_pages_the_person_on_call_and_help_says_so_only_when_confirmed(
    asked: Person,
    app: Flask,
    client: FlaskClient,
    clock: MovedClock,
    pump: Pump,
    provider: Provider,
    staff: Callable[..., UUID],
) -> None:
    today = date(2026, 11, 25)
    nurse = staff("nurse", name="Ewa Kowalczyk", phone="+12025550177")
    roster.add_shift(ShiftPlan(nurse, 1, today, time(8), today, time(20), "America/New_York"), at=clock.now())
    phone = app.test_client()
    reply = answer_all(phone, link_of(asked), "8", "both_good", "1", "nearly_died")
    assert "Nobody has confirmed yet" in reply.text
    assert "within 15 minutes" in reply.text
    pump()
    [page] = provider.taken("+12025550177")
    assert "Owen" not in page.body
    _reply(client, "1", number="+12025550177")
    assert "has been told, and confirmed it at 10:0" in phone.get("/c/help").text


def test_what_is_said_after_the_work_was_closed_is_work_again(asked: Person, app: Flask) -> None:
    phone = app.test_client()
    answer_all(phone, link_of(asked), "2", "both_good")
    item = _work(asked)["aftercare.risk"]
    url = f"/work/{item.id}"
    assert submit(asked.therapist, url, outcome="reached", note="Talked", close="y").status_code == 303
    answer_all(phone, "/c", "1", "nothing", "call_soon")
    open_items = select(WorkItem).where(WorkItem.kind == "aftercare.risk", WorkItem.closed_at.is_(None))
    again = db.session.scalars(open_items).one()
    assert (again.level, again.reason) == (Level.ACUTE, "Needs a call soon; Today 2 of 10")


def test_a_further_reason_is_a_step_of_the_same_work(asked: Person, app: Flask) -> None:
    answer_all(app.test_client(), link_of(asked), "2", "hardly_slept")
    page = asked.therapist.get(f"/work/{_work(asked)['aftercare.risk'].id}").text
    assert "Today 2 of 10; Hardly slept" in page
