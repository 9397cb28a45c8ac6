"""A message's way to the provider, and what stops it (reliability 3 to 7)."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from clinic.core.db import db, transaction
from clinic.messaging import services as messaging
from clinic.messaging.models import EngineCount, Message, ProviderHealth
from clinic.messaging.registry import Decision, Verdict
from clinic.messaging.rules.states import IllegalMove, State
from clinic.messaging.services import engine, intent, repair, sending
from clinic.messaging.services.claims import claim, give_up
from clinic.messaging.services.intent import begin
from clinic.messaging.services.sending import send_due
from clinic.patients import services as patients
from clinic.patients.rules import Channel, Source
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock
from tests.messaging.conftest import KIND, NOON, Agreed, Owe, Subjects, attempts, state, stored
from tests.messaging.provider import Provider

HOUR = timedelta(hours=1)


def test_due_message_is_accepted_once(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    message_id = owe(agreed())
    assert send_due(seconds=5) == 1
    assert send_due(seconds=5) == 0
    [text] = provider.taken()
    assert state(message_id) == ("accepted", None)
    assert text.recipient == "+12025550143"
    assert text.body.startswith("Hi Owen. How are you")
    assert text.status_callback == f"http://127.0.0.1:8000/messaging/status/{message_id}"
    assert 0 < (text.validity_period or 0) <= 4 * 3600
    [attempt] = attempts(message_id)
    assert (attempt.outcome, attempt.provider_message_id) == ("accepted", text.sid)


def test_same_subject_purpose_and_channel_is_one_message(agreed: Agreed, owe: Owe) -> None:
    patient_id, subject_id = agreed(), uuid4()
    assert owe(patient_id, subject_id=subject_id) == owe(patient_id, subject_id=subject_id)
    assert owe(patient_id, subject_id=subject_id) != owe(patient_id, subject_id=subject_id, purpose="nudge")


def test_link_leads_to_the_message_and_only_the_whole_token_does(
    agreed: Agreed, owe: Owe, provider: Provider
) -> None:
    subject_id = uuid4()
    message_id = owe(agreed(), subject_id=subject_id)
    send_due(seconds=5)
    token = provider.taken()[0].body.partition("/c/")[2].split()[0]
    found = messaging.subject_of(token)
    assert found is not None
    assert (found.message_id, found.subject_kind, found.subject_id) == (message_id, KIND, subject_id)
    assert len(token) == 22
    assert messaging.subject_of(token[:-1]) is None


def test_future_message_waits(agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider) -> None:
    message_id = owe(agreed(), due=NOON + HOUR)
    assert send_due(seconds=5) == 0
    clock.set(NOON + HOUR)
    assert send_due(seconds=5) == 1
    assert state(message_id)[0] == "accepted"


def test_number_without_consent_gets_nothing(
    patient: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    clock.set(NOON)
    message_id = owe(patient(phone="+12025550143"))
    send_due(seconds=5)
    assert state(message_id) == ("skipped", "no_consent")
    assert provider.taken() == []


def test_other_kind_of_message_was_not_agreed(
    agreed: Agreed, owe: Owe, subjects: Subjects, provider: Provider
) -> None:
    subjects.decision = Decision(Verdict.SEND, consent_kind="appointments")
    message_id = owe(agreed())
    send_due(seconds=5)
    assert state(message_id) == ("skipped", "not_agreed")
    assert subjects.told[-1][1:] == ("skipped", "not_agreed")


def test_stop_between_claim_and_send_wins(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    patient_id = agreed()
    message_id = owe(patient_id)
    claims = claim(1)
    assert claims
    patients.revoke(patient_id, Channel.SMS, Source.TEXT, at=NOON)
    assert begin(claims) == []
    assert state(message_id) == ("cancelled", "opted_out")
    assert provider.taken() == []


def test_subject_that_is_over_withholds(
    agreed: Agreed, owe: Owe, subjects: Subjects, provider: Provider
) -> None:
    subjects.decision = Decision(Verdict.WITHHOLD, "answered")
    message_id = owe(agreed())
    send_due(seconds=5)
    assert state(message_id) == ("cancelled", "answered")
    assert provider.taken() == []


def test_subject_that_waits_is_asked_again(
    agreed: Agreed, owe: Owe, subjects: Subjects, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed())
    subjects.decision = Decision(Verdict.WAIT)
    send_due(seconds=5)
    assert state(message_id)[0] == "scheduled"
    subjects.decision = Decision(Verdict.SEND, consent_kind="check_ins")
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert state(message_id)[0] == "accepted"


def test_withheld_messages_never_go(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    subject_id = uuid4()
    invite = owe(agreed(), subject_id=subject_id)
    assert messaging.withhold(KIND, subject_id, "answered", at=NOON, purposes=["nudge"]) == 0
    assert messaging.withhold(KIND, subject_id, "answered", at=NOON) == 1
    assert send_due(seconds=5) == 0
    assert state(invite) == ("cancelled", "answered")


def test_claimed_message_that_is_withheld_is_lost_to_its_claimant(
    agreed: Agreed, owe: Owe, provider: Provider
) -> None:
    subject_id = uuid4()
    owe(agreed(), subject_id=subject_id)
    claims = claim(1)
    assert claims
    messaging.withhold(KIND, subject_id, "answered", at=NOON)
    assert begin(claims) == []
    assert provider.taken() == []


def test_too_late_is_skipped(agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider) -> None:
    message_id = owe(agreed(), hours=1)
    clock.set(NOON + HOUR)
    send_due(seconds=5)
    assert state(message_id) == ("skipped", "too_late")
    assert provider.taken() == []


def test_quiet_hours_push_to_the_patients_opening(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed(safe=(time(14), time(18))), hours=6)
    send_due(seconds=5)
    assert state(message_id)[0] == "scheduled"
    assert stored(message_id).next_attempt_at == NOON + 2 * HOUR
    clock.set(NOON + 2 * HOUR)
    send_due(seconds=5)
    assert state(message_id)[0] == "accepted"


def test_quiet_hours_that_leave_no_time_skip(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    message_id = owe(agreed(safe=(time(17), time(18))), hours=2)
    send_due(seconds=5)
    assert state(message_id) == ("skipped", "quiet_hours")


def test_after_an_outage_only_the_newest_goes(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    patient_id = agreed()
    old, newer, newest = (owe(patient_id, due=NOON + n * HOUR / 2) for n in range(3))
    other = owe(agreed("+12025550144", given_name="Ana"))
    clock.set(NOON + 2 * HOUR)
    send_due(seconds=5)
    assert [state(each)[0] for each in (old, newer)] == ["scheduled"] * 2  # the newest is not decided yet
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert [state(each) for each in (old, newer)] == [("skipped", "superseded")] * 2
    assert [state(each)[0] for each in (newest, other)] == ["accepted"] * 2
    assert len(provider.taken()) == 2


def test_the_newer_must_be_on_its_way_before_the_older_is_given_up(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    patient_id = agreed()
    older, newer = owe(patient_id), owe(patient_id, due=NOON + HOUR / 4, hours=0.25)
    clock.set(NOON + HOUR)
    send_due(seconds=5)
    assert state(newer) == ("skipped", "too_late")
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert state(older) == ("accepted", None)


def test_what_waited_for_the_persons_hours_is_not_overdue(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    patient_id = agreed(safe=(time(13), time(20)))
    waited, on_time = owe(patient_id), owe(patient_id, due=NOON + HOUR)
    send_due(seconds=5)
    assert state(waited) == ("scheduled", None)
    clock.set(NOON + HOUR)
    send_due(seconds=5)
    assert [state(waited), state(on_time)] == [("accepted", None)] * 2


def test_two_messages_due_together_both_go(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    patient_id = agreed()
    owe(patient_id)
    owe(patient_id)
    assert send_due(seconds=5) == 2
    assert len(provider.taken()) == 2


def test_refused_connection_is_tried_again_and_given_up(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = owe(agreed())
    provider.fail(too_many=1)
    for n in range(6):
        assert state(message_id)[0] == "scheduled", n
        send_due(seconds=5)
        clock.advance(minutes=10)
    assert state(message_id) == ("failed", "too_many_requests")
    assert provider.taken() == []
    assert [attempt.outcome for attempt in attempts(message_id)] == ["not_sent"] * 6


def test_provider_that_refuses_us_holds_everything_and_loses_nothing(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    first, second = owe(agreed()), owe(agreed("+12025550144"))
    provider.fail(deny=1)
    send_due(seconds=5)
    assert [state(each)[0] for each in (first, second)] == ["scheduled"] * 2
    assert len(attempts(first)) + len(attempts(second)) == 1  # open at once: the second was not even tried
    assert db.session.scalars(select(ProviderHealth.state)).all() == ["open"]
    provider.fail()
    clock.advance(minutes=11)
    send_due(seconds=5)
    clock.advance(minutes=11)
    send_due(seconds=5)
    assert [state(each)[0] for each in (first, second)] == ["accepted"] * 2
    db.session.rollback()
    assert db.session.scalars(select(ProviderHealth.state)).all() == ["closed"]


def test_bad_number_makes_work_and_opted_out_is_kept(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    message_id = owe(agreed())
    provider.world.store.block("+12025550143")
    other = owe(agreed("+12025550143", given_name="Ana"))
    send_due(seconds=5)
    assert state(message_id) == ("failed", "opted_out")
    assert state(other) == ("cancelled", "opted_out")  # the number is stopped for everybody who shares it
    assert provider.taken() == []


def test_lost_claim_goes_back_and_three_make_poison(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed())
    for _ in range(3):
        assert state(message_id)[0] == "scheduled"
        assert [each.message_id for each in claim(1)] == [message_id]
        clock.advance(minutes=2)
        assert repair.rescue() == 1
    assert state(message_id) == ("failed", "poison")
    other = owe(agreed("+12025550144"))
    send_due(seconds=5)
    assert state(other)[0] == "accepted"
    assert db.session.scalars(select(WorkItem.kind)).all() == ["messaging.poison"]


def test_error_while_preparing_never_blocks_others(
    agreed: Agreed, owe: Owe, subjects: Subjects, clock: MovedClock, provider: Provider
) -> None:
    message_id = owe(agreed())
    subjects.error = RuntimeError("of a room above")
    for _ in range(3):
        send_due(seconds=5)
        clock.advance(minutes=2)
    assert state(message_id) == ("failed", "poison")


def test_of_a_lost_batch_each_is_claimed_alone(agreed: Agreed, owe: Owe, clock: MovedClock) -> None:
    patient_id = agreed()
    messages = {owe(patient_id) for _ in range(3)}
    assert {each.message_id for each in claim(32)} == messages
    clock.advance(minutes=2)
    assert repair.rescue() == 3
    for _ in messages:  # whichever of them killed the worker, the others never come to harm with it again
        [alone] = claim(32)
        assert len(begin([alone])) == 1
    assert claim(32) == []


def test_one_that_cannot_be_prepared_spoils_nothing_for_those_beside_it(
    agreed: Agreed, owe: Owe, provider: Provider
) -> None:
    patient_id = agreed()
    first, orphan, *others = (owe(patient_id) for _ in range(4))
    with transaction() as session:
        session.execute(update(Message).where(Message.id == orphan).values(subject_kind="of_no_room"))
    assert send_due(seconds=5) == 4
    assert [state(each)[0] for each in (first, *others)] == ["accepted"] * 3
    assert state(orphan)[0] == "scheduled"


def test_of_many_one_is_the_breakers_probe(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider
) -> None:
    patient_id = agreed()
    provider.fail(deny=1)
    for _ in range(3):
        owe(patient_id)
    send_due(seconds=5)
    clock.advance(minutes=11)
    assert len(begin(claim(32))) == 1


def test_frozen_process_does_not_send(
    agreed: Agreed, owe: Owe, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = owe(agreed())
    real = intent.elapsed
    monkeypatch.setattr(sending, "elapsed", lambda: real() + 31)  # more than half a lease went by unseen
    send_due(seconds=0.1)
    assert provider.taken() == []
    assert state(message_id)[0] == "scheduled"
    assert attempts(message_id)[0].reason == "too_late"


def test_a_probe_that_never_connected_heals_no_breaker(
    agreed: Agreed, owe: Owe, provider: Provider, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.fail(deny=1)
    owe(agreed())
    send_due(seconds=5)
    clock.advance(minutes=2)
    real = intent.elapsed
    monkeypatch.setattr(sending, "elapsed", lambda: real() + 31)
    send_due(seconds=0.1)
    db.session.rollback()
    assert db.session.scalars(select(ProviderHealth.state)).all() == ["half_open"]


def test_retry_says_the_same_words(agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider) -> None:
    message_id = owe(agreed())
    provider.fail(too_many=1)
    send_due(seconds=5)
    provider.fail()
    clock.advance(minutes=1)
    send_due(seconds=5)
    first, second = attempts(message_id)
    assert first.body_index == second.body_index


def test_foreign_claim_is_refused(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    message_id = owe(agreed())
    claims = claim(1)
    assert claims
    foreign = replace(claims[0], lease_token=uuid4())
    assert begin([foreign]) == []
    give_up(foreign)
    assert state(message_id)[0] == "claimed"
    assert provider.taken() == []


def test_error_of_the_cause_leaves_no_message(agreed: Agreed, owe: Owe) -> None:
    patient_id = agreed()
    with pytest.raises(ZeroDivisionError), transaction():
        owe(patient_id)
        raise ZeroDivisionError
    assert send_due(seconds=5) == 0


def test_move_that_is_not_allowed_changes_nothing_and_is_counted(
    agreed: Agreed, owe: Owe, provider: Provider
) -> None:
    message_id = owe(agreed())
    send_due(seconds=5)

    def back() -> None:
        with transaction() as session:
            message = engine.locked(session, message_id)
            assert message is not None
            engine.move(message, State.SCHEDULED, now=NOON)

    with pytest.raises(IllegalMove):
        engine.twice(back)
    assert state(message_id)[0] == "accepted"
    assert db.session.execute(select(EngineCount.name, EngineCount.count)).all() == [("illegal_move", 1)]
