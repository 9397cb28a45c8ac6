"""E-mail beside texts, over a real SMTP dialogue: the same states, one copy, and one click to stop."""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db, transaction
from clinic.core.settings import current
from clinic.messaging import services as messaging
from clinic.messaging.models import OwnWords
from clinic.messaging.rules.outcomes import Answer, Judgement, Outcome, Stage, Trouble, judge
from clinic.messaging.rules.own_words import Which, Wording
from clinic.messaging.services.own_words import decide_words
from clinic.messaging.services.repair import look_up
from clinic.messaging.services.sending import send_due
from clinic.patients import queries as patients_queries
from clinic.patients import services as patients
from clinic.patients.queries import NoPermission
from clinic.patients.rules import (
    EMAIL_CONSENT_WORDS,
    Channel,
    ConsentGiven,
    MessageKind,
    PointKind,
    Source,
    WhyNot,
)
from clinic.worklist.models import WorkItem
from simulator import mailbox
from tests.conftest import MovedClock
from tests.forms import submit
from tests.messaging.conftest import Agreed, Owe, acting_as_coordinator, attempts, state
from tests.messaging.provider import Provider

ADDRESS = "owen@example.org"


@pytest.fixture
def smtp_port(provider: Provider) -> Iterator[int]:
    """The simulator's mail server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    server = mailbox.start(provider.world, port)
    yield port
    server.stop()


@pytest.fixture
def env(env: Mapping[str, str], smtp_port: int) -> Mapping[str, str]:
    """The environment of texts, and a mail server."""
    return {**env, "CLINIC_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}"}


@dataclass
class Mailed:
    """Registers people who prefer e-mail, and reads what the mail server took."""

    coordinator: UUID
    site: UUID
    provider: Provider

    def agree(self, patient_id: UUID, at: MovedClock, address: str = ADDRESS) -> UUID:
        """The patient was warned and prefers e-mail to this address."""
        with acting_as_coordinator(self.coordinator, self.site):
            point_id = patients.add_contact_point(
                patient_id, PointKind.EMAIL, address, may_voicemail=False, at=at.now()
            )
            given = ConsentGiven(
                contact_point_id=point_id,
                kinds=frozenset({MessageKind.CHECK_INS}),
                safe_from=time(9),
                safe_until=time(20),
                may_use_first_name=True,
                source=Source.IN_PERSON,
                words=EMAIL_CONSENT_WORDS,
                channel=Channel.EMAIL,
            )
            patients.record_consent(patient_id, given, at=at.now())
        return patient_id

    def taken(self) -> list[EmailMessage]:
        """Every mail, oldest first."""
        mails = self.provider.world.store.mails()
        return [message_from_bytes(mail[1], _class=EmailMessage, policy=default) for mail in reversed(mails)]


@pytest.fixture
def mailed(staff: Callable[..., UUID], site: UUID, provider: Provider) -> Mailed:
    """People with e-mail."""
    return Mailed(staff("coordinator"), site, provider)


@pytest.fixture
def owen(agreed: Agreed, mailed: Mailed, clock: MovedClock) -> UUID:
    """Agreed to texts, and later to e-mail."""
    return mailed.agree(agreed(), clock)


def _permission(patient_id: UUID, channel: Channel = Channel.EMAIL) -> object:
    db.session.rollback()
    found = patients_queries.permission(patient_id, channel)
    return found.why if isinstance(found, NoPermission) else "allowed"


def _work() -> dict[str, str]:
    db.session.rollback()
    return {item.kind: item.reason for item in db.session.scalars(select(WorkItem))}


def _by_email(owe: Owe, patient_id: UUID, **more: object) -> UUID:
    return owe(patient_id, channel=messaging.channel_of(patient_id, MessageKind.CHECK_INS), **more)


def test_a_mail_has_two_parts_a_link_a_stable_id_and_one_click_to_stop(
    owen: UUID, owe: Owe, mailed: Mailed, provider: Provider
) -> None:
    message_id = _by_email(owe, owen)
    send_due(seconds=5)
    [mail] = mailed.taken()
    assert (mail["Subject"], mail["To"], mail["From"]) == ("Check-in", ADDRESS, current().mail_from)
    assert mail["Message-ID"] == f"<{message_id}@example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{current().public_url}/m/{message_id}/")
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    for told in (text.get_content(), html.get_content()):
        assert "Hello Owen," in told
        assert f"{current().public_url}/c/" in told
    assert state(message_id) == ("accepted", None)
    assert provider.taken() == []  # never by both


def test_a_letter_in_the_clinics_own_words_keeps_them(
    owen: UUID, owe: Owe, mailed: Mailed, provider: Provider, clock: MovedClock
) -> None:
    which = Which(Channel.EMAIL, "check_in_invite", "en")
    said = Wording("A few questions.\n\nOne minute.", "Hello there", "Here they are")
    decide_words(which, said, read=0, reason="Plainer", at=clock.now())
    message_id = _by_email(owe, owen)
    provider.fail(mail_defer=1)
    send_due(seconds=5)
    decide_words(which, None, read=1, reason="Back", at=clock.now())
    provider.fail()
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert state(message_id) == ("accepted", None)
    [mail] = mailed.taken()
    text = mail.get_body(("plain",))
    assert text is not None
    assert mail["Subject"] == "Hello there"
    words = text.get_content().splitlines()
    assert words[:7:2] == ["Hello Owen,", "A few questions.", "One minute.", "Here they are:"]
    assert any(line.startswith("Answers are not read at once. In an emergency call") for line in words)


def test_a_mail_that_cannot_be_written_spoils_nothing_for_those_beside_it(
    owen: UUID, agreed: Agreed, owe: Owe, mailed: Mailed, clock: MovedClock
) -> None:
    broken = {"channel": Channel.EMAIL, "template": "check_in_invite", "language": "en", "version": 1}
    with transaction() as session:  # past the form, which takes no such subject
        session.add(OwnWords(**broken, subject="Hello\u2028there", text="Hello.", changed_at=clock.now()))
    mail, text = _by_email(owe, owen), owe(agreed("+12025550144"))
    assert send_due(seconds=5) == 2
    assert state(text) == ("accepted", None)
    assert state(mail) == ("unknown", None)
    assert mailed.taken() == []


def test_a_lost_answer_is_never_sent_again_and_ends_as_unknown(
    owen: UUID, owe: Owe, mailed: Mailed, provider: Provider, clock: MovedClock
) -> None:
    message_id = _by_email(owe, owen)
    provider.fail(mail_lose_answers=1)
    send_due(seconds=5)
    provider.fail()
    assert state(message_id) == ("unknown", None)
    clock.advance(hours=1)
    look_up()
    send_due(seconds=5)
    assert state(message_id) == ("unknown", None)  # nobody can be asked
    clock.advance(hours=4)
    look_up()
    send_due(seconds=5)
    assert state(message_id) == ("failed", "unknown")
    assert len(mailed.taken()) == 1
    assert provider.taken() == []  # in doubt no other channel begins


def test_refused_for_now_is_tried_again_as_the_same_mail(
    owen: UUID, owe: Owe, mailed: Mailed, provider: Provider, clock: MovedClock
) -> None:
    message_id = _by_email(owe, owen)
    provider.fail(mail_defer=1)
    send_due(seconds=5)
    assert state(message_id) == ("scheduled", None)
    provider.fail()
    clock.advance(minutes=1)
    send_due(seconds=5)
    assert [attempt.outcome for attempt in attempts(message_id)] == ["not_sent", "accepted"]
    assert [mail["Message-ID"] for mail in mailed.taken()] == [f"<{message_id}@example.org>"]


def test_no_such_mailbox_stops_the_address_makes_work_and_goes_by_text(
    owen: UUID, owe: Owe, provider: Provider
) -> None:
    message_id = _by_email(owe, owen)
    provider.fail(mail_refuse=1)
    send_due(seconds=5)
    assert state(message_id) == ("failed", "bad_address")
    assert _permission(owen) is WhyNot.WRONG_CONTACT
    assert "no mailbox" in _work()["messaging.contact_point"]
    send_due(seconds=5)
    [text] = provider.taken()
    assert "/c/" in text.body


def test_a_text_that_definitely_failed_goes_by_mail_once(
    owen: UUID, owe: Owe, mailed: Mailed, provider: Provider
) -> None:
    message_id = owe(owen)
    provider.world.store.block("+12025550143")  # the provider refuses: opted out
    send_due(seconds=5)
    assert state(message_id) == ("failed", "opted_out")
    send_due(seconds=5)
    send_due(seconds=5)
    assert len(mailed.taken()) == 1
    assert provider.taken() == []


def test_one_click_stops_the_address_for_all_and_asks_to_call(
    owen: UUID, agreed: Agreed, mailed: Mailed, owe: Owe, clock: MovedClock, client: FlaskClient
) -> None:
    sister = mailed.agree(agreed("+12025550144", given_name="Ana"), clock)
    _by_email(owe, owen)
    send_due(seconds=5)
    [mail] = mailed.taken()
    link = mail["List-Unsubscribe"].strip("<>").removeprefix(current().public_url)
    later = _by_email(owe, sister)
    page = client.get(link)  # a mail scanner looks
    assert "Stop all email?" in page.text
    assert _permission(owen) == "allowed"
    assert client.post(link[:-1] + "x").status_code == 404
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 303
    assert _permission(owen) is _permission(sister) is WhyNot.OPTED_OUT
    assert _permission(owen, Channel.SMS) == "allowed"
    assert "Call, and agree" in _work()["messaging.opt_out"]
    assert state(later) == ("cancelled", "opted_out")
    assert "Mail is stopped" in client.get(link + "?done=1").text


def test_a_refused_account_is_work_for_the_administrator_once(
    owen: UUID, owe: Owe, provider: Provider, clock: MovedClock, sign_in: Callable[..., FlaskClient]
) -> None:
    _by_email(owe, owen)
    provider.fail(mail_deny=1)
    for _ in range(3):
        send_due(seconds=5)
        clock.advance(minutes=11)
    kinds = db.session.scalars(select(WorkItem.kind)).all()
    assert kinds == ["messaging.account"]
    administrator = sign_in("administrator")
    item_id = db.session.scalars(select(WorkItem.id)).one()
    assert "Message provider refuses us" in administrator.get("/").text
    answer = submit(administrator, f"/work/{item_id}", outcome="done", close="y")
    assert answer.status_code == 303


REPLIES = {
    "taken": (Stage.DATA, 250, None, Judgement(Outcome.ACCEPTED, "accepted")),
    "greylisted": (Stage.RECIPIENT, 451, 7, Judgement(Outcome.NOT_SENT, "deferred")),
    "full": (Stage.RECIPIENT, 552, 2, Judgement(Outcome.NOT_SENT, "deferred")),
    "no mailbox": (
        Stage.RECIPIENT, 550, 1,
        Judgement(Outcome.REJECTED, "bad_address", trouble=Trouble.BAD_ADDRESS),
    ),
    "policy": (Stage.RECIPIENT, 550, 7, Judgement(Outcome.REJECTED, "rejected")),
    "text refused": (Stage.DATA, 554, 7, Judgement(Outcome.REJECTED, "rejected")),
    "after the text for now": (Stage.DATA, 451, None, Judgement(Outcome.NOT_SENT, "deferred")),
}  # fmt: skip


@pytest.mark.parametrize(("stage", "code", "subject", "wanted"), REPLIES.values(), ids=REPLIES)
def test_what_a_mail_server_says(stage: Stage, code: int, subject: int | None, wanted: Judgement) -> None:
    assert judge(Answer(status=code, stage=stage, error=subject)) == wanted
