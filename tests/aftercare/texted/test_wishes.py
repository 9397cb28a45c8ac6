"""Pause, stop and "this is not me" on the patient's page: one tap, at once, and somebody is told."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.aftercare.models import CheckIn
from clinic.aftercare.rules.wishes import choices, read
from clinic.core.db import db
from clinic.patients import queries as patients
from clinic.patients.rules import Channel, MessageKind
from clinic.worklist.models import WorkItem
from tests.aftercare.conftest import NUMBER, Person, check_in_of, link_of
from tests.aftercare.texted.conftest import Later
from tests.conftest import MovedClock
from tests.forms import hidden_fields, submit_twice
from tests.messaging.provider import Provider


@pytest.fixture
def phone(discharged: Person, later: Later, app: Flask) -> FlaskClient:
    """It is 10:00 on day 1: the text came, and the person opened its link."""
    later(hours=19)
    browser = app.test_client()
    assert browser.get(link_of(discharged)).status_code == 200
    return browser


def _tap(browser: FlaskClient, wish: str) -> str:
    """Press one button of the page about messages; the page that confirms it."""
    page = browser.get("/c/stop")
    answer = browser.post("/c/stop", data={**hidden_fields(page.text, "/c/stop"), "answer": wish})
    assert answer.status_code == 303, answer.status_code
    db.session.rollback()
    return browser.get(answer.location).text


def _kinds(patient_id: UUID) -> frozenset[MessageKind]:
    allowed = patients.permission(patient_id, Channel.SMS)
    return allowed.kinds if isinstance(allowed, patients.Permission) else frozenset()


def _work(patient_id: UUID) -> dict[str, WorkItem]:
    db.session.rollback()
    items = db.session.scalars(select(WorkItem).where(WorkItem.patient_id == patient_id))
    return {item.kind: item for item in items}


def test_a_look_at_the_page_changes_nothing(discharged: Person, phone: FlaskClient) -> None:
    page = phone.get("/c/stop").text
    assert "Pause until Sat Nov 28" in page
    assert "This is not me" in page
    assert phone.get("/c/done/stop_all").status_code == 200
    assert _kinds(discharged.id) == frozenset(MessageKind)
    assert set(_work(discharged.id)) == {"aftercare.call"}  # planned for day 1


def test_a_pause_ends_by_itself(
    discharged: Person, phone: FlaskClient, later: Later, provider: Provider
) -> None:
    assert "Paused" in _tap(phone, "pause_3")
    item = _work(discharged.id)["aftercare.paused"]
    assert item.owner_id == discharged.therapist_id
    assert item.reason.startswith("Paused check-ins until Sat Nov 28")
    later(days=2)
    assert len(provider.taken(NUMBER)) == 1
    assert (check_in_of(discharged).outcome, check_in_of(discharged).outcome_reason) == ("skipped", "paused")
    assert "aftercare.no_answer" not in _work(discharged.id)
    assert "aftercare.call" in _work(discharged.id)  # people call as planned
    later(days=1)  # Saturday, 10:00
    assert len(provider.taken(NUMBER)) == 2


def test_staff_end_a_pause(discharged: Person, phone: FlaskClient) -> None:
    _tap(phone, "pause_7")
    tab = f"/patients/{discharged.id}/aftercare"
    submit_twice(discharged.therapist, tab, to=f"{tab}/resume")
    standing = select(CheckIn.day).where(CheckIn.outcome.is_(None)).order_by(CheckIn.day)
    assert list(db.session.scalars(standing))[:3] == [1, 2, 3]


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        ("stop_check_ins", {MessageKind.APPOINTMENTS, MessageKind.CALL_ME}),
        ("stop_appointments", {MessageKind.CHECK_INS, MessageKind.CALL_ME}),
        ("stop_all", set()),
    ],
)
def test_stop_holds_at_once_and_is_a_call_of_the_same_day(
    discharged: Person, phone: FlaskClient, clock: MovedClock, wish: str, left: set[MessageKind]
) -> None:
    _tap(phone, wish)
    assert _kinds(discharged.id) == left
    item = _work(discharged.id)["messaging.opt_out"]
    assert item.owner_id == discharged.therapist_id
    assert item.due_at.date() == clock.now().date()  # weeks 0 to 4


def test_who_stopped_the_questions_is_not_chased(
    discharged: Person, phone: FlaskClient, later: Later, provider: Provider
) -> None:
    _tap(phone, "stop_check_ins")
    later(days=2)
    assert len(provider.taken(NUMBER)) == 1
    assert check_in_of(discharged).outcome_reason == "opted_out"
    assert "aftercare.no_answer" not in _work(discharged.id)


def test_not_me_silences_the_number_for_all_and_kills_its_links(
    discharged: Person, phone: FlaskClient, patient: Callable[..., UUID], later: Later, provider: Provider
) -> None:
    sister = patient(given_name="Ana", phone=NUMBER)
    link = link_of(discharged)
    page = _tap(phone, "not_me")
    assert "Nothing more is sent here" in page
    assert "Owen" not in page
    assert phone.get("/c").status_code == phone.get(link).status_code == 404
    for patient_id in (discharged.id, sister):
        allowed = patients.permission(patient_id, Channel.SMS)
        assert isinstance(allowed, patients.NoPermission)
        assert allowed.why == "wrong_contact"
        assert "says that it is not this person" in _work(patient_id)["messaging.contact_point"].reason
    later(days=1)
    assert len(provider.taken(NUMBER)) == 1


@pytest.mark.parametrize(("longest", "days"), [(14, [3, 7, 14]), (5, [3, 5]), (1, [1])])
def test_pauses_go_as_far_as_the_clinic_allows(longest: int, days: list[int]) -> None:
    offered = [read(code) for code, _ in choices(date(2026, 11, 25), longest)]
    assert [count for wish, count in offered if wish == "pause"] == days
