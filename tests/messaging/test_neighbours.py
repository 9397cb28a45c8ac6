"""What goes wrong with one message, one call or one claim leaves all others alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from clinic.core.db import db, transaction
from clinic.messaging.models import ProviderHealth
from clinic.messaging.rules.outcomes import Answer, Family
from clinic.messaging.services.claims import MOST, claim
from clinic.messaging.services.intent import begin
from clinic.messaging.services.sending import send_due
from clinic.messaging.services.settling import Answered, settle
from tests.conftest import MovedClock
from tests.messaging.conftest import Agreed, Owe, attempts, state
from tests.messaging.provider import Provider

REFUSE = {
    "postgresql": (
        """CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$""",
        """CREATE TRIGGER refuse BEFORE UPDATE ON message FOR EACH ROW
        WHEN (NEW.state = 'claimed' AND NEW.id = '{}') EXECUTE FUNCTION refuse()""",
    ),
    "sqlite": (
        """CREATE TRIGGER refuse BEFORE UPDATE ON message WHEN NEW.state = 'claimed' AND NEW.id = '{}'
        BEGIN SELECT RAISE(ABORT, 'disk full'); END""",
    ),
}
ALLOW = {
    "postgresql": ("DROP TRIGGER refuse ON message", "DROP FUNCTION refuse()"),
    "sqlite": ("DROP TRIGGER refuse",),
}


@contextmanager
def claims_refused(message_id: UUID) -> Iterator[None]:
    """The database fails whenever this message is claimed, as one that has no space left."""
    kind = db.engine.dialect.name
    name = message_id.hex if kind == "sqlite" else str(message_id)
    _execute(*(statement.format(name) for statement in REFUSE[kind]))
    yield
    db.session.rollback()
    _execute(*ALLOW[kind])


def _execute(*statements: str) -> None:
    with transaction() as session:
        for statement in statements:
            session.execute(text(statement))


def test_a_claim_that_fails_loses_no_outcome_of_the_calls_under_way(
    agreed: Agreed, owe: Owe, provider: Provider
) -> None:
    patient_id = agreed()
    *messages, last = (owe(patient_id) for _ in range(1 + MOST + 1))  # a first alone, a batch, and this one
    with claims_refused(last):
        assert send_due(seconds=5) == 1 + MOST
        assert [state(each)[0] for each in messages] == ["accepted"] * len(messages)
        assert {each.sid for each in provider.taken()} == {
            attempt.provider_message_id for each in messages for attempt in attempts(each)
        }
        with pytest.raises(DBAPIError):
            send_due(seconds=5)
    assert send_due(seconds=5) == 1
    assert state(last)[0] == "accepted"


@pytest.mark.parametrize(
    "late", [Answer(status=201, provider_id="SM1"), Answer(status=503)], ids=["well", "ill"]
)
def test_what_began_before_the_trouble_says_nothing_while_the_probe_is_out(
    agreed: Agreed, owe: Owe, clock: MovedClock, provider: Provider, late: Answer
) -> None:
    patient_id = agreed()
    old, refused = owe(patient_id), owe(patient_id)
    [before] = begin(claim(1))
    provider.fail(deny=1)
    clock.advance(seconds=1)
    send_due(seconds=5)
    clock.advance(minutes=2)
    [probe] = begin(claim(1))
    assert (before.claim.message_id, probe.claim.message_id) == (old, refused)
    settle([Answered(before, late)])
    assert _breaker() == "half_open"
    settle([Answered(probe, Answer(status=201, provider_id="SM2"))])
    assert _breaker() == "closed"


def _breaker() -> str:
    db.session.rollback()
    [account] = db.session.scalars(
        select(ProviderHealth.state).where(ProviderHealth.family == Family.ACCOUNT)
    )
    return account.value
