"""A therapist with a patient of her own, a room, a therapist's own acts without a browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.patients import services as patients
from clinic.patients.rules import RelationKind
from clinic.scheduling import services
from tests.conftest import MovedClock, SignIn, Staff

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 09:00 in New York


def as_user(user_id: UUID, site_id: UUID, role: Role = Role.THERAPIST) -> Actor:
    """Somebody signed in."""
    return Actor(ActorKind.USER, user_id, "Somebody", role, site_id, (user_id, site_id))


@pytest.fixture(autouse=True)
def monday(clock: MovedClock) -> datetime:
    """Every test begins on Monday, November 23, 2026, at nine in New York."""
    clock.set(MONDAY)
    return clock.now()


@pytest.fixture
def room(site: UUID, monday: datetime) -> UUID:
    """A room for twelve."""
    return services.add_room(site, "Studio", 12, at=monday)


@pytest.fixture
def therapist(sign_in: SignIn, monday: datetime) -> FlaskClient:
    """A therapist at the keyboard."""
    return sign_in("therapist", name="Miriam Okafor")


@pytest.fixture
def own_patient(
    patient: Callable[..., UUID], therapist: FlaskClient, clock: MovedClock
) -> Callable[..., UUID]:
    """Registers a patient whose owner the therapist is."""

    def register(**given: object) -> UUID:
        patient_id = patient(**given)
        user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
        patients.relate(
            patient_id, RelationKind.OWNER, user_id, at=clock.now(), source_kind="test", source_id=user_id
        )
        return patient_id

    return register


@pytest.fixture
def colleague(staff: Staff) -> UUID:
    """Another therapist."""
    return staff("therapist", name="Jamie Frost")


@pytest.fixture
def acting(site: UUID, therapist: FlaskClient) -> Iterator[Actor]:
    """What is called directly is done by the therapist."""
    who = as_user(therapist.user_id, site)  # type: ignore[attr-defined]
    with actor.acting(who):
        yield who
