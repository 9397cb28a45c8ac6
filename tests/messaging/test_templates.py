"""Every text fits one segment and names nothing, in every language (P4.1, P5.1)."""

import re
from datetime import datetime
from pathlib import Path

import pytest

import clinic.messaging
from clinic.messaging.rules import gsm7
from clinic.messaging.rules.mails import MAILS, Letter
from clinic.messaging.rules.mails import load as load_mails
from clinic.messaging.rules.templates import LANGUAGES, WORDS, WrongTemplate, load

DATA = Path(clinic.messaging.__file__).parent / "data"
HOST = "http://127.0.0.1:65535"
TOKEN = "x" * 22
CASES = [(template, language) for template in WORDS.templates for language in LANGUAGES]


def longest(template: str) -> dict[str, str]:
    path = WORDS.templates[template].link or ""
    return {**WORDS.longest, "link": HOST + path + (TOKEN if path.endswith("/") else "")}


@pytest.mark.parametrize(("template", "language"), CASES)
def test_longest_text_is_one_segment_with_the_name(template: str, language: str) -> None:
    text = WORDS.render(template, language, longest(template))
    assert gsm7.segments(text) == 1
    assert gsm7.septets(text) <= 160
    assert (WORDS.longest["name"] in text) == WORDS.templates[template].greets


@pytest.mark.parametrize(("template", "language"), CASES)
def test_text_names_nothing(template: str, language: str) -> None:
    assert WORDS.found_in(WORDS.render(template, language, longest(template))) == []


@pytest.mark.parametrize("template", [name for name, each in WORDS.templates.items() if each.greets])
@pytest.mark.parametrize(("language", "word"), [("en", "emergency"), ("es", "emergencia")])
def test_text_that_invites_a_reply_says_who_to_call(template: str, language: str, word: str) -> None:
    text = WORDS.render(template, language, longest(template))
    assert word in text
    assert "STOP" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", MAILS.templates)
def test_mail_names_nothing_and_fetches_nothing(template: str, language: str) -> None:
    words = {**WORDS.longest, "name": "<Sam>", "link": f"{HOST}/c/{TOKEN}"}
    mail = MAILS.render(template, language, words, stop_link=f"{HOST}/m/{TOKEN}")
    assert WORDS.found_in(mail.subject + mail.text) == []
    for told in (mail.text, mail.html):
        assert f"{HOST}/m/{TOKEN}" in told
        assert WORDS.longest["emergency"] in told
    assert "&lt;Sam&gt;" in mail.html
    assert re.findall(r"<(\w+)", mail.html) == [
        "html", "head", "meta", "title", "body", *re.findall(r"<(p|a)\b", mail.html)
    ]  # fmt: skip
    assert "src" not in mail.html


def test_own_letter_older_than_the_link_of_its_mail_leads_all_the_same() -> None:
    words, own = {**WORDS.longest, "link": f"{HOST}/c/{TOKEN}"}, Letter("Hello", ("How are you?",), None)
    mail = MAILS.render("check_in_invite", "en", words, stop_link=f"{HOST}/m/{TOKEN}", own=own)
    assert f"Open the questions:\n{HOST}/c/{TOKEN}" in mail.text
    assert f'<a href="{HOST}/c/{TOKEN}"' in mail.html


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("A reminder of", "A rehab reminder of", "session_reminder in en holds the word rehab"),
        ("at {time}.", "in {room}.", "session_reminder in en has an unknown fill-in room"),
        ('es = { subject = "Cita', 'de = { subject = "Termin', "session_reminder has no mail in es"),
    ],
)
def test_wrong_mail_stops_the_start(tmp_path: Path, old: str, new: str, message: str) -> None:
    changed = tmp_path / "mails.toml"
    changed.write_text((DATA / "mails.toml").read_text().replace(old, new))
    with pytest.raises(WrongTemplate, match=message):
        load_mails(changed, WORDS)


def test_good_example() -> None:
    words = {"name": "Sam", "day": "Tue Mar 9", "time": "14:00", "emergency": "911"}
    text = WORDS.render("session_reminder", "en", words)
    assert text == (
        "Hi Sam. Reminder: appointment Tue Mar 9, 14:00. Reply 1 to confirm, 2 to change. "
        "Not read at once; emergency 911. STOP to end."
    )


@pytest.mark.parametrize("name", ["", "Maximiliana Theodora Ann", "€" * 11])
def test_name_that_does_not_fit_is_left_out_whole(name: str) -> None:
    text = WORDS.render("check_in_invite", "en", {**longest("check_in_invite"), "name": name})
    assert text.startswith("How are you")


def test_unknown_language_is_english() -> None:
    assert WORDS.render("help", "fr", longest("help")).startswith("To talk")


def test_day_in_words() -> None:
    moment = datetime(2026, 11, 24, 14, 5)
    assert (WORDS.day(moment, "en"), WORDS.day(moment, "es")) == ("Tue Nov 24", "mar 24 nov")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Reminder: appointment", "Reminder: detox", "session_reminder in en holds the word detox"),
        (
            "Reminder: appointment {day}",
            "Reminder: {room}",
            "session_reminder in en has an unknown fill-in room",
        ),
        ('es = "Recordatorio', 'de = "Erinnerung', "session_reminder has no text in es"),
    ],
)
def test_wrong_text_stops_the_start(tmp_path: Path, old: str, new: str, message: str) -> None:
    changed = tmp_path / "templates.toml"
    changed.write_text((DATA / "templates.toml").read_text().replace(old, new))
    with pytest.raises(WrongTemplate, match=message):
        load(changed)
