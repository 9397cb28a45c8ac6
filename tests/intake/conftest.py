"""The coordinator, on a Tuesday morning."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.conftest import MovedClock, SignIn

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def coordinator(sign_in: SignIn, clock: MovedClock) -> FlaskClient:
    """A coordinator at 10:00 of a Tuesday in the clinic."""
    clock.set(TUESDAY)
    return sign_in("coordinator", name="Priya Nair")
