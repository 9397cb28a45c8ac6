"""A known number goes through every path and stands nowhere but at the provider (dependencies T15)."""

import logging
from io import StringIO
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import MetaData, select

from clinic.core.db import db
from clinic.messaging.services import repair, sending
from tests.conftest import MovedClock
from tests.messaging.conftest import Agreed, Owe, state
from tests.messaging.provider import Provider
from tests.messaging.test_webhooks import texted, told

NUMBER, WORDS = "+12025550143", "my canary sang at noon"


def everything_stored() -> str:
    """All cells of all tables, as text and as bytes."""
    db.session.rollback()
    tables = MetaData()
    tables.reflect(db.engine)
    cells = [
        cell for table in tables.sorted_tables for row in db.session.execute(select(table)) for cell in row
    ]
    return "\n".join(cell.decode("latin-1") if isinstance(cell, bytes) else str(cell) for cell in cells)


def test_known_number_stands_nowhere(
    agreed: Agreed,
    owe: Owe,
    provider: Provider,
    client: FlaskClient,
    clock: MovedClock,
    site: UUID,
) -> None:
    log = StringIO()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(log)
    message_id = owe(agreed(NUMBER))
    provider.fail(lose_answers=1)
    sending.send_due(seconds=5)
    provider.fail()
    clock.advance(seconds=1)
    repair.look_up()
    assert state(message_id)[0] == "accepted"
    told(client, message_id, "undelivered", provider.taken()[0].sid, ErrorCode="30005")
    page = texted(client, WORDS, NUMBER)
    refused = client.post("/messaging/inbound", data={"From": NUMBER, "Body": WORDS})
    for place in (everything_stored(), log.getvalue(), page.text, refused.text):
        for secret in (NUMBER, NUMBER[1:], NUMBER[2:], "(202) 555-0143", WORDS):
            assert secret not in place
    assert "/messaging/inbound" in log.getvalue()  # there was something to be searched
