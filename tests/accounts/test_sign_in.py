"""Coming in and going out, through the pages."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.accounts.models import SignInSession
from clinic.app import create_app
from clinic.audit.models import AuditEntry
from clinic.core.db import db
from tests.conftest import PASSWORD, SignIn, Staff
from tests.forms import hidden_fields, submit, submit_twice

MINE = "/account/sign-ins"  # a page for everybody who is signed in


def enter(
    client: FlaskClient, name: str = "therapist1", password: str = PASSWORD, url: str = "/sign-in"
) -> TestResponse:
    """Send the sign-in form."""
    return submit(client, url, sign_in_name=name, password=password)


def test_the_right_password_opens_the_page_one_wanted(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    away = client.get(MINE)
    assert (away.status_code, away.location) == (303, f"/sign-in?next={MINE}")
    answer = enter(client, url=away.location)
    assert (answer.status_code, answer.location) == (303, MINE)
    assert "Therapist, Riverside" in client.get(MINE).text


def test_letters_and_blanks_around_the_name_do_not_matter(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    assert enter(client, name=" Therapist1 ").status_code == 303


@pytest.mark.parametrize("wrong", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x"])
def test_next_never_leads_away(client: FlaskClient, staff: Staff, wrong: str) -> None:
    staff("therapist")
    assert enter(client, url=f"/sign-in?next={wrong}").location == "/"


def test_unknown_name_and_wrong_password_get_the_same_answer(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    known = enter(client, password="something else entirely")
    unknown = enter(client, name="therapist9", password="something else entirely")
    assert known.status_code == unknown.status_code == 422
    assert "Sign-in name and password do not match" in known.text
    variable = ("therapist1", "therapist9")
    assert _plain(known.text, variable) == _plain(unknown.text, variable)
    assert "something else entirely" not in known.text


def _plain(page: str, variable: tuple[str, ...]) -> list[str]:
    for text in variable:
        page = page.replace(text, "")
    return [line for line in page.splitlines() if 'type="hidden"' not in line]


def test_the_cookie_names_a_row_by_its_hash_and_is_new_each_time(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    enter(client)
    first = client.get_cookie("sign-in")
    assert first is not None
    assert (first.http_only, first.same_site, first.path, first.secure) == (True, "Lax", "/", False)
    assert first.value.encode() not in db.session.scalars(select(SignInSession)).one().token_hash
    client.delete_cookie("sign-in")
    enter(client)
    second = client.get_cookie("sign-in")
    assert second is not None
    assert second.value != first.value


def test_signing_in_again_ends_the_sign_in_held_before(sign_in: SignIn, staff: Staff) -> None:
    browser = sign_in("nurse")
    staff("therapist")
    held = browser.get_cookie("sign-in")
    assert held is not None
    hidden = hidden_fields(browser.get(MINE).text, "/sign-out")
    again = browser.post("/sign-in", data={**hidden, "sign_in_name": "therapist2", "password": PASSWORD})
    assert again.status_code == 303
    other = browser.application.test_client()
    other.set_cookie("sign-in", held.value)
    assert other.get(MINE).status_code == 303
    assert "Therapist 2" in browser.get(MINE).text


def test_with_https_the_cookie_is_secure_and_bound_to_the_host(env: Mapping[str, str], staff: Staff) -> None:
    staff("therapist")
    app = create_app({**env, "CLINIC_PUBLIC_URL": "https://clinic.example"})
    browser = app.test_client()
    page = browser.get("/sign-in", base_url="https://clinic.example")
    token = page.text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "sign_in_name": "therapist1", "password": PASSWORD}
    answer = browser.post("/sign-in", base_url="https://clinic.example", data=sent)
    cookie = next(text for text in answer.headers.getlist("Set-Cookie") if "sign-in" in text)
    assert cookie.startswith("__Host-sign-in=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_signing_out_ends_the_row_and_the_cookie(sign_in: SignIn) -> None:
    browser = sign_in("nurse")
    held = browser.get_cookie("sign-in")
    assert held is not None
    assert submit(browser, MINE, to="/sign-out").location == "/sign-in"
    assert "You are signed out." in browser.get("/sign-in").text
    browser.set_cookie("sign-in", held.value)
    assert browser.get(MINE).status_code == 303
    row = db.session.scalars(select(SignInSession)).one()
    assert row.end_reason == "signed_out"


def test_signing_out_is_no_link(sign_in: SignIn) -> None:
    browser = sign_in("nurse")
    assert browser.get("/sign-out").status_code == 405
    assert browser.get(MINE).status_code == 200


def test_coming_in_and_being_refused_is_in_the_trail(client: FlaskClient, staff: Staff) -> None:
    user_id = staff("therapist")
    enter(client, password="something else entirely")
    enter(client)
    rows = select(AuditEntry).where(AuditEntry.action.startswith("sign_in.")).order_by(AuditEntry.id)
    refused, done = db.session.scalars(rows)
    assert (refused.action, refused.subject_id, refused.actor_id) == ("sign_in.refused", user_id, None)
    assert (done.action, done.actor_id, done.role) == ("sign_in.done", user_id, "therapist")


def test_one_sees_and_ends_only_ones_own_sign_ins(sign_in: SignIn) -> None:
    mine, theirs = sign_in("therapist"), sign_in("nurse")
    elsewhere = mine.application.test_client()
    enter(elsewhere)
    page = mine.get(MINE).text
    assert page.count("/end") == 1
    assert "This one" in page
    foreign = db.session.scalars(
        select(SignInSession.id).where(SignInSession.user_id == theirs.user_id)  # type: ignore[attr-defined]
    ).one()
    other = page.split('action="/account/sign-ins/')[1].split("/end")[0]
    submit_twice(mine, MINE, to=f"/account/sign-ins/{other}/end")
    assert elsewhere.get(MINE).status_code == 303
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    mine.post(f"/account/sign-ins/{foreign}/end", data={"csrf_token": token})
    assert theirs.get(MINE).status_code == 200


def test_one_changes_ones_password_and_signs_in_with_it(sign_in: SignIn) -> None:
    browser, url, fresh = sign_in("nurse"), "/account/password", "a whole other row of words"
    wrong = submit(browser, url, current="not that one at all", password=fresh)
    assert (wrong.status_code, "This one does not match" in wrong.text) == (422, True)
    weak = submit(browser, url, current=PASSWORD, password="nurse 1 nurse 1 nurse 1")
    assert (weak.status_code, "made of" in weak.text) == (422, True)
    assert submit(browser, url, current=PASSWORD, password=fresh).location == "/sign-in"
    assert browser.get(MINE).status_code == 303
    assert enter(browser, "nurse1", PASSWORD).status_code == 422
    assert enter(browser, "nurse1", fresh).status_code == 303


def test_trying_out_new_passwords_is_no_guessing(sign_in: SignIn) -> None:
    browser, url = sign_in("nurse"), "/account/password"
    answers = [submit(browser, url, current=PASSWORD, password="too short").status_code for _ in range(12)]
    assert answers == [422] * 12


def test_guessing_the_current_password_waits_too(sign_in: SignIn) -> None:
    browser, url = sign_in("nurse"), "/account/password"
    answers = [submit(browser, url, current="guess", password="x" * 20).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
