"""The clinic's own words: one message, nothing that tells who writes, and what was sent stays as it was."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clinic.core import clock
from clinic.core.db import db
from clinic.messaging import queries
from clinic.messaging.models import Message
from clinic.messaging.rules import gsm7
from clinic.messaging.rules.own_words import (
    TEMPLATES,
    Which,
    Wording,
    longest_letter,
    longest_text,
    problem,
    shipped,
)
from clinic.messaging.rules.templates import LANGUAGES, SEGMENT, WORDS
from clinic.messaging.services import own_words as services
from clinic.messaging.services.sending import send_due
from clinic.patients.rules import Channel
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit
from tests.messaging.conftest import Agreed, Owe
from tests.messaging.provider import Provider

HOST = "http://localhost"
TEXT, LETTER = Which(Channel.SMS, "help", "en"), Which(Channel.EMAIL, "session_reminder", "en")
HELP = "/administration/templates/sms/help/en"
OWN = "Call us at {phone}, we are glad to talk. Texts wait; emergency {emergency}. STOP to end."


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    """An administrator's browser."""
    return sign_in("administrator", name="Ada Moss")


SHIPPED = [
    Which(channel, name, lang) for channel in TEMPLATES for name in TEMPLATES[channel] for lang in LANGUAGES
]


@pytest.mark.parametrize("which", SHIPPED, ids="-".join)
def test_the_shipped_words_are_allowed(which: Which) -> None:
    assert problem(which, shipped(which), HOST) is None


WRONG = {
    "a fill-in of another text": (OWN + " {day}", "Take out {day}"),
    "a fill-in left out": (OWN.replace("{phone}", "us"), "Keep {phone} in the text"),
    "no way to end it": (OWN.replace("STOP", "Stop"), "Keep the word STOP"),
    "a word that tells": (OWN.replace("talk", "help you recover"), "Take out “recover”"),
    "more than one message": (OWN + "x" * 80, "Shorten the text: one message holds 160 characters"),
    "a lone brace": (OWN + " {", "Enter fill-ins in braces"),
    "code in braces": (OWN.replace("{phone}", "{phone.__class__}"), "Enter fill-ins in braces"),
    "a link of its own": (OWN.replace("glad", "http://x.y"), "Take out the address"),
    "a width that hides the length": (OWN.replace("{phone}", "{phone:>99}"), "Enter fill-ins in braces"),
}


@pytest.mark.parametrize(("text", "why"), WRONG.values(), ids=WRONG)
def test_what_no_clinic_may_say(text: str, why: str) -> None:
    part, told = problem(TEXT, Wording(text), HOST) or ("", "")
    assert part == "text"
    assert why in told


@given(st.text(max_size=120))
def test_whatever_is_allowed_fits_one_message_with_its_greeting(words: str) -> None:
    text = "How is it? {link} {emergency} STOP " + words
    which = Which(Channel.SMS, "check_in_invite", "en")
    if problem(which, Wording(text), HOST) is None:
        sent = longest_text(which, text, HOST)
        assert gsm7.septets(sent) <= SEGMENT
        assert WORDS.longest["name"] in sent
        assert WORDS.found_in(sent) == []


def test_own_words_are_previewed_saved_and_taken_back(browser: FlaskClient) -> None:
    preview = submit(browser, HELP, text=OWN, preview="yes")
    assert preview.status_code == 200
    assert "Call us at (202) 555-0100, we are glad to talk." in preview.text
    assert "of 160" in preview.text
    assert queries.words_in_force() == {}
    assert submit(browser, HELP, text=OWN, reason="Warmer").location == HELP
    page = browser.get(HELP).text
    for words in ("Warmer", "Ada Moss", "we are glad to talk", "Undo"):
        assert words in page
    assert "Own words" in browser.get("/administration/templates").text
    assert submit(browser, HELP, to=f"{HELP}/undo", version=0).location == HELP
    assert queries.words_in_force() == {}
    assert submit(browser, HELP, to=f"{HELP}/undo", version=1).location == HELP
    assert queries.words_in_force() == {TEXT: Wording(OWN)}
    assert [one.version for one in queries.words_history(TEXT)] == [3, 2, 1]


def test_refused_words_stay_in_their_field(browser: FlaskClient) -> None:
    answer = submit(browser, HELP, text=OWN + " Recovery", reason="Try")
    assert answer.status_code == 422
    assert "Take out “recover”" in answer.text
    assert f"{OWN} Recovery" in answer.text
    assert browser.get("/administration/templates/sms/help/fr").status_code == 404


def test_of_two_who_write_the_second_sees_both_and_chooses(browser: FlaskClient, sign_in: SignIn) -> None:
    other = sign_in("administrator", name="Ben Ode")
    old = hidden_fields(browser.get(HELP).text, HELP)
    submit(other, HELP, text=OWN, reason="Theirs")
    mine = {"text": OWN.replace("glad", "happy"), "reason": "Mine"}
    answer = browser.post(HELP, data={**old, **mine})
    assert answer.status_code == 409
    for words in ("Ben Ode saved this", "happy to talk", "glad to talk", "keep-text"):
        assert words in answer.text
    assert "keep-reason" not in answer.text
    assert queries.words_in_force() == {TEXT: Wording(OWN)}
    again = {**hidden_fields(answer.text, HELP), **mine, "keep-text": "mine"}
    assert browser.post(HELP, data=again).status_code == 303
    assert "happy to talk" in queries.words_in_force()[TEXT].text


INVITE = "How is it today, 0 bad to 10 good? Reply or {link} Emergency {emergency}. STOP to end."


def test_what_goes_out_keeps_the_words_it_was_sent_with(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    shipped = owe(agreed())
    assert send_due(seconds=5) == 1
    which = Which(Channel.SMS, "check_in_invite", "en")
    services.decide_words(which, Wording(INVITE), read=0, reason="Plainer", at=clock.now())
    own = owe(agreed(number="+12025550144", given_name="Ada"))
    assert send_due(seconds=5) == 1
    services.decide_words(which, None, read=1, reason="Back", at=clock.now())
    before, text = provider.taken()
    assert before.body.startswith("Hi Owen. How are you")
    assert text.body.startswith("Hi Ada. How is it today")
    kept = {row.id: row.own_words_id for row in db.session.scalars(select(Message))}
    assert kept[shipped] is None
    assert queries.wording(kept[own]) == Wording(INVITE)
    assert which not in queries.words_ids()


REMINDER = "/administration/templates/email/session_reminder/en"
SAID = Wording("We look forward to {day} at {time}.\n\nAnother day? Call {phone}.", "See you {day}")
WRONG_LETTER = {
    "a subject that tells": (SAID._replace(subject="Therapy on {day}"), "subject", "Take out “therap”"),
    "no subject": (SAID._replace(subject=" "), "subject", "Enter subject"),
    "a subject over two lines": (SAID._replace(subject="See\nBcc: x"), "subject", "on one line"),
    "a subject with a line end": (SAID._replace(subject="See you\n"), "subject", "on one line"),
    "a long subject": (SAID._replace(subject="See you " * 9), "subject", "Shorten subject to 60"),
    "a phone in the subject": (SAID._replace(subject="Call {phone}"), "subject", "Take out {phone}"),
    "a fill-in left out": (SAID._replace(text="See you {day}, {time}."), "text", "Keep {phone}"),
    "a long letter": (SAID._replace(text=SAID.text + " again" * 99), "text", "Shorten text to 600"),
}


@pytest.mark.parametrize(("said", "part", "why"), WRONG_LETTER.values(), ids=WRONG_LETTER)
def test_what_no_letter_may_say(said: Wording, part: str, why: str) -> None:
    found, told = problem(LETTER, said, HOST) or ("", "")
    assert (found, why in told) == (part, True)


@given(st.text(max_size=80), st.text(max_size=300))
def test_whatever_letter_is_allowed_keeps_its_shape(subject: str, more: str) -> None:
    said = SAID._replace(subject=subject, text=SAID.text + more)
    if problem(LETTER, said, HOST) is None:
        mail = longest_letter(LETTER, said, HOST)
        assert "\n" not in mail.subject
        assert WORDS.found_in(mail.subject + mail.text) == []
        assert f"{HOST}/m/" in mail.html
        assert re.findall(r"<(\w+)", mail.html).count("a") == 1


def test_a_letter_is_previewed_as_text_and_page_saved_and_taken_back(browser: FlaskClient) -> None:
    told = {"text": SAID.text, "subject": SAID.subject, "reason": "Warmer"}
    preview = submit(browser, REMINDER, **told, preview="yes").text
    for shown in (
        "See you Wed Nov 30",
        "srcdoc=",
        "&lt;p&gt;We look forward",
        "Another day? Call (202)",
        "P5.2",
    ):
        assert shown in preview
    assert queries.words_in_force() == {}
    assert submit(browser, REMINDER, **told).location == REMINDER
    assert queries.words_in_force() == {LETTER: SAID}
    page = browser.get(REMINDER).text
    for shown in ("Ada Moss", "Warmer", "See you {day}", "A reminder of your appointment", "Undo"):
        assert shown in page
    submit(browser, REMINDER, to=f"{REMINDER}/undo", version=0)
    assert queries.words_in_force() == {}
    submit(browser, REMINDER, to=f"{REMINDER}/undo", version=1)
    assert queries.words_in_force() == {LETTER: SAID}
    refused = submit(browser, REMINDER, **{**told, "subject": "Your treatment"})
    assert refused.status_code == 422
    assert "Take out “treatment”" in refused.text
