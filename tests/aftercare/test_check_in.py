"""The pages behind a patient's link, by what the person sees and what is kept."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from clinic.aftercare.models import CheckIn, CheckInAnswer
from clinic.audit.models import AuditEntry
from clinic.configuration import services as configuring
from clinic.core.db import db
from clinic.messaging.models import Message
from clinic.messaging.rules.templates import WORDS
from clinic.safety.models import SafetyNeed
from clinic.safety.rules import Cause
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level
from tests.aftercare.conftest import Person, answer_all, check_in_of, link_of, tap
from tests.conftest import MovedClock
from tests.forms import hidden_fields, submit

WELL = ("8", "both_good", "1", "nothing", "safe")
GIVEAWAYS = (
    "clinic",
    "recover",
    "substance",
    "opioid",
    "medic",
    "therap",
    "treatment",
    "patient",
    "owen",
    "riverside",
)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """The patient's browser."""
    return app.test_client()


@pytest.fixture
def due(discharged: Person, clock: MovedClock) -> Person:
    """The first check-in has been due for five minutes: 10:05 on Wednesday."""
    clock.advance(hours=19, minutes=5)
    return discharged


def _risk(person: Person) -> WorkItem | None:
    db.session.rollback()
    wanted = select(WorkItem).where(WorkItem.kind == "aftercare.risk", WorkItem.patient_id == person.id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def test_five_taps_and_thank_you(due: Person, phone: FlaskClient) -> None:
    answer_all(phone, link_of(due), *WELL)
    page = phone.get("/c")
    assert "Thank you" in page.text
    kept = check_in_of(due)
    assert kept.outcome == "answered"
    assert kept.answered_at is not None
    assert kept.completed_at is not None
    assert _risk(due) is None


def test_a_clinic_s_limit_counts_from_its_decision_on_and_its_version_is_kept(
    due: Person, phone: FlaskClient, clock: MovedClock
) -> None:
    link = link_of(due)
    tap(phone, link, "6")
    assert _risk(due) is None
    configuring.set_value("mood_amber_at_most", 8, at=clock.now())
    version = configuring.set_value("mood_red_at_most", 7, at=clock.now())
    tap(phone, "/c", "both_good")
    assert check_in_of(due).settings_version == version
    assert check_in_of(due).level is Level.HIGH


def test_looking_changes_nothing_but_the_trail(due: Person, phone: FlaskClient) -> None:
    link = link_of(due)
    for _ in range(3):
        assert "Question 1 of 5" in phone.get(link).text
    opened = select(func.count()).where(AuditEntry.action == "check_in.opened")
    assert db.session.scalar(opened) == 3
    kept = check_in_of(due)
    assert kept.outcome is None
    assert db.session.scalar(select(func.count()).select_from(CheckInAnswer)) == 0


def test_the_token_leaves_the_address_after_the_first_step(due: Person, phone: FlaskClient) -> None:
    reply = tap(phone, link_of(due), "8")
    assert (reply.status_code, reply.headers["Location"]) == (303, "/c")
    assert "Question 2 of 5" in phone.get("/c").text


def test_no_page_tells_a_stranger_who_asks(due: Person, phone: FlaskClient) -> None:
    pages = [phone.get(link_of(due))]
    pages += [tap(phone, "/c", answer) and phone.get("/c") for answer in WELL]
    pages += [phone.get(path) for path in ("/c/help", "/c/stop", "/c/no-such-token")]
    for page in pages:
        shown = re.sub(r"<[^>]*>", " ", page.text).lower()
        assert not WORDS.found_in(shown)
        assert not [word for word in GIVEAWAYS if word in shown]
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "<title>Check-in</title>" in page.text
        assert "I need help now" in page.text or "Talk to someone now" in page.text
        assert "Leave this page" in page.text


def test_dead_links_all_look_the_same(due: Person, phone: FlaskClient, clock: MovedClock) -> None:
    answered, silent, ahead = link_of(due), link_of(due), link_of(due, day=2)
    answer_all(phone, answered, *WELL)
    clock.advance(minutes=16)
    old = phone.get(answered)
    clock.advance(days=1)
    pages = [old, phone.get(silent), phone.get(f"/c/{'x' * 22}"), phone.get("/c/x"), phone.get("/c")]
    clock.advance(days=-1)
    pages.append(phone.get(ahead))
    pages.append(phone.post(silent, data={"answer": "1"}))
    assert {page.status_code for page in pages[:-1]} == {404}
    assert len({page.data for page in pages[:-1]}) == 1


def test_links_live_15_minutes_after_the_end(due: Person, phone: FlaskClient, clock: MovedClock) -> None:
    answer_all(phone, link_of(due), *WELL)
    clock.advance(minutes=14)
    assert phone.get(link_of(due)).status_code == 200


def test_an_impossible_answer_changes_nothing(due: Person, phone: FlaskClient) -> None:
    page = tap(phone, link_of(due), "11")
    assert page.status_code == 422
    assert "Choose one of the answers" in page.text
    assert check_in_of(due).outcome is None


def test_back_shows_what_was_chosen_and_keeps_both(due: Person, phone: FlaskClient) -> None:
    answer_all(phone, link_of(due), "8", "both_good")
    page = phone.get("/c?page=1")
    assert re.search(r'value="8" aria-current="true"', page.text)
    tap(phone, "/c?page=1", "7")
    assert "Question 3 of 5" in phone.get("/c").text
    kept = select(CheckInAnswer.n).where(CheckInAnswer.page == "1").order_by(CheckInAnswer.n)
    assert db.session.scalars(kept).all() == [1, 2]


def test_a_second_tap_of_the_same_page_is_led_on(due: Person, phone: FlaskClient) -> None:
    link = link_of(due)
    page = phone.get(link)
    data = hidden_fields(page.text, link)
    assert phone.post(link, data={**data, "answer": "8"}).status_code == 303
    assert phone.post(link, data={**data, "answer": "3"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(CheckInAnswer)) == 1
    assert _risk(due) is None


def test_a_lost_form_token_shows_the_question_again(due: Person, phone: FlaskClient) -> None:
    reply = phone.post(link_of(due), data={"page": "1", "seen": "0", "answer": "8"})
    assert reply.status_code == 303
    assert check_in_of(due).outcome is None


def test_rather_not_say_is_never_green(due: Person, phone: FlaskClient) -> None:
    answer_all(phone, link_of(due), *["rather_not"] * 6)
    assert "Thank you" in phone.get("/c").text
    staff_page = due.therapist.get(f"/patients/{due.id}/aftercare").text
    assert staff_page.count("I would rather not say") == 6


def test_every_tap_is_judged_at_once(due: Person, phone: FlaskClient, clock: MovedClock) -> None:
    tap(phone, link_of(due), "2")
    item = _risk(due)
    assert item is not None
    assert (item.level, item.reason, item.owner_id) == (Level.HIGH, "Today 2 of 10", due.therapist_id)
    assert item.due_at - clock.now() <= timedelta(hours=4)


def test_thoughts_of_harm_bring_help_in_the_reply_and_count_as_now(due: Person, phone: FlaskClient) -> None:
    reply = answer_all(phone, link_of(due), "8", "both_good", "1", "nothing", "thoughts")
    assert reply.status_code == 200
    assert "Talk to someone now" in reply.text
    assert "Is it now?" in reply.text
    item = _risk(due)
    assert item is not None
    assert (item.level, item.reason) == (Level.ACUTE, "Thoughts of self-harm now")
    kinds = db.session.scalars(select(WorkItem.kind).where(WorkItem.patient_id == due.id)).all()
    assert "safety.plan" in kinds
    action = "/c"
    phone.post(action, data={**hidden_fields(reply.text, action), "answer": "not_now"})
    assert check_in_of(due).level is Level.ACUTE  # what was said is not unsaid


def test_an_acute_or_high_answer_asks_for_the_review_of_a_plan(due: Person, phone: FlaskClient) -> None:
    asked = select(SafetyNeed.cause).where(SafetyNeed.patient_id == due.id, SafetyNeed.met_at.is_(None))
    tap(phone, link_of(due), "2")  # high, and no thought of harm: without a plan there is nothing to review
    assert db.session.scalars(asked).all() == []
    whole = {"signs": "I walk at night", "named": "Pills", "kept": "Ada", "means": "filled", "do": "sign"}
    page = f"/patients/{due.id}/safety-plan/write"
    signed = submit(due.therapist, page, **whole, agreement="agreed", signed_name="Owen")
    assert signed.status_code == 303, signed.text
    answer_all(phone, "/c", "both_good", "9")
    db.session.rollback()
    assert db.session.scalars(asked).all() == [Cause.ANSWER]


@pytest.mark.parametrize("ending", [("nothing", "thoughts", "rather_not"), ("nearly_died", "safe")])
def test_an_acute_answer_ends_with_help_and_never_with_nothing_to_do(
    due: Person, phone: FlaskClient, ending: tuple[str, ...]
) -> None:
    answer_all(phone, link_of(due), "8", "both_good", "1")
    for answer in ending:
        tap(phone, "/c", answer)
    end = phone.get("/c").text
    assert 'href="tel:988"' in end
    assert "Back to the last question" in end
    assert "do not need to do anything" not in end


def test_without_a_roster_help_says_that_nobody_reads(due: Person, phone: FlaskClient) -> None:
    reply = answer_all(phone, link_of(due), "8", "both_good", "1", "nearly_died")
    assert "Nobody reads answers now" in reply.text
    assert "has been told" not in reply.text
    assert 'href="tel:911"' in reply.text
    assert 'href="tel:988"' in reply.text
    assert "Go on with the check-in" in reply.text


def test_help_is_there_without_a_link(phone: FlaskClient) -> None:
    page = phone.get("/c/help")
    assert page.status_code == 200
    assert 'href="tel:911"' in page.text


def test_a_risk_answer_brings_the_next_check_ins_closer(
    discharged: Person, phone: FlaskClient, clock: MovedClock, runner: FlaskCliRunner
) -> None:
    clock.advance(days=15)
    runner.invoke(args=["messages", "pump", "--until-idle"])
    clock.advance(hours=20)  # 11:00 on day 16
    ahead = select(CheckIn.day).where(CheckIn.due_at > clock.now(), CheckIn.outcome.is_(None))
    assert db.session.scalars(ahead.order_by(CheckIn.day)).all() == [18, 20, 22, 24, 26, 28]
    tap(phone, link_of(discharged, day=16), "1")
    db.session.rollback()
    assert db.session.scalars(ahead.order_by(CheckIn.day)).all() == list(range(17, 31))


def test_an_answer_takes_back_what_was_not_sent_yet(due: Person, phone: FlaskClient) -> None:
    tap(phone, link_of(due), "8")
    states = select(Message.state, Message.reason).where(Message.subject_id == check_in_of(due).id)
    assert db.session.execute(states).all() == [("cancelled", "answered")]


def test_an_answer_is_kept_sealed(due: Person, phone: FlaskClient) -> None:
    answer_all(phone, link_of(due), "8", "hardly_slept")
    stored = db.session.scalars(select(CheckInAnswer.value_sealed)).all()
    assert not any(b"hardly" in sealed for sealed in stored)
