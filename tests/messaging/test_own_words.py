"""The clinic's own words: one message, nothing that tells who writes, and what was sent stays as it was."""

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
from clinic.messaging.rules.own_words import longest, problem
from clinic.messaging.rules.templates import LANGUAGES, SEGMENT, WORDS
from clinic.messaging.services import own_words as services
from clinic.messaging.services.sending import send_due
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit
from tests.messaging.conftest import Agreed, Owe
from tests.messaging.provider import Provider

HOST = "http://localhost"
HELP = "/administration/templates/help/en"
OWN = "Call us at {phone}, we are glad to talk. Texts wait; emergency {emergency}. STOP to end."


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    """An administrator's browser."""
    return sign_in("administrator", name="Ada Moss")


@pytest.mark.parametrize("template", WORDS.templates)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_words_are_allowed(template: str, language: str) -> None:
    text = WORDS.templates[template].texts[language]
    assert problem(WORDS, template, language, text, HOST) is None


WRONG = {
    "a fill-in of another text": (OWN + " {day}", "Take out {day}"),
    "a fill-in left out": (OWN.replace("{phone}", "us"), "Keep {phone} in the text"),
    "no way to end it": (OWN.replace("STOP", "Stop"), "Keep the word STOP"),
    "a word that tells": (OWN.replace("talk", "help you recover"), "Take out “recover”"),
    "more than one message": (OWN + "x" * 80, "Shorten the text: one message holds 160 characters"),
    "a lone brace": (OWN + " {", "Enter fill-ins in braces"),
    "code in braces": (OWN.replace("{phone}", "{phone.__class__}"), "Enter fill-ins in braces"),
    "a width that hides the length": (OWN.replace("{phone}", "{phone:>99}"), "Enter fill-ins in braces"),
}


@pytest.mark.parametrize(("text", "why"), WRONG.values(), ids=WRONG)
def test_what_no_clinic_may_say(text: str, why: str) -> None:
    assert why in (problem(WORDS, "help", "en", text, HOST) or "")


@given(st.text(max_size=120))
def test_whatever_is_allowed_fits_one_message_with_its_greeting(words: str) -> None:
    text = "How is it? {link} {emergency} STOP " + words
    if problem(WORDS, "check_in_invite", "en", text, HOST) is None:
        sent = WORDS.render("check_in_invite", "en", longest(WORDS, "check_in_invite", HOST), text)
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
    assert queries.words_in_force() == {("help", "en"): OWN}
    assert [one.version for one in queries.words_history("help", "en")] == [3, 2, 1]


def test_refused_words_stay_in_their_field(browser: FlaskClient) -> None:
    answer = submit(browser, HELP, text=OWN + " Recovery", reason="Try")
    assert answer.status_code == 422
    assert "Take out “recover”" in answer.text
    assert f"{OWN} Recovery" in answer.text
    assert browser.get("/administration/templates/help/fr").status_code == 404


def test_of_two_who_write_the_second_sees_both(browser: FlaskClient, sign_in: SignIn) -> None:
    other = sign_in("administrator", name="Ben Ode")
    old = hidden_fields(browser.get(HELP).text, HELP)
    submit(other, HELP, text=OWN, reason="Theirs")
    answer = browser.post(HELP, data={**old, "text": OWN.replace("glad", "happy"), "reason": "Mine"})
    assert answer.status_code == 409
    for words in ("Ben Ode changed these words", "happy to talk", "glad to talk"):
        assert words in answer.text
    assert queries.words_in_force() == {("help", "en"): OWN}


INVITE = "How is it today, 0 bad to 10 good? Reply or {link} Emergency {emergency}. STOP to end."


def test_what_goes_out_keeps_the_words_it_was_sent_with(agreed: Agreed, owe: Owe, provider: Provider) -> None:
    shipped = owe(agreed())
    assert send_due(seconds=5) == 1
    services.decide_words("check_in_invite", "en", INVITE, read=0, reason="Plainer", at=clock.now())
    own = owe(agreed(number="+12025550144", given_name="Ada"))
    assert send_due(seconds=5) == 1
    services.decide_words("check_in_invite", "en", None, read=1, reason="Back", at=clock.now())
    before, text = provider.taken()
    assert before.body.startswith("Hi Owen. How are you")
    assert text.body.startswith("Hi Ada. How is it today")
    kept = {row.id: row.own_words_id for row in db.session.scalars(select(Message))}
    assert kept[shipped] is None
    assert queries.words_text(kept[own]) == INVITE
    assert queries.words_id("check_in_invite", "en") is None
