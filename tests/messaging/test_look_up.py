"""What a lost answer, a lost lease or a lost receipt leaves behind, and how it is settled (R6, R7)."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pytest import MonkeyPatch
from sqlalchemy import update

from clinic.core.db import transaction
from clinic.messaging.models import Attempt
from clinic.messaging.rules.outcomes import Answer
from clinic.messaging.services import repair
from clinic.messaging.services.claims import claim
from clinic.messaging.services.intent import begin
from clinic.messaging.services.sending import send_due
from clinic.messaging.services.settling import Answered, settle
from tests.conftest import MovedClock
from tests.messaging.conftest import NOON, Agreed, Owe, Subjects, attempts, state
from tests.messaging.provider import Provider

HOUR = timedelta(hours=1)


def test_lost_answer_is_found_and_never_sent_again(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed())
    provider.fail(lose_answers=1)
    send_due(seconds=5)
    assert state(message_id)[0] == "unknown"
    provider.fail()
    clock.advance(seconds=1)
    assert repair.look_up(seconds=0) == 0  # its time was over: the next ring looks
    assert repair.look_up() == 1
    assert state(message_id)[0] == "accepted"
    assert attempts(message_id)[0].provider_message_id == provider.taken()[0].sid
    assert len(provider.taken()) == 1


def test_clock_ahead_of_the_providers_hides_no_text_that_went_out(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, tmp_path: Path
) -> None:
    message_id = owe(agreed())
    provider.world.clock_offset = tmp_path / "slow"
    behind = clock.now() - datetime.now(UTC) - timedelta(days=2)
    provider.world.clock_offset.write_text(str(behind.total_seconds()))
    provider.fail(lose_answers=1)
    send_due(seconds=5)
    clock.advance(seconds=1)
    assert repair.look_up() == 1
    assert state(message_id)[0] == "accepted"


def test_look_that_was_overtaken_says_nothing_of_the_next_attempt(
    app: Flask, agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, monkeypatch: MonkeyPatch
) -> None:
    message_id = owe(agreed())
    provider.fail(lose_requests=1)
    send_due(seconds=5)
    clock.advance(seconds=1)
    assert repair.look_up() == 1  # empty for the first time, and that was long ago
    with transaction() as session:
        session.execute(update(Attempt).values(first_empty_at=datetime(2026, 1, 1, tzinfo=UTC)))
    clock.advance(minutes=10)
    store, search = provider.world.store, provider.world.store.search

    def meanwhile(*asked: Any) -> Any:
        monkeypatch.setattr(store, "search", search)
        with app.app_context():
            assert repair.look_up() == 1
            clock.advance(minutes=10)
            provider.fail(lose_answers=1)
            assert send_due(seconds=5) == 1
        return search(*asked)

    monkeypatch.setattr(store, "search", meanwhile)
    assert repair.look_up() == 0
    assert state(message_id)[0] == "unknown"
    assert [attempt.outcome for attempt in attempts(message_id)] == ["proved_not_sent", "ambiguous"]
    assert len(provider.taken()) == 1


class TestProof:
    """Settle times in the same proportions and so short that the gap can be waited for."""

    @pytest.fixture
    def env(self, env: Mapping[str, str]) -> Mapping[str, str]:
        """The gap is real time: nothing moves it."""
        settle = {"LEASE": 2.4, "CONNECT": 0.3, "CALL": 0.6, "LOOK_UP_GAP": 2.2}
        return {**env, **{f"CLINIC_SETTLE_{name}_SECONDS": str(value) for name, value in settle.items()}}

    def test_lost_request_is_sent_again_only_after_two_empty_answers(
        self, agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
    ) -> None:
        message_id = owe(agreed())
        provider.fail(lose_requests=1)
        send_due(seconds=5)
        provider.fail()
        clock.advance(seconds=1)
        assert repair.look_up() == 1  # empty for the first time
        clock.advance(hours=1)  # a clock that jumps proves nothing: the gap is real time
        assert repair.look_up() == 0
        assert state(message_id)[0] == "unknown"
        until = time.monotonic() + 60
        while state(message_id)[0] == "unknown" and time.monotonic() < until:
            clock.advance(seconds=5)
            repair.look_up()
        assert state(message_id)[0] == "scheduled"
        clock.advance(minutes=1)
        send_due(seconds=5)
        assert state(message_id)[0] == "accepted"
        assert [attempt.outcome for attempt in attempts(message_id)] == ["proved_not_sent", "accepted"]
        assert len(provider.taken()) == 1


def test_unknown_that_cannot_be_proved_fails_at_its_deadline(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, subjects: Subjects
) -> None:
    message_id = owe(agreed())
    provider.fail(lose_answers=1)
    send_due(seconds=5)
    provider.world.token = "changed"  # the list cannot be read: that is not an empty answer
    clock.set(NOON + 3 * HOUR)
    repair.look_up()
    assert state(message_id)[0] == "unknown"
    clock.set(NOON + 5 * HOUR)
    repair.look_up()
    assert state(message_id) == ("failed", "unknown")
    assert subjects.told[-1][1:] == ("failed", "unknown")


def test_lost_lease_writes_only_the_attempt_and_the_look_up_reads_it(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed())
    claims = claim(1)
    assert claims
    [begun] = begin(claims)
    clock.advance(minutes=2)
    assert repair.rescue() == 1
    assert state(message_id)[0] == "unknown"
    settle([Answered(begun, Answer(201, "SM77"))])
    assert state(message_id)[0] == "unknown"
    assert repair.look_up() == 1
    assert state(message_id)[0] == "accepted"


def test_no_receipt_for_three_days_is_a_failure_only_where_asked(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, subjects: Subjects
) -> None:
    reminder = owe(agreed(), receipt_by=NOON + 24 * HOUR)
    invite = owe(agreed("+12025550144"))
    send_due(seconds=5)
    clock.set(NOON + 73 * HOUR)
    assert repair.give_up_waiting() == 1
    assert state(reminder) == ("failed", "no_receipt")
    assert state(invite)[0] == "accepted"
    assert [told[1:] for told in subjects.told] == [("failed", "no_receipt")]
