"""Coming in and going out, through the pages."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.accounts.models import SignInSession
from clinic.accounts.rules import End
from clinic.audit.models import AuditEntry
from clinic.core.db import db
from tests.conftest import PASSWORD, SignIn, Staff
from tests.forms import submit

HOME = "/account/sign-ins"  # a page for everybody who is signed in


def enter(client: FlaskClient, name: str = "therapist1", password: str = PASSWORD, url: str = "/sign-in"):  # type: ignore[no-untyped-def]
    """Send the sign-in form."""
    return submit(client, url, sign_in_name=name, password=password)


def test_right_password_opens_the_page_one_wanted(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    away = client.get(HOME)
    assert away.status_code == 303
    assert away.location == f"/sign-in?next={HOME.replace('/', '%2F')}".replace("%2F", "/")
    answer = enter(client, url=away.location)
    assert (answer.status_code, answer.location) == (303, HOME)
    assert client.get(HOME).status_code == 200


def test_name_in_other_letters_and_blanks_around_is_the_same(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    assert enter(client, name=" Therapist1 ").status_code == 303


@pytest.mark.parametrize("wrong", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x"])
def test_next_never_leads_away(client: FlaskClient, staff: Staff, wrong: str) -> None:
    staff("therapist")
    assert enter(client, url=f"/sign-in?next={wrong}").location == "/"


def test_unknown_name_and_wrong_password_get_the_same_answer(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    known = enter(client, password="something else entirely")
    unknown = enter(client, name="nobody", password="something else entirely")
    assert known.status_code == unknown.status_code == 422
    text = "Sign-in name and password do not match"
    assert text in known.text
    assert text in unknown.text
    assert PASSWORD not in known.text


def test_cookie_names_a_row_by_its_hash_and_is_new_each_time(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    enter(client)
    first = client.get_cookie("sign-in")
    assert first is not None
    assert (first.http_only, first.same_site, first.path, first.secure) == (True, "Lax", "/", False)
    row = db.session.scalars(select(SignInSession)).one()
    assert first.value.encode() not in row.token_hash
    client.delete_cookie("sign-in")
    enter(client)
    second = client.get_cookie("sign-in")
    assert second is not None
    assert second.value != first.value


def test_with_https_the_cookie_is_bound_to_it(env: dict[str, str]) -> None:
    from clinic.app import create_app

    app = create_app({**env, "CLINIC_PUBLIC_URL": "https://clinic.example"})
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
