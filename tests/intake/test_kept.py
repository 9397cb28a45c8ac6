"""A sign-in that ended while typing: after signing in again every form of intake comes back full."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db
from clinic.intake.models import Referral
from tests.accounts.test_sign_in import enter
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit
from tests.intake.way import CALM, COWS, address, begin, save, sign

START = datetime(2026, 11, 24, 15, tzinfo=UTC)
WORDS = "What was typed before the sign-in ended"


def patient_page(page: str) -> Callable[[UUID, UUID], str]:
    """The address of a page of the patient."""
    return lambda patient_id, _: address(patient_id, page)


def referral_page(page: str) -> Callable[[UUID, UUID], str]:
    """The address of a page of the referral."""
    return lambda _, referral_id: f"/intake/referrals/{referral_id}{page}"


PAGES = {
    "call": (referral_page(""), referral_page("/calls"), {"outcome": "reached", "words": WORDS}),
    "registration": (referral_page("/register"), referral_page("/register"), {"called_name": WORDS}),
    "safety": (
        patient_page("assessment/safety"), patient_page("assessment/safety"), {"respiratory_rate": "17"},
    ),
    "reason for no COWS": (
        patient_page("assessment/cows"), patient_page("assessment/cows/not-taken"), {"reason": WORDS},
    ),
    "COWS": (
        patient_page("assessment/cows"), patient_page("assessment/cows"), {**COWS, "observed_time": "08:44"},
    ),
}  # fmt: skip


def comes_back(
    browser: FlaskClient, now: time_machine.Traveller, shown: str, posted: str, typed: dict[str, str]
) -> str:
    """Send a form 20 minutes late, sign in again, and give the page that then opens."""
    hidden = hidden_fields(browser.get(shown).text, posted)
    now.shift(timedelta(minutes=20))
    away = browser.post(posted, data={**hidden, **typed}).location
    back = enter(browser, "coordinator1", url=away)
    page = browser.get(back.location, follow_redirects=True)
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize(("shown", "posted", "typed"), PAGES.values(), ids=PAGES)
def test_form_comes_back_full(
    client: FlaskClient,
    sign_in: SignIn,
    patient: Callable[..., UUID],
    shown: Callable[[UUID, UUID], str],
    posted: Callable[[UUID, UUID], str],
    typed: dict[str, str],
) -> None:
    with time_machine.travel(START, tick=False) as now:
        coordinator, patient_id = sign_in("coordinator"), patient()
        submit(client, "/help", source="person", name="Ada Byrne", phone="(202) 555-0143")
        referral_id = db.session.scalars(select(Referral.id)).one()
        begin(coordinator, patient_id)
        page = comes_back(
            coordinator, now, shown(patient_id, referral_id), posted(patient_id, referral_id), typed
        )
        assert any(text in page for text in (WORDS, 'value="17"', 'value="08:44"'))


def test_decision_comes_back_full(sign_in: SignIn, patient: Callable[..., UUID]) -> None:
    with time_machine.travel(START, tick=False) as now:
        coordinator, patient_id = sign_in("coordinator"), patient()
        begin(coordinator, patient_id)
        save(coordinator, patient_id, "safety", **CALM)
        sign(coordinator, patient_id)
        url = address(patient_id, "placement")
        assert WORDS in comes_back(coordinator, now, url, url, {"kind": "other", "reason": WORDS})
