"""The coordinator, on a Tuesday morning."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db
from clinic.intake.models import Referral
from tests.conftest import MovedClock, SignIn
from tests.forms import submit

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def coordinator(sign_in: SignIn, clock: MovedClock) -> FlaskClient:
    """A coordinator at 10:00 of a Tuesday in the clinic."""
    clock.set(TUESDAY)
    return sign_in("coordinator", name="Priya Nair")


@pytest.fixture
def ask(client: FlaskClient, site: UUID) -> Callable[..., UUID]:
    """Asks for help on the public page; gives the referral."""

    def ask(name: str = "Owen Whitfield", **more: Any) -> UUID:
        asked = {"source": "person", "name": name, "phone": "(202) 555-0143", **more}
        assert submit(client, "/help", **asked).status_code == 303
        return db.session.scalars(
            select(Referral.id).order_by(Referral.received_at.desc(), Referral.id.desc())
        ).first()  # type: ignore[return-value]

    return ask
