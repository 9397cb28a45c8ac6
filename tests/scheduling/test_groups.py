"""Weekly groups by their pages: laid out twelve weeks ahead, joined and left as a whole."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from clinic.core.actor import Actor
from clinic.core.db import db
from clinic.patients.models import Relation
from clinic.patients.rules import RelationKind
from clinic.scheduling import queries, services
from clinic.scheduling.models import Booking, ClinicSession, Enrolment, Seat
from clinic.scheduling.rules import CancelReason, Resource
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock, SignIn
from tests.forms import submit


def _begin(browser: FlaskClient, room: UUID, **changed: str) -> TestResponse:
    wanted = {
        "title": "Relapse prevention", "kind": "relapse_prevention", "therapist_id": str(browser.user_id),  # type: ignore[attr-defined]
        "on_date": "2026-11-24", "at_time": "17:00", "minutes": "90", "room_id": str(room), "capacity": "12",
        **changed,
    }  # fmt: skip
    return submit(browser, "/groups/new", **wanted)


@pytest.fixture
def group(acting: Actor, site: UUID, room: UUID, clock: MovedClock) -> UUID:
    """A group of two places on Tuesdays at five."""
    assert acting.id is not None
    new = services.NewSeries(
        "relapse_prevention", "Relapse prevention", acting.id, room, date(2026, 11, 24), time(17), 90, 2
    )
    return services.create_series(new, site_id=site, at=clock.now())


def test_group_is_laid_out_for_twelve_weeks(therapist: FlaskClient, room: UUID) -> None:
    answer = _begin(therapist, room)
    assert answer.status_code == 303
    rows = list(db.session.scalars(select(ClinicSession).order_by(ClinicSession.starts_at)))
    assert [row.local_date for row in rows] == [date(2026, 11, 24) + timedelta(weeks=n) for n in range(12)]
    assert {row.local_time for row in rows} == {time(17)}
    assert "Relapse prevention" in therapist.get("/groups").text
    assert "0/12" in therapist.get("/schedule?week=2026-W48").text


def test_group_keeps_local_time_when_the_clocks_change(
    therapist: FlaskClient, room: UUID, clock: MovedClock
) -> None:
    _begin(therapist, room, on_date="2027-03-09", minutes="60")
    rows = list(db.session.scalars(select(ClinicSession.starts_at).order_by(ClinicSession.starts_at)))
    assert [row.hour for row in rows[:2]] == [22, 21]  # 17:00 in New York before and after March 14


def test_group_on_a_taken_date_is_refused_naming_it(
    therapist: FlaskClient, room: UUID, own_patient: Callable[..., UUID]
) -> None:
    submit(
        therapist, f"/patients/{own_patient()}/appointments/new", kind="individual", on_date="2026-12-08",
        at_time="17:30", minutes="50", room_id="none",
    )  # fmt: skip
    answer = _begin(therapist, room)
    assert answer.status_code == 422
    assert "Miriam Okafor has a session on Tue Dec 8 from 17:30 to 18:20" in answer.text
    assert 'value="Relapse prevention"' in answer.text


def test_too_many_places_are_refused(therapist: FlaskClient, room: UUID) -> None:
    assert "the most for this kind" in _begin(therapist, room, capacity="13").text
    assert (
        "Studio holds 12. Choose a room for 15 or more"
        in _begin(therapist, room, kind="psychoeducation", capacity="15").text
    )


def test_patient_joins_every_week(
    therapist: FlaskClient, group: UUID, own_patient: Callable[..., UUID], site: UUID
) -> None:
    patient_id = own_patient()
    answer = submit(therapist, f"/groups/{group}", patient_id=str(patient_id))
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count(Seat.id))) == 12
    page = therapist.get(answer.location).text
    assert "1 of 2 places" in page
    assert "Owen Whitfield" in page
    kinds = db.session.scalars(select(Relation.kind).where(Relation.patient_id == patient_id))
    assert RelationKind.GROUP in set(kinds)


def test_taken_patient_is_refused_with_the_date(
    therapist: FlaskClient, group: UUID, own_patient: Callable[..., UUID], sign_in: SignIn, colleague: UUID
) -> None:
    patient_id = own_patient()
    booked = submit(
        sign_in("desk"), f"/patients/{patient_id}/appointments/new", therapist_id=str(colleague),
        on_date="2027-01-05", at_time="18:00", minutes="50", room_id="none",
    )  # fmt: skip
    assert booked.status_code == 303
    answer = submit(therapist, f"/groups/{group}", patient_id=str(patient_id))
    assert answer.status_code == 422
    assert "another appointment with Jamie Frost on Tue Jan 5 from 18:00 to 18:50" in answer.text
    assert db.session.scalar(select(func.count(Enrolment.id))) == 0


def test_full_group_is_refused(therapist: FlaskClient, group: UUID, own_patient: Callable[..., UUID]) -> None:
    for name in ("Ann", "Ben"):
        assert (
            submit(therapist, f"/groups/{group}", patient_id=str(own_patient(given_name=name))).status_code
            == 303
        )
    answer = submit(therapist, f"/groups/{group}", patient_id=str(own_patient(given_name="Cem")))
    assert answer.status_code == 422
    assert "All 2 places are taken on Tue Nov 24" in answer.text
    assert db.session.scalar(select(func.count(Seat.id))) == 24


def test_joining_twice_changes_nothing(
    acting: Actor, group: UUID, own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    patient_id = own_patient()
    assert services.enrol(group, patient_id, at=clock.now()) == services.enrol(
        group, patient_id, at=clock.now()
    )
    assert db.session.scalar(select(func.count(Enrolment.id))) == 1


def test_leaving_gives_the_places_to_come_back(
    therapist: FlaskClient, group: UUID, own_patient: Callable[..., UUID]
) -> None:
    patient_id = own_patient()
    submit(therapist, f"/groups/{group}", patient_id=str(patient_id))
    answer = submit(therapist, f"/groups/{group}", to=f"/groups/{group}/members/{patient_id}/leave")
    assert answer.status_code == 303
    of_patients = Booking.resource_kind == Resource.PATIENT
    assert db.session.scalar(select(func.count(Booking.id)).where(of_patients)) == 0
    assert "0 of 2 places" in therapist.get(f"/groups/{group}").text


def test_leaving_one_of_two_groups_leaves_the_therapist_the_other(
    acting: Actor, group: UUID, own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    patient_id, held = own_patient(), select(Relation.ends_at).where(Relation.kind == RelationKind.GROUP)
    assert acting.id is not None
    assert acting.site_id is not None
    sooner = services.NewSeries(
        "relapse_prevention", "Early birds", acting.id, None, date(2026, 11, 26), time(9, 0), 60, 2
    )
    other = services.create_series(sooner, site_id=acting.site_id, at=clock.now())
    for series_id in (group, other):
        services.enrol(series_id, patient_id, at=clock.now())
    services.leave(group, patient_id, at=clock.now())
    assert db.session.scalars(held).all() == [None]
    services.leave(other, patient_id, at=clock.now())
    assert db.session.scalars(held).all() != [None]


def test_group_goes_on_with_its_members(
    acting: Actor, group: UUID, own_patient: Callable[..., UUID], clock: MovedClock
) -> None:
    services.enrol(group, own_patient(), at=clock.now())
    clock.advance(days=15)
    assert services.extend(at=clock.now()) == 2
    assert services.extend(at=clock.now()) == 0
    rows = queries.of_series(group, now=clock.now())
    assert len(rows) == 14
    assert all(row.taken == 1 for row in rows)


def test_date_that_is_taken_later_becomes_work(
    acting: Actor, group: UUID, own_patient: Callable[..., UUID], clock: MovedClock, site: UUID
) -> None:
    assert acting.id is not None
    plan = services.Plan(date(2027, 2, 16), time(17), 50, None)
    services.book_individual(
        own_patient(), plan, kind="individual", therapist_id=acting.id, site_id=site, at=clock.now()
    )
    clock.advance(days=15)
    assert services.extend(at=clock.now()) == 1
    assert services.extend(at=clock.now()) == 0
    work = list(db.session.scalars(select(WorkItem).where(WorkItem.kind == "scheduling.not_laid_out")))
    assert len(work) == 1
    assert "Tue Feb 16" in work[0].reason


def test_cancelled_week_stays_cancelled(acting: Actor, group: UUID, clock: MovedClock) -> None:
    first = queries.of_series(group, now=clock.now())[0]
    services.cancel_session(first.id, CancelReason.CLINIC_CLOSED, version=first.version, at=clock.now())
    services.extend(at=clock.now())
    assert len(queries.of_series(group, now=clock.now())) == 12


def test_other_therapist_sees_the_group_but_no_members(
    therapist: FlaskClient, group: UUID, own_patient: Callable[..., UUID], sign_in: SignIn
) -> None:
    submit(therapist, f"/groups/{group}", patient_id=str(own_patient()))
    shown = sign_in("therapist").get(f"/groups/{group}").text
    assert "1 of 2 places" in shown
    assert "Whitfield" not in shown
