"""Ten processes want the same message; one has it."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from sqlalchemy import select

from clinic.core.db import db
from clinic.messaging.models import Attempt
from clinic.messaging.registry import sources
from clinic.messaging.services import sending
from tests.messaging.conftest import KIND, Agreed, Owe, Subjects, state
from tests.messaging.provider import Provider
from tests.race import race


class NothingDue(Exception):
    """This process came too late."""


def claim_one() -> None:
    """Claim, or say that nothing was there."""
    if sending.claim() is None:
        raise NothingDue


def send_claimed(message_id: UUID, lease_token: UUID) -> None:
    """Send with a lease, as a process that knows the tests' kind of subject."""
    sources[KIND] = Subjects()
    sending.send_one(message_id, lease_token)


def test_one_of_ten_claims(agreed: Agreed, owe: Owe, env: Mapping[str, str], provider: Provider) -> None:
    message_id = owe(agreed())
    assert race(env, [claim_one] * 10) == ["NothingDue"] * 9 + ["done"]
    assert state(message_id)[0] == "claimed"


def test_of_ten_senders_of_one_claim_one_sends(
    agreed: Agreed, owe: Owe, env: Mapping[str, str], provider: Provider
) -> None:
    message_id = owe(agreed())
    claimed = sending.claim()
    assert claimed is not None
    race(env, [partial(send_claimed, *claimed)] * 10)
    assert len(provider.taken()) == 1
    assert state(message_id)[0] == "accepted"
    assert len(db.session.scalars(select(Attempt)).all()) == 1
