"""Where somebody lives and what they were called before: registered, corrected, never in clear."""

from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient

from clinic.core.db import db
from clinic.patients.models import Patient
from tests.conftest import SignIn
from tests.forms import submit

WHO = {
    "given_name": "Owen", "family_name": "Whitfield", "birth_date": "1992-05-03", "sex": "male",
    "language": "en",
    "reason": "Told on the phone",
}  # fmt: skip


def corrected(browser: FlaskClient, patient_id: UUID, **changed: str) -> str:
    """The contacts page after the details were corrected."""
    answer = submit(browser, f"/patients/{patient_id}/details", **{**WHO, **changed})
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location).text


def test_an_address_is_kept_sealed_and_what_stood_there_before_is_shown(
    sign_in: SignIn, patient: Callable[..., UUID]
) -> None:
    browser, owen = sign_in("coordinator"), patient()
    assert "Not known" in browser.get(f"/patients/{owen}/contacts").text
    page = corrected(browser, owen, street="12 Main Street", city="Newark", postcode="07102")
    assert "12 Main Street, Newark, 07102" in page
    row = db.session.get_one(Patient, owen)
    assert row.address["street"] == "12 Main Street"
    assert b"Main" not in (row.address_sealed or b"Main")
    page = corrected(browser, owen, no_fixed_address="y", city="Newark")
    assert "No fixed address, Newark" in page
    assert "12 Main Street, Newark, 07102" in page  # among the corrections


def test_a_street_and_no_fixed_address_exclude_each_other(
    sign_in: SignIn, patient: Callable[..., UUID]
) -> None:
    browser, owen = sign_in("coordinator"), patient()
    sent = {**WHO, "street": "12 Main Street", "no_fixed_address": "y"}
    answer = submit(browser, f"/patients/{owen}/details", **sent)
    assert answer.status_code == 422
    assert "Leave the street empty, or untick no fixed address" in answer.text
    assert 'value="12 Main Street"' in answer.text


def test_a_family_name_of_before_joins_the_former_ones_and_is_searched(
    sign_in: SignIn, patient: Callable[..., UUID]
) -> None:
    browser, owen = sign_in("coordinator"), patient()
    page = corrected(browser, owen, family_name="Okafor", former_names="Bell")
    assert "Bell, Whitfield" in page
    assert "Owen Okafor" in submit(browser, "/patients", words="whitfield").text
    back = corrected(browser, owen, former_names="Bell, Whitfield")
    assert "Bell, Okafor" in back
