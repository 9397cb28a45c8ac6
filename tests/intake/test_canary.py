"""What people ask, answer and decide stands nowhere in the clear (reliability 15)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db
from clinic.intake.models import Referral
from tests.conftest import MovedClock, SignIn
from tests.forms import submit
from tests.intake.way import SEVERE, address, assess, begin, decide
from tests.patients.test_canary import everything_kept

NUMBER, ASKED_BY, WORDS = "2025550171", "Zebedee Quillfeather", "quince jelly of autumn"
CALLED, REASON, WHY = "marzipan at dusk", "a sister with a lighthouse", "the walrus declined"


def test_the_canary_sings_nowhere(
    client: FlaskClient,
    sign_in: SignIn,
    patient: Callable[..., UUID],
    clock: MovedClock,
    env: Mapping[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock.set(datetime(2026, 11, 24, 15, tzinfo=UTC))
    coordinator, owen, other = sign_in("coordinator"), patient(), patient(family_name="Other")
    asked = {"source": "relative", "name": ASKED_BY, "phone": NUMBER, "words": WORDS}
    assert submit(client, "/help", **asked).status_code == 303
    url = f"/intake/referrals/{db.session.scalars(select(Referral.id)).one()}"
    assert submit(coordinator, url, to=f"{url}/calls", outcome="reached", words=CALLED).status_code == 303
    assert all(secret in coordinator.get(url).text for secret in (ASKED_BY, WORDS, CALLED))
    assess(coordinator, owen, on="2026-11-23", cows=SEVERE)
    assert decide(coordinator, owen, kind="other", plan="outpatient", reason=REASON).status_code == 303
    begin(coordinator, other)
    cows = address(other, "assessment/cows")
    assert submit(coordinator, cows, to=f"{cows}/not-taken", reason=WHY).status_code == 303
    db.session.remove()
    kept, logged = everything_kept(env), caplog.text
    assert b"Whitfield" in kept  # names of patients are plain: what is looked at is the real thing
    assert "/intake/referrals" in logged
    answers = ("vomiting_or_dehydrated", "last_use_hours", "recovery housing")
    for secret in (NUMBER, "202) 555-0171", ASKED_BY, WORDS, CALLED, REASON, WHY, *answers):
        assert secret.encode() not in kept, secret
        assert secret not in logged, secret
