"""Ten processes at one moment, on both databases: one room and one last seat have one winner each."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from clinic.core import actor
from clinic.core.actor import Actor
from clinic.core.db import db, transaction
from clinic.patients import services as patients
from clinic.patients.rules import RelationKind
from clinic.scheduling import services
from clinic.scheduling.models import Booking, ClinicSession, Seat
from clinic.scheduling.rules import Resource
from tests.conftest import MovedClock, Staff
from tests.race import race
from tests.scheduling.conftest import as_user

AT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
PLACES = 10


def _book(who: Actor, patient_id: UUID, room_id: UUID | None) -> None:
    assert who.id is not None
    assert who.site_id is not None
    with actor.acting(who):
        services.book_individual(
            patient_id, services.Plan(date(2026, 11, 24), time(10), 50, room_id), kind="individual",
            therapist_id=who.id, site_id=who.site_id, at=AT,
        )  # fmt: skip


def _join(who: Actor, group: UUID, patient_id: UUID) -> None:
    with actor.acting(who):
        services.enrol(group, patient_id, at=AT)


@pytest.fixture
def owned(patient: Callable[..., UUID], clock: MovedClock) -> Callable[[UUID], UUID]:
    """Registers a patient owned by a therapist."""

    def register(owner: UUID) -> UUID:
        patient_id = patient()
        patients.relate(
            patient_id, RelationKind.OWNER, owner, at=clock.now(), source_kind="t", source_id=owner
        )
        return patient_id

    return register


def test_one_room_has_one_winner(
    env: Mapping[str, str], staff: Staff, site: UUID, room: UUID, owned: Callable[[UUID], UUID]
) -> None:
    users = [staff("therapist") for _ in range(PLACES)]
    acts = [partial(_book, as_user(user, site), owned(user), room) for user in users]
    assert race(env, acts) == ["Invalid"] * 9 + ["done"]
    assert db.session.scalar(select(func.count(ClinicSession.id))) == 1


def test_last_seat_has_one_winner(
    env: Mapping[str, str], staff: Staff, site: UUID, room: UUID, owned: Callable[[UUID], UUID]
) -> None:
    leader = staff("therapist")
    who = as_user(leader, site)
    with actor.acting(who):
        new = services.NewSeries(
            "process", "Tuesday group", leader, room, date(2026, 11, 24), time(17), 90, 2
        )
        group = services.create_series(new, site_id=site, at=AT)
        services.enrol(group, owned(leader), at=AT)
    acts = [partial(_join, who, group, owned(leader)) for _ in range(PLACES)]
    assert race(env, acts) == ["Invalid"] * 9 + ["done"]
    assert db.session.scalar(select(func.count(Seat.id))) == 24


def test_one_patient_is_in_one_place(
    env: Mapping[str, str], staff: Staff, site: UUID, owned: Callable[[UUID], UUID], clock: MovedClock
) -> None:
    users = [staff("therapist") for _ in range(PLACES)]
    patient_id = owned(users[0])
    for user in users[1:]:
        patients.relate(patient_id, RelationKind.OWNER, user, at=clock.now(), source_kind="t", source_id=user)
    acts = [partial(_book, as_user(user, site), patient_id, None) for user in users]
    assert race(env, acts) == ["Invalid"] * 9 + ["done"]


@pytest.fixture
def session_id(staff: Staff, site: UUID, owned: Callable[[UUID], UUID]) -> UUID:
    """A session on Tuesday from ten to ten to eleven in New York."""
    user = staff("therapist")
    _book(as_user(user, site), owned(user), None)
    found: UUID | None = db.session.scalar(select(ClinicSession.id))
    assert found is not None
    return found


OVERLAPS = {
    "the same time": ("15:00", "15:50"),
    "from before to after": ("14:00", "16:00"),
    "inside": ("15:10", "15:20"),
    "its first minute": ("14:00", "15:01"),
    "its last minute": ("15:49", "17:00"),
}


@pytest.mark.parametrize(("starts", "ends"), OVERLAPS.values(), ids=OVERLAPS)
def test_database_itself_refuses_an_overlap(session_id: UUID, starts: str, ends: str) -> None:
    held = db.session.scalars(select(Booking).where(Booking.resource_kind == Resource.THERAPIST)).one()
    times = [datetime.fromisoformat(f"2026-11-24T{moment}+00:00") for moment in (starts, ends)]
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction() as session:
        session.add(
            Booking(
                resource_kind=Resource.THERAPIST, resource_id=held.resource_id, starts_at=times[0],
                ends_at=times[1], session_id=session_id,
            )
        )  # fmt: skip


def test_database_refuses_to_move_into_an_overlap(session_id: UUID) -> None:
    held = db.session.scalars(select(Booking).where(Booking.resource_kind == Resource.THERAPIST)).one()
    with transaction() as session:
        later = Booking(
            resource_kind=Resource.THERAPIST, resource_id=held.resource_id, starts_at=held.ends_at,
            ends_at=datetime(2026, 11, 24, 18, tzinfo=UTC), session_id=session_id,
        )  # fmt: skip
        session.add(later)
    with pytest.raises(IntegrityError, match="booking_no_overlap"), transaction() as session:
        session.get_one(Booking, later.id).starts_at = held.starts_at


def test_database_itself_refuses_a_seat_too_many(session_id: UUID, owned: Callable[[UUID], UUID]) -> None:
    seat = db.session.scalars(select(Seat)).one()
    for number in (1, 2):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(
                Seat(session_id=session_id, patient_id=owned(seat.id), seat=number, capacity=1, booked_at=AT)
            )
