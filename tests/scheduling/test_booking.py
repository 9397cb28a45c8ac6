"""Booking, moving and cancelling by the pages: what is taken is named, nothing typed is lost."""

from collections.abc import Callable
from datetime import date, time
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from clinic.core import actor
from clinic.core.db import db
from clinic.patients import services as patients
from clinic.patients.rules import RelationKind
from clinic.scheduling import queries, services
from clinic.scheduling.models import Booking, ClinicSession
from clinic.scheduling.rules import State
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit
from tests.scheduling.conftest import as_user


def _book(browser: FlaskClient, patient_id: UUID, room_id: object = "none", **changed: str) -> TestResponse:
    wanted = {
        "kind": "individual", "on_date": "2026-11-24", "at_time": "10:30", "minutes": "50",
        "room_id": str(room_id), **changed,
    }  # fmt: skip
    return submit(browser, f"/patients/{patient_id}/appointments/new", **wanted)


def _sessions() -> list[ClinicSession]:
    return list(db.session.scalars(select(ClinicSession).order_by(ClinicSession.starts_at)))


def test_therapist_books_and_sees_it(
    therapist: FlaskClient, own_patient: Callable[..., UUID], room: UUID
) -> None:
    patient_id = own_patient()
    answer = _book(therapist, patient_id, room)
    assert answer.status_code == 303
    page = therapist.get(answer.location).text
    assert "Booked: Tue Nov 24, 10:30." in page
    assert "Owen Whitfield" in page
    assert "10:30 Studio" in page
    assert 'class="from-14 quarters-4"' in page
    assert "Studio" in therapist.get(f"/patients/{patient_id}/appointments").text


def test_own_patients_are_offered(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    patient_id = own_patient()
    answer = submit(
        therapist, "/schedule/new", patient_id=str(patient_id), kind="individual", on_date="2026-11-24",
        at_time="10:30", minutes="50", room_id="none",
    )  # fmt: skip
    assert answer.status_code == 303
    assert len(_sessions()) == 1


def test_taken_therapist_is_named(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    _book(therapist, own_patient())
    answer = _book(therapist, own_patient(given_name="Ann"), at_time="11:00")
    assert answer.status_code == 422
    assert "Miriam Okafor has a session on Tue Nov 24 from 10:30 to 11:20. Choose another time" in answer.text
    assert 'value="11:00"' in answer.text
    assert 'id="at_time-error"' in answer.text
    assert len(_sessions()) == 1


def test_taken_room_is_named_beside_the_room(
    therapist: FlaskClient,
    own_patient: Callable[..., UUID],
    room: UUID,
    colleague: UUID,
    site: UUID,
    clock: MovedClock,
    patient: Callable[..., UUID],
) -> None:
    other = patient(given_name="Ann")
    patients.relate(
        other, RelationKind.OWNER, colleague, at=clock.now(), source_kind="test", source_id=colleague
    )
    with actor.acting(as_user(colleague, site)):
        plan = services.Plan(date(2026, 11, 24), time(10), 60, room)
        services.book_individual(
            other, plan, kind="individual", therapist_id=colleague, site_id=site, at=clock.now()
        )
    answer = _book(therapist, own_patient(), room)
    assert answer.status_code == 422
    assert "Studio is taken by a session of Jamie Frost on Tue Nov 24 from 10:00 to 11:00" in answer.text
    assert "Ann" not in answer.text.split("<main")[1]
    assert answer.text.count("Studio is taken") == 2  # beside the field and in the summary


def test_sessions_that_touch_do_not_overlap(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    patient_id = own_patient()
    assert _book(therapist, patient_id).status_code == 303
    assert _book(therapist, patient_id, at_time="11:20").status_code == 303
    assert _book(therapist, patient_id, at_time="09:40").status_code == 303


def test_times_that_cannot_be_are_refused(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    patient_id = own_patient()
    for changed, told in (
        ({"on_date": "2026-11-20"}, "Enter a date and time that are still to come"),
        ({"on_date": "2026-02-30"}, "Enter date as a date that exists"),
        ({"at_time": "25:00"}, "Enter time as hours and minutes from 00:00 to 23:59"),
        ({"on_date": "2027-03-14", "at_time": "02:30"}, "The clocks skip 02:30 on that day"),
        ({"minutes": "5"}, "Enter length as a whole number from 15 to 240"),
        ({"room_id": "elsewhere"}, "Choose room from the list"),
    ):
        answer = _book(therapist, patient_id, **changed)
        assert answer.status_code == 422, changed
        assert told in answer.text
    assert _sessions() == []


def test_double_click_books_once(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    address = f"/patients/{own_patient()}/appointments/new"
    sent = {
        **hidden_fields(therapist.get(address).text, address), "kind": "individual", "on_date": "2026-11-24",
        "at_time": "10:30", "minutes": "50", "room_id": "none",
    }  # fmt: skip
    first, second = (therapist.post(address, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(_sessions()) == 1


def test_cancelled_session_gives_everything_back(
    therapist: FlaskClient, own_patient: Callable[..., UUID], room: UUID
) -> None:
    patient_id = own_patient()
    _book(therapist, patient_id, room)
    session_id = _sessions()[0].id
    answer = submit(therapist, f"/sessions/{session_id}/cancel", reason="staff_away")
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count(Booking.id))) == 0
    assert "Cancelled" in therapist.get(answer.location).text
    assert _book(therapist, patient_id, room).status_code == 303
    assert submit(therapist, f"/sessions/{session_id}/cancel", reason="staff_away").status_code == 409


def test_moved_session_takes_its_new_time_only(
    therapist: FlaskClient, own_patient: Callable[..., UUID], room: UUID
) -> None:
    patient_id = own_patient()
    _book(therapist, patient_id, room)
    session_id = _sessions()[0].id
    answer = submit(
        therapist, f"/sessions/{session_id}/move", on_date="2026-11-25", at_time="10:45", minutes="50",
        room_id=str(room),
    )  # fmt: skip
    assert answer.status_code == 303
    assert _book(therapist, patient_id, room).status_code == 303  # the old time is free
    assert _book(therapist, patient_id, room, on_date="2026-11-25").status_code == 422


def test_second_to_change_is_told(therapist: FlaskClient, own_patient: Callable[..., UUID]) -> None:
    _book(therapist, own_patient())
    address = f"/sessions/{_sessions()[0].id}/move"
    stale = hidden_fields(therapist.get(address).text, address)
    new = {"on_date": "2026-11-25", "at_time": "10:45", "minutes": "50", "room_id": "none"}
    submit(therapist, address, **new)
    answer = therapist.post(address, data={**stale, **new, "at_time": "12:15"})
    assert answer.status_code == 409
    assert "Someone else saved this" in answer.text
    assert 'value="12:15"' in answer.text
    chosen = {**hidden_fields(answer.text, address), **new, "at_time": "12:15", "keep-at_time": "theirs"}
    assert therapist.post(address, data={**chosen, "minutes": "30"}).status_code == 303
    assert (_sessions()[0].local_time, _sessions()[0].minutes) == (time(10, 45), 30)


def test_desk_books_and_learns_no_programme(
    therapist: FlaskClient, own_patient: Callable[..., UUID], sign_in: SignIn, room: UUID
) -> None:
    patient_id, desk = own_patient(), sign_in("desk")
    page = desk.get(f"/patients/{patient_id}/appointments/new").text
    assert "CBT" not in page
    answer = submit(
        desk, f"/patients/{patient_id}/appointments/new", therapist_id=str(therapist.user_id),  # type: ignore[attr-defined]
        on_date="2026-11-24", at_time="10:30", minutes="50", room_id=str(room),
    )  # fmt: skip
    assert answer.status_code == 303
    session = queries.one(_sessions()[0].id, now=_sessions()[0].starts_at)
    for address in (answer.location, f"/sessions/{session.id}", f"/patients/{patient_id}/appointments"):
        shown = desk.get(address).text
        assert "Owen Whitfield" in shown
        assert "CBT" not in shown
        assert "Write note" not in shown
    assert desk.get("/groups").status_code == 403
    assert desk.post(f"/sessions/{session.id}").status_code in (400, 404)


def test_foreign_patient_and_session_answer_like_none(
    therapist: FlaskClient, own_patient: Callable[..., UUID], sign_in: SignIn
) -> None:
    patient_id, stranger = own_patient(), sign_in("therapist")
    _book(therapist, patient_id)
    session_id = _sessions()[0].id
    for address in (
        f"/patients/{patient_id}/appointments",
        f"/patients/{patient_id}/appointments/new",
        f"/sessions/{session_id}",
        f"/sessions/{session_id}/move",
        f"/sessions/{session_id}/cancel",
    ):
        assert stranger.get(address).status_code == 404, address
    assert "Owen" not in stranger.get("/schedule?week=2026-W48&show=all").text.split("<main")[1]
    assert _sessions()[0].state is State.PLANNED


def test_therapist_books_nobody_elses_time(
    therapist: FlaskClient, own_patient: Callable[..., UUID], colleague: UUID
) -> None:
    assert 'name="therapist_id"' not in therapist.get(f"/patients/{own_patient()}/appointments/new").text
