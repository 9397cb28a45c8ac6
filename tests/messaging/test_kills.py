"""A thousand messages, senders that die, a provider that loses answers: judged at the provider."""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinic.core.db import db, transaction
from clinic.messaging import services as messaging
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State
from tests.messaging.conftest import KIND, NOON, Agreed, Subjects
from tests.messaging.nursery import senders
from tests.messaging.provider import Provider

MESSAGES, PATIENTS, DEADLINE = 1_000, 20, 480.0
UNDER_WAY = (State.SCHEDULED, State.CLAIMED, State.SENDING, State.UNKNOWN)


@pytest.fixture
def env(env: Mapping[str, str]) -> Mapping[str, str]:
    """Settle times in the same proportions, a thirtieth as long."""
    settle = {"LEASE": 2, "CONNECT": 0.3, "CALL": 0.5, "LOOK_UP_AFTER": 0.3, "LOOK_UP_GAP": 2, "BACKOFF": 0.1}
    times = {f"CLINIC_SETTLE_{name}_SECONDS": str(value) for name, value in settle.items()}
    return {**env, **times, "CLINIC_SETTLE_LOST_CLAIMS": "9"}  # here it is never the message's own fault


def owe_all(patients: list[UUID]) -> list[UUID]:
    """As many messages as asked, each due now with a link of its own."""
    with transaction():
        return [
            messaging.schedule(
                KIND,
                UUID(int=n),
                "invite",
                patient_id=patients[n % len(patients)],
                template="check_in_invite",
                fill_ins={},
                not_before=NOON,
                expires_at=NOON + timedelta(hours=4),
                with_link=True,
                at=NOON,
            )
            for n in range(MESSAGES)
        ]


def under_way() -> int:
    """How many have no outcome yet."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Message.state.in_(UNDER_WAY))) or 0


def test_none_twice_none_missing_each_with_one_outcome(
    agreed: Agreed, subjects: Subjects, env: Mapping[str, str], provider: Provider
) -> None:
    owe_all([agreed(f"+1202555{n:04}", given_name=f"P{n}") for n in range(1000, 1000 + PATIENTS)])
    provider.fail(lose_answers=0.1)
    until = time.monotonic() + DEADLINE
    with senders(env, 8):
        while under_way() and time.monotonic() < until:
            time.sleep(0.5)
    assert under_way() == 0
    texts = Counter(text.body for text in provider.taken())
    assert len(texts) == MESSAGES
    assert set(texts.values()) == {1}
    states = db.session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    assert states == [(State.ACCEPTED, MESSAGES)]
