"""Attendance: nothing before the signature, everything with it, corrections beside it."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from clinic.core.db import db, transaction
from clinic.scheduling.models import Attendance, ClinicSession
from clinic.scheduling.rules import Mark, State
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit, submit_twice


@pytest.fixture
def patient_id(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> UUID:
    """A patient with a session on Tuesday at 10:30."""
    patient_id = own_patient()
    answer = submit(
        therapist, f"/patients/{patient_id}/appointments/new", kind="individual", on_date="2026-11-24",
        at_time="10:30", minutes="50", room_id="none",
    )  # fmt: skip
    assert answer.status_code == 303
    return patient_id


@pytest.fixture
def address(patient_id: UUID) -> str:
    """The page of that session."""
    return f"/sessions/{db.session.scalar(select(ClinicSession.id))}"


def test_nothing_is_recorded_before_the_signature(
    therapist: FlaskClient, address: str, clock: MovedClock
) -> None:
    assert "Sign and close session" not in therapist.get(address).text
    clock.advance(hours=26)
    page = therapist.get(address).text
    assert "Sign and close session" in page
    assert page.count("checked") == 1  # present until tapped otherwise
    assert db.session.scalar(select(func.count(Attendance.id))) == 0


def test_signature_records_all_at_once(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    given = {f"mark_{patient_id.hex}": "late", f"minutes_{patient_id.hex}": "35"}
    answer = submit(therapist, address, **given)
    assert answer.status_code == 303
    row = db.session.scalars(select(Attendance)).one()
    assert (row.patient_id, row.mark, row.minutes) == (patient_id, Mark.LATE, 35)
    assert db.session.scalar(select(ClinicSession.state)) is State.HELD
    page = therapist.get(address).text
    assert "Late" in page
    assert "Write note" in page
    assert "Late" in therapist.get(f"/patients/{patient_id}/appointments").text


def test_double_click_signs_once(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    submit_twice(therapist, address, **{f"mark_{patient_id.hex}": "present"})
    assert db.session.scalar(select(func.count(Attendance.id))) == 1


def test_signing_before_it_begins_is_refused(therapist: FlaskClient, address: str, patient_id: UUID) -> None:
    other = hidden_fields(therapist.get(f"{address}/cancel").text, f"{address}/cancel")
    answer = therapist.post(address, data={**other, f"mark_{patient_id.hex}": "present"})
    assert answer.status_code == 409
    assert "You can sign from the time the session begins" in answer.text


def test_impossible_mark_records_nothing(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    for given in ({"mark": "vanished"}, {"mark": "late", "minutes": "0"}, {"mark": "late", "minutes": "x"}):
        sent = {f"{name}_{patient_id.hex}": value for name, value in given.items()}
        assert submit(therapist, address, **sent).status_code == 422
    assert db.session.scalar(select(func.count(Attendance.id))) == 0


def test_correction_stands_beside_what_was_signed(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    submit(therapist, address, **{f"mark_{patient_id.hex}": "present"})
    for mark in ("no_show", "excused"):
        answer = submit(therapist, f"{address}/attendance/{patient_id}", mark=mark, reason=f"Said {mark}")
        assert answer.status_code == 303
    marks = db.session.scalars(select(Attendance.mark).order_by(Attendance.signed_at))
    assert list(marks) == [Mark.PRESENT, Mark.NO_SHOW, Mark.EXCUSED]
    page = therapist.get(address).text
    assert 'tag-warning">Excused</span> <a class="amended"' in page
    for before, after in (("Present", "No show"), ("No show", "Excused")):
        assert re.search(f'<del class="prose">{before}</del>.*?<ins class="prose">{after}</ins>', page, re.S)
    assert "Said excused" in page


def test_of_two_who_mark_a_session_the_second_chooses_person_by_person(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    mark, opened = f"mark_{patient_id.hex}", hidden_fields(therapist.get(address).text, address)
    assert submit(therapist, address, **{mark: "no_show"}).status_code == 303
    late = therapist.post(address, data={**opened, mark: "late"})
    assert late.status_code == 409
    for shown in ("saved this", "Late", "No show"):
        assert shown in late.text
    again = {**hidden_fields(late.text, address), mark: "late"}
    assert therapist.post(address, data={**again, f"keep-{mark}": "mine"}).status_code == 303
    marks = db.session.scalars(select(Attendance.mark).order_by(Attendance.signed_at, Attendance.id))
    assert set(marks) == {Mark.NO_SHOW, Mark.LATE}
    assert "Two people marked this session" in therapist.get(address).text


def test_of_two_who_amend_an_attendance_the_second_sees_both(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    submit(therapist, address, **{f"mark_{patient_id.hex}": "present"})
    page = f"{address}/attendance/{patient_id}"
    opened = hidden_fields(therapist.get(page).text, page)
    submit(therapist, page, mark="late", minutes="30", reason="Bus")
    mine = {"mark": "excused", "minutes": "", "reason": "Was ill"}
    late = therapist.post(page, data={**opened, **mine})
    assert late.status_code == 409
    chosen = {**hidden_fields(late.text, page), **mine, "keep-mark": "theirs", "keep-minutes": "mine"}
    assert therapist.post(page, data=chosen).status_code == 303
    assert {(row.mark, row.minutes) for row in db.session.scalars(select(Attendance))} == {
        (Mark.PRESENT, None),
        (Mark.LATE, 30),
        (Mark.LATE, None),
    }


def test_signed_attendance_cannot_be_changed_in_the_database(
    therapist: FlaskClient, address: str, patient_id: UUID, clock: MovedClock
) -> None:
    clock.advance(hours=26)
    submit(therapist, address, **{f"mark_{patient_id.hex}": "present"})
    with pytest.raises(DBAPIError), transaction() as session:
        session.scalars(select(Attendance)).one().mark = Mark.NO_SHOW


def test_desk_sees_no_signature(address: str, sign_in: SignIn, clock: MovedClock) -> None:
    clock.advance(hours=26)
    desk = sign_in("desk")
    assert "Sign and close session" not in desk.get(address).text
    sent = hidden_fields(desk.get(f"{address}/cancel").text, f"{address}/cancel")
    assert desk.post(address, data=sent).status_code == 404
