"""Guessing is slow: per account and per address, with growing delay, never locked for good."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import time_machine
from flask.testing import FlaskClient

from clinic.accounts import services
from clinic.accounts.rules import FREE_ATTEMPTS, LONGEST_DELAY, Counted, delay
from tests.accounts.test_sign_in import enter
from tests.conftest import Staff
from tests.race import race

START = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_after_ten_the_account_waits_longer_each_time(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    with time_machine.travel(START, tick=False) as now:
        for _ in range(10):
            assert enter(client, password="guess number one two").status_code == 422
        held = enter(client)  # even the right one
        assert (held.status_code, held.headers["Retry-After"]) == (429, "30")
        assert "Wait 1 minute, then try again." in held.text
        now.shift(timedelta(seconds=30))
        assert enter(client, password="guess number one two").status_code == 422
        assert enter(client).headers["Retry-After"] == "60"
        now.shift(timedelta(seconds=60))
        assert enter(client).status_code == 303


def test_an_unknown_name_waits_like_a_known_one(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    for _ in range(10):
        assert enter(client, name="nobody").status_code == 422
    assert enter(client, name="nobody").status_code == 429
    assert enter(client).status_code == 303


def test_success_starts_the_account_anew(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    for _ in range(2):
        for _ in range(9):
            enter(client, password="guess number one two")
        assert enter(client).status_code == 303
        client.delete_cookie("sign-in")


def test_one_address_waits_whatever_names_it_tries(client: FlaskClient, staff: Staff) -> None:
    staff("therapist")
    with time_machine.travel(START, tick=False):
        for number in range(50):
            assert enter(client, name=f"name{number}").status_code == 422
        assert enter(client, name="another").status_code == 429
        elsewhere = client.application.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        assert enter(elsewhere).status_code == 303


def test_guesses_at_one_moment_are_no_way_around(
    client: FlaskClient, staff: Staff, env: Mapping[str, str]
) -> None:
    staff("therapist")
    for _ in range(9):
        enter(client, password="guess number one two")
    real = datetime.now(UTC)
    guess = partial(
        services.sign_in,
        "therapist1",
        "guess number one two",
        address="192.0.2.7",
        device="",
        at=real,
        real=real,
    )
    assert race(env, [guess] * 3) == ["NoMatch", "TooManyAttempts", "TooManyAttempts"]


def test_the_delay_grows_to_fifteen_minutes_and_no_further() -> None:
    for kind in Counted:
        free = FREE_ATTEMPTS[kind]
        delays = [delay(kind, attempts) for attempts in range(free, free + 200)]
        assert delay(kind, free - 1) == timedelta()
        assert delays[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
        assert delays == sorted(delays)
        assert delays[-1] == LONGEST_DELAY
