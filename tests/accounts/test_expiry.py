"""When a sign-in runs out. Its limits go by the system's time and never by the clinic's moved clock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from clinic.accounts import services
from clinic.accounts.models import SignInSession
from clinic.core import clock
from clinic.core.db import db
from tests.conftest import MovedClock, SignIn

MINE = "/account/sign-ins"
START = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_fifteen_idle_minutes_end_it_and_the_page_says_so(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in()
        now.shift(timedelta(minutes=14, seconds=59))
        assert browser.get(MINE).status_code == 200
        now.shift(timedelta(minutes=15))
        away = browser.get(MINE)
        assert (away.status_code, away.location) == (303, f"/sign-in?next={MINE}")
        assert "signed out after 15 minutes without activity" in browser.get(away.location).text


def test_twelve_hours_end_it_however_busy_one_was(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in()
        for _ in range(71):
            now.shift(timedelta(minutes=10))
            assert browser.get(MINE).status_code == 200
        now.shift(timedelta(minutes=10))
        assert "signed out after 12 hours" in browser.get(browser.get(MINE).location).text


def test_last_use_is_written_at_most_once_a_minute(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        browser = sign_in()
        for seconds, seen in (
            (59, START),
            (1, START + timedelta(minutes=1)),
            (30, START + timedelta(minutes=1)),
        ):
            now.shift(timedelta(seconds=seconds))
            browser.get(MINE)
            assert db.session.scalars(select(SignInSession.last_seen_at)).one() == seen


def test_the_moved_clock_of_the_clinic_ends_no_sign_in(sign_in: SignIn, clock: MovedClock) -> None:
    browser = sign_in()
    clock.advance(days=200)
    assert browser.get(MINE).status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "0" * 2000, "é"])
def test_a_cookie_that_names_nothing_is_nobody(sign_in: SignIn, cookie: str) -> None:
    browser = sign_in()
    browser.set_cookie("sign-in", cookie)
    assert browser.get(MINE).status_code == 303


def test_disabling_ends_all_at_once_and_keeps_out(sign_in: SignIn) -> None:
    sign_in("administrator")
    browser = sign_in("nurse")
    user_id = browser.user_id  # type: ignore[attr-defined]
    services.disable_user(user_id, at=clock.now(), real=datetime.now(UTC))
    assert browser.get(MINE).status_code == 303
    page = browser.get("/sign-in").text
    assert "nurse" not in page


def test_what_is_past_its_time_is_forgotten(sign_in: SignIn) -> None:
    with time_machine.travel(START, tick=False) as now:
        sign_in()
        assert services.forget_old(real=datetime.now(UTC)) == 0
        now.shift(timedelta(days=31))
        assert services.forget_old(real=datetime.now(UTC)) == 3  # the session, two counts
        assert db.session.scalars(select(SignInSession)).all() == []
