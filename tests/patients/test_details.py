"""Correcting who somebody is; of two who correct at once nobody loses a word."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from clinic.audit.models import AuditEntry
from clinic.core import clock
from clinic.core.db import db, transaction
from clinic.patients import queries
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit

Register = Callable[..., UUID]
TOLD: dict[str, Any] = {
    "family_name": "Whitfeld",
    "given_name": "Owen",
    "called_name": "",
    "pronouns": "he/him",
    "birth_date": "1992-05-04",
    "sex": "male",
    "language": "en",
    "reason": "As in the passport",
}


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    """The front desk."""
    return sign_in("desk")


def correct(browser: FlaskClient, patient_id: UUID, **changed: Any) -> TestResponse:
    """Send the form of the details."""
    return submit(browser, f"/patients/{patient_id}/details", **{**TOLD, **changed})


def test_details_are_corrected_and_found_by_the_new_ones(desk: FlaskClient, patient: Register) -> None:
    owen = patient()
    assert correct(desk, owen, family_name="Zelený").status_code == 303
    db.session.rollback()
    found = queries.people([owen], now=clock.now())[owen]
    assert (found.name, found.born) == ("Owen Zelený", "May 4, 1992")
    assert "Owen Zelený" in submit(desk, "/patients", words="zeleny").text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "patient.corrected")).one()
    assert entry.changes == {
        "family_name": ["Whitfield", "Zelený"],
        "birth_date": ["1992-05-03", "1992-05-04"],
        "former_names": [None, "Whitfield"],
    }


def test_what_stood_there_before_stays_in_the_record(
    sign_in: SignIn, desk: FlaskClient, patient: Register
) -> None:
    owen = patient()
    page = f"/patients/{owen}/contacts"
    assert "Corrections of the details" not in desk.get(page).text
    correct(sign_in("coordinator", name="Kai Lind"), owen, called_name="Ollie")
    correct(desk, owen, called_name="", pronouns="", reason="Heard wrongly")
    shown = " ".join(desk.get(page).text.split())
    for words in (
        "Kai Lind.</b> As in the passport",
        '<del class="prose">Whitfield</del>',
        '<ins class="prose">Whitfeld</ins>',
        '<del class="prose">May 3, 1992</del>',
        "Heard wrongly",
        '<del class="prose">Ollie</del>',
        '<ins class="prose">Empty</ins>',
    ):
        assert words in shown
    assert correct(desk, owen, called_name="", pronouns="", reason="Nothing new").status_code == 303
    assert "Nothing new" not in desk.get(page).text
    assert "Enter why it is corrected" in correct(desk, owen, reason=" ").text


@pytest.mark.parametrize("statement", ["DELETE FROM", "UPDATE"])
def test_the_database_keeps_it(desk: FlaskClient, patient: Register, statement: str) -> None:
    correct(desk, patient())
    ending = " SET version = 9" if statement == "UPDATE" else ""
    with pytest.raises(DBAPIError, match="never changed"), transaction() as session:
        session.execute(text(f"{statement} details_correction{ending}"))


BAD = {
    "tomorrow's child": ({"birth_date": "2099-01-01"}, "Enter a date of birth that is not in the future"),
    "a day that is none": ({"birth_date": "1992-02-30"}, "Enter date of birth as a date that exists"),
    "too old": ({"birth_date": "1900-01-01"}, "Enter a date of birth within the last 120 years"),
    "no name": ({"family_name": "  "}, "Enter family name"),
    "20,000 characters": ({"family_name": "x" * 20_000}, "It has 20,000"),
    "NUL": ({"given_name": "Ow\x00en"}, "cannot be read"),
    "a sex nobody offered": ({"sex": "x"}, "Choose sex from the list"),
}


@pytest.mark.parametrize(("changed", "told"), BAD.values(), ids=BAD)
def test_details_that_cannot_be(
    changed: dict[str, str], told: str, desk: FlaskClient, patient: Register
) -> None:
    owen = patient()
    answer = correct(desk, owen, **changed)
    assert answer.status_code == 422
    assert told in answer.text
    db.session.rollback()
    assert queries.people([owen], now=clock.now())[owen].name == "Owen Whitfield"


def test_the_second_to_save_sees_both_versions_and_loses_nothing(
    desk: FlaskClient, sign_in: SignIn, patient: Register
) -> None:
    owen, coordinator = patient(), sign_in("coordinator", name="Kai Lind")
    address = f"/patients/{owen}/details"
    opened = hidden_fields(desk.get(address).text, address)
    assert correct(coordinator, owen, pronouns="they/them").status_code == 303
    late = desk.post(address, data={**opened, **TOLD, "family_name": "Whitfield-Rose"})
    assert late.status_code == 409
    assert "Kai Lind saved this" in late.text
    assert "they/them" in late.text
    assert 'value="Whitfield-Rose"' in late.text
    again = hidden_fields(late.text, address)
    assert desk.post(address, data={**again, **TOLD, "family_name": "Whitfield-Rose"}).status_code == 303
    db.session.rollback()
    assert queries.people([owen], now=clock.now())[owen].name == "Owen Whitfield-Rose"


def test_a_version_that_never_was_is_asked_again(desk: FlaskClient, patient: Register) -> None:
    address = f"/patients/{patient()}/details"
    opened = hidden_fields(desk.get(address).text, address)
    late = desk.post(address, data={**opened, **TOLD, "version": "99", "family_name": "Whitfield-Rose"})
    assert late.status_code == 409
    assert 'value="Whitfield-Rose"' in late.text


def test_a_peer_corrects_nothing(sign_in: SignIn, patient: Register) -> None:
    assert sign_in("peer").get(f"/patients/{patient()}/details").status_code == 404
