"""What was typed too late comes back full, to the same person only."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.accounts.models import KeptForm
from clinic.audit.models import AuditEntry
from clinic.core.db import db
from tests.accounts.test_sign_in import enter
from tests.conftest import SignIn, Staff
from tests.forms import hidden_fields, submit

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
NEW = "/administration/staff/new"
TYPED = {"name": "Ada O’Neill-Whitefield", "phone": "202-555-0143", "password": "words of a secret kind"}


def late(browser: FlaskClient, now: time_machine.Traveller, url: str = NEW) -> str:
    """Send a form after the sign-in ran out; where that leads."""
    page = browser.get(NEW)
    now.shift(timedelta(minutes=20))
    answer = browser.post(url, data={**hidden_fields(page.text, NEW), **TYPED})
    assert answer.status_code == 303
    assert "ONeill" not in answer.location
    return answer.location


def test_the_same_person_finds_it_all_but_the_password(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("administrator")
        away = late(browser, now)
        assert "What you had typed comes back when you sign in." in browser.get(away).text
        back = enter(browser, "administrator1", url=away)
        form = browser.get(back.location, follow_redirects=True)
        assert form.request.path == NEW
        assert "What you had typed is back" in form.text
        assert 'value="Ada O’Neill-Whitefield"' in form.text
        assert 'value="202-555-0143"' in form.text
        assert TYPED["password"] not in form.text
        kept = db.session.scalars(select(KeptForm)).one()
        assert set(kept.fields) == {"name", "phone"}
        assert b"Neill" not in kept.fields_sealed
        assert (
            submit(
                browser,
                form.request.full_path.strip("?"),
                to=form.request.full_path,
                **{**TYPED, "sign_in_name": "ada", "role": "nurse", "site_id": _site(form.text)},
            ).status_code
            == 303
        )


def _site(page: str) -> str:
    return page.split('name="site_id"')[1].split('value="')[1].split('"')[0]


def test_another_person_sees_nothing_and_that_is_audited(sign_in: SignIn, staff: Staff) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("administrator")
        other = staff("administrator")
        away = late(browser, now)
        kept_id = db.session.scalars(select(KeptForm.id)).one()
        assert enter(browser, "administrator2", url=away).location == "/"
        assert "Ada" not in browser.get(f"{NEW}?kept={kept_id}").text
        assert browser.get(f"/kept/{kept_id}").status_code == 404
        assert browser.get(f"/kept/{uuid4()}").status_code == 404
        refused = select(AuditEntry).where(AuditEntry.action == "kept_form.refused")
        rows = db.session.scalars(refused).all()
        assert {(row.actor_id, row.subject_id) for row in rows} == {(other, kept_id)}
        assert len(rows) == 3


def test_after_a_day_it_is_gone(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("administrator")
        away = late(browser, now)
        now.shift(timedelta(hours=24))
        assert enter(browser, "administrator1", url=away).location == "/"


def test_a_form_without_a_page_of_its_own_comes_back_as_text(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("administrator")
        away = late(browser, now, url="/account/sign-ins/01940000-0000-7000-8000-000000000000/end")
        back = enter(browser, "administrator1", url=away)
        page = browser.get(back.location)
        assert page.status_code == 200
        assert "Ada O’Neill-Whitefield" in page.text


def test_a_wrong_token_explains_and_shows_the_text_again(sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    answer = browser.post(NEW, data={**TYPED, "csrf_token": "of another time"})
    assert answer.status_code == 400
    assert "Everything you typed is kept for 24 hours" in answer.text
    kept = answer.text.split('href="/kept/')[1].split('"')[0]
    assert 'value="Ada O’Neill-Whitefield"' in browser.get(f"/kept/{kept}", follow_redirects=True).text


def test_a_wrong_token_of_a_sign_in_that_ran_out_keeps_it_too(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("administrator")
        now.shift(timedelta(minutes=20))
        away = browser.post(NEW, data={**TYPED, "csrf_token": "of another time"})
        assert away.status_code == 303
        back = enter(browser, "administrator1", url=away.location)
        assert "Ada" in browser.get(back.location, follow_redirects=True).text


def test_a_button_without_words_leaves_nothing_to_come_back(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("therapist")
        page = browser.get("/account/sign-ins")
        now.shift(timedelta(minutes=20))
        away = browser.post("/sign-out", data=hidden_fields(page.text, "/sign-out"))
        assert (away.status_code, away.location) == (303, "/sign-in")
        assert db.session.scalars(select(KeptForm)).all() == []


def test_an_odd_address_is_kept_like_any_other(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in("therapist")
        page = browser.get("/account/sign-ins")
        now.shift(timedelta(minutes=20))
        odd = f"/patients/{uuid4()}/instruments/%00é%2e"
        away = browser.post(odd, data={**hidden_fields(page.text, "/sign-out"), **TYPED})
        assert away.status_code == 303
        assert db.session.scalars(select(KeptForm.path)).one().endswith("/instruments/%00%C3%A9.")


def test_on_a_public_page_the_text_waits_in_the_page_itself(client: FlaskClient, site: UUID) -> None:
    words = 'He "needs" help & <soon>'
    answer = client.post("/help", data={"words": words, "csrf_token": "of another time"})
    assert answer.status_code == 400
    assert "Everything you entered is kept on this page." in answer.text
    again = hidden_fields(answer.text, "/help")
    assert client.post("/help", data=again).status_code == 422  # taken as sent: the rest is missing
    assert again["csrf_token"] != "of another time"
    assert db.session.scalars(select(KeptForm)).all() == []


def test_of_somebody_unknown_nothing_is_kept(client: FlaskClient) -> None:
    assert client.post(NEW, data={**TYPED, "csrf_token": "x"}).status_code == 400
    assert db.session.scalars(select(KeptForm)).all() == []


def test_somebody_disabled_leaves_nothing(sign_in: SignIn, staff: Staff) -> None:
    browser = sign_in("administrator")
    staff("administrator")
    page = browser.get(NEW)
    user_id = browser.user_id  # type: ignore[attr-defined]
    submit(browser, f"/administration/staff/{user_id}/disable", reason="left")
    answer = browser.post(NEW, data={**hidden_fields(page.text, NEW), **TYPED})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert db.session.scalars(select(KeptForm)).all() == []
