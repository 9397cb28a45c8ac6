"""A therapist with a patient of her own."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clinic.patients import services as patients
from clinic.patients.rules import RelationKind
from tests.conftest import MovedClock, SignIn


@pytest.fixture
def therapist(sign_in: SignIn) -> FlaskClient:
    """A therapist at the keyboard."""
    return sign_in("therapist")


@pytest.fixture
def patient_id(patient: Callable[..., UUID], therapist: FlaskClient, clock: MovedClock) -> UUID:
    """A patient whose owner the therapist is."""
    patient_id = patient()
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    patients.relate(
        patient_id, RelationKind.OWNER, user_id, at=clock.now(), source_kind="test", source_id=user_id
    )
    return patient_id
