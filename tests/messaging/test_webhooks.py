"""The provider's two addresses: signed or refused, kept before believed, in any order and number."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from clinic.core.db import db, transaction
from clinic.messaging import registry
from clinic.messaging.models import EngineCount, InboundMessage, Receipt
from clinic.messaging.registry import InboundText
from clinic.messaging.services import inbound, receipts, repair
from clinic.messaging.services.claims import claim
from clinic.messaging.services.intent import begin
from clinic.messaging.services.sending import send_due
from clinic.patients import queries as patients
from clinic.patients.queries import NoPermission
from clinic.patients.rules import Channel
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock
from tests.messaging.conftest import NOON, Agreed, Owe, Subjects, state
from tests.messaging.provider import SENDER, Provider, sign

PUBLIC = "http://127.0.0.1:8000"
NUMBER = "+12025550143"


def post(client: FlaskClient, path: str, form: dict[str, str], **headers: str) -> TestResponse:
    """A signed call of the provider."""
    return client.post(path, data=form, headers={**sign(PUBLIC + path, form), **headers})


def told(client: FlaskClient, message_id: UUID, status: str, sid: str = "SM1", **more: str) -> TestResponse:
    """A status callback."""
    form = {"MessageSid": sid, "MessageStatus": status, "To": NUMBER, **more}
    return post(client, f"/messaging/status/{message_id}", form)


def texted(client: FlaskClient, words: str, number: str = NUMBER, sid: str | None = None) -> TestResponse:
    """An inbound text."""
    form = {"MessageSid": sid or f"SM{uuid4().hex}", "From": number, "To": SENDER, "Body": words}
    return post(client, "/messaging/inbound", form)


def rows(model: type[Receipt] | type[InboundMessage]) -> list[object]:
    """All rows of a table, as they are now."""
    db.session.rollback()
    return list(db.session.scalars(select(model).execution_options(populate_existing=True)))


def work() -> list[tuple[str, str, str]]:
    """Kind, level and reason of all work."""
    db.session.rollback()
    found = db.session.scalars(
        select(WorkItem).order_by(WorkItem.id).execution_options(populate_existing=True)
    )
    return [(item.kind, item.level.value, item.reason) for item in found]


def may_be_texted(patient_id: UUID) -> bool:
    """Whether a consent holds."""
    db.session.rollback()
    return not isinstance(patients.permission(patient_id, Channel.SMS), NoPermission)


@pytest.mark.parametrize("code", ["9" * 40, "9" * 12, "٣", "30008; DROP"])
def test_a_code_that_is_none_is_no_code(client: FlaskClient, code: str) -> None:
    assert told(client, uuid4(), "undelivered", ErrorCode=code).status_code == 200
    [receipt] = rows(Receipt)
    assert isinstance(receipt, Receipt)
    assert receipt.error is None


@pytest.mark.parametrize("header", [{}, {"X-Twilio-Signature": "wrong"}])
def test_unsigned_is_refused_and_only_counted(client: FlaskClient, header: dict[str, str]) -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"}
    assert client.post("/messaging/inbound", data=form, headers=header).status_code == 403
    assert client.post(f"/messaging/status/{uuid4()}", data=form, headers=header).status_code == 403
    assert rows(InboundMessage) == rows(Receipt) == []
    assert db.session.scalars(select(EngineCount.count)).all() == [2]


def test_a_flood_of_unsigned_calls_is_refused_and_the_provider_never(client: FlaskClient, site: UUID) -> None:
    answers = [client.post("/messaging/inbound", data={"Body": "x"}).status_code for _ in range(62)]
    assert answers == [403] * 60 + [429] * 2
    db.session.rollback()
    assert db.session.scalars(select(EngineCount.count)).one() == 60
    assert texted(client, "hello").status_code == 200


def test_signature_is_over_the_query_too(client: FlaskClient) -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "hello"}
    signed = sign(f"{PUBLIC}/messaging/inbound?a=1", form)
    assert client.post("/messaging/inbound?a=1", data=form, headers=signed).status_code == 200
    assert client.post("/messaging/inbound?a=2", data=form, headers=signed).status_code == 403


def test_answer_is_empty_twiml(client: FlaskClient, site: UUID) -> None:
    answer = texted(client, "hello")
    assert answer.mimetype == "text/xml"
    assert answer.text.endswith("<Response></Response>")


def test_too_large_a_body_is_refused(client: FlaskClient) -> None:
    assert texted(client, "a" * 70_000).status_code == 413
    assert rows(InboundMessage) == []


def test_receipt_delivers(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, subjects: Subjects
) -> None:
    message_id = owe(agreed())
    send_due(seconds=5)
    sid = provider.taken()[0].sid
    for status in ("queued", "sent", "delivered", "delivered", "undelivered"):
        assert told(client, message_id, status, sid).status_code == 200
    assert state(message_id) == ("delivered", None)
    assert [each[1] for each in subjects.told] == ["delivered"]
    assert len(rows(Receipt)) == 4


def test_receipts_out_of_order(agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient) -> None:
    message_id = owe(agreed())
    send_due(seconds=5)
    sid = provider.taken()[0].sid
    for status in ("undelivered", "delivered", "sent", "queued"):
        told(client, message_id, status, sid)
    assert state(message_id) == ("delivered", None)


def test_receipt_before_our_own_commit(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, clock: MovedClock
) -> None:
    message_id = owe(agreed())
    provider.fail(lose_answers=1)
    send_due(seconds=5)
    assert state(message_id)[0] == "unknown"
    told(client, message_id, "delivered", provider.taken()[0].sid)
    assert state(message_id) == ("delivered", None)
    clock.advance(hours=1)
    assert repair.look_up() == 0


def test_receipt_of_an_attempt_thought_not_sent_keeps_the_second_text_back(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, clock: MovedClock
) -> None:
    message_id = owe(agreed())
    provider.fail(too_many=1)  # the provider says no, and yet a receipt comes
    send_due(seconds=5)
    provider.fail()
    told(client, message_id, "delivered", "SM77")
    assert state(message_id)[0] == "scheduled"
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert provider.taken() == []
    receipts.apply_waiting(at=clock.now())
    assert state(message_id) == ("delivered", None)


def test_receipt_that_fits_nothing_is_kept(client: FlaskClient, app: Flask) -> None:
    assert told(client, uuid4(), "delivered").status_code == 200
    [receipt] = rows(Receipt)
    assert isinstance(receipt, Receipt)
    assert receipt.not_applied == "no_such_message"


def test_bad_number_flags_the_contact_point(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, subjects: Subjects
) -> None:
    message_id = owe(agreed())
    send_due(seconds=5)
    told(client, message_id, "undelivered", provider.taken()[0].sid, ErrorCode="30006")
    assert state(message_id) == ("failed", "undelivered_30006")
    assert [(kind, level) for kind, level, _ in work()] == [("messaging.contact_point", "moderate")]


def test_stop_is_for_everybody_who_shares_the_number(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, subjects: Subjects
) -> None:
    first, second, third = agreed(), agreed(given_name="Ana"), agreed("+12025550144", given_name="Li")
    messages = [owe(each) for each in (first, second, third)]
    assert texted(client, " Stop. ").status_code == 200
    assert [may_be_texted(each) for each in (first, second, third)] == [False, False, True]
    send_due(seconds=5)
    assert [state(each)[0] for each in messages] == ["cancelled", "cancelled", "accepted"]
    assert len(provider.taken()) == 1
    assert [kind for kind, *_ in work()] == ["messaging.opt_out"] * 2


def test_stop_between_claim_and_send(
    agreed: Agreed, owe: Owe, provider: Provider, client: FlaskClient, subjects: Subjects
) -> None:
    message_id = owe(agreed())
    claims = claim(1)
    assert claims
    texted(client, "STOP")
    assert begin(claims) == []
    assert provider.taken() == []
    assert state(message_id) == ("cancelled", "opted_out")


def test_same_text_twice_is_one(agreed: Agreed, client: FlaskClient) -> None:
    agreed()
    for _ in range(2):
        assert texted(client, "are you there", sid="SM5").status_code == 200
    assert len(rows(InboundMessage)) == len(work()) == 1


def test_other_words_for_stop_pause_and_go_to_a_person(agreed: Agreed, client: FlaskClient) -> None:
    patient_id = agreed()
    texted(client, "wrong number, leave me alone")
    assert not may_be_texted(patient_id)
    [(kind, level, reason)] = work()
    assert (kind, level) == ("messaging.inbound", "moderate")
    assert "leave me alone" in reason


@pytest.mark.parametrize(
    ("words", "kind", "level"),
    [
        ("thanks a lot", "messaging.inbound", "low"),
        ("START", "messaging.inbound", "low"),
        ("15", "messaging.inbound", "low"),
        ("2", "messaging.risk", "high"),
        ("I used again", "messaging.risk", "high"),
        ("I want to die", "messaging.risk", "acute"),
    ],
)
def test_text_nobody_claims_goes_to_a_person(
    agreed: Agreed, client: FlaskClient, words: str, kind: str, level: str
) -> None:
    agreed()
    texted(client, words)
    [(found_kind, found_level, _)] = work()
    assert (found_kind, found_level) == (kind, level)


def test_start_renews_nothing(agreed: Agreed, client: FlaskClient) -> None:
    patient_id = agreed()
    texted(client, "STOP")
    texted(client, "START")
    assert not may_be_texted(patient_id)


def test_number_of_nobody_or_of_several_is_never_guessed(agreed: Agreed, client: FlaskClient) -> None:
    agreed()
    agreed(given_name="Ana")
    texted(client, "hello")
    texted(client, "hello", "+12025550199")
    db.session.rollback()
    items = db.session.scalars(select(WorkItem)).all()
    assert [item.patient_id for item in items] == [None, None]
    assert {item.kind for item in items} == {"messaging.unknown_number"}
    assert "2 people share it" in work()[0][2]


@pytest.fixture
def handler(app: Flask) -> Callable[[Callable[[InboundText], bool]], None]:
    """Puts a room's handler first."""

    def put(take: Callable[[InboundText], bool]) -> None:
        registry.inbound_handlers.insert(0, take)

    return put


def test_handler_that_claims_keeps_the_text_from_others(
    agreed: Agreed, client: FlaskClient, handler: Callable[[Callable[[InboundText], bool]], None]
) -> None:
    patient_id, seen = agreed(), []

    def take(given: InboundText) -> bool:
        seen.append((given.digits, given.patient_ids))
        return given.digits is not None

    handler(take)
    texted(client, "7")
    assert seen == [(7, (patient_id,))]
    assert work() == []


def test_handler_that_fails_loses_nothing(
    agreed: Agreed, client: FlaskClient, handler: Callable[[Callable[[InboundText], bool]], None]
) -> None:
    agreed()

    def take(given: InboundText) -> bool:
        raise RuntimeError("of a room above")

    handler(take)
    assert texted(client, "hello").status_code == 200
    for _ in range(3):
        assert work() == []
        inbound.apply_waiting(at=NOON)
    assert [kind for kind, *_ in work()] == ["messaging.inbound"]


def test_database_that_is_away_asks_the_provider_to_try_again(client: FlaskClient, app: Flask) -> None:
    with transaction() as session:
        session.execute(text("ALTER TABLE inbound_message RENAME TO away"))
    try:
        answer = texted(client, "hello")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    finally:
        with transaction() as session:
            session.execute(text("ALTER TABLE away RENAME TO inbound_message"))
