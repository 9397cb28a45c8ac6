"""Ten processes want the same message; one has it."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import select

from clinic.core.db import db
from clinic.messaging.channels import sms
from clinic.messaging.models import Attempt
from clinic.messaging.registry import sources
from clinic.messaging.rules.decision import Claim
from clinic.messaging.services.claims import claim
from clinic.messaging.services.intent import begin
from clinic.messaging.services.settling import Answered, settle
from tests.messaging.conftest import KIND, Agreed, Owe, Subjects, state
from tests.messaging.provider import Provider
from tests.race import race


class NothingDue(Exception):
    """This process came too late."""


def claim_one() -> None:
    """Claim, or say that nothing was there."""
    if not claim(1):
        raise NothingDue


def send_claimed(claims: Sequence[Claim]) -> None:
    """Send with a lease, as a process that knows the tests' kind of subject."""
    sources[KIND] = Subjects()
    for intent in begin(claims):
        settle([Answered(intent, sms.send(intent.post))])


def test_one_of_ten_claims(agreed: Agreed, owe: Owe, env: Mapping[str, str], provider: Provider) -> None:
    message_id = owe(agreed())
    assert race(env, [claim_one] * 10) == ["NothingDue"] * 9 + ["done"]
    assert state(message_id)[0] == "claimed"


def test_of_ten_senders_of_one_claim_one_sends(
    agreed: Agreed, owe: Owe, env: Mapping[str, str], provider: Provider
) -> None:
    message_id = owe(agreed())
    claims = claim(1)
    assert claims
    race(env, [partial(send_claimed, claims)] * 10)
    assert len(provider.taken()) == 1
    assert state(message_id)[0] == "accepted"
    assert len(db.session.scalars(select(Attempt)).all()) == 1
