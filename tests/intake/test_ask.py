"""'Ask for help': crisis help first, the same answer for everybody, nothing typed lost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.core.db import db
from clinic.intake.forms.request import HelpForm
from clinic.intake.models import Referral
from clinic.intake.rules.help_words import HELP_WORDS
from clinic.intake.rules.referral import State
from clinic.intake.rules.sources import Source
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit
from tests.intake.conftest import TUESDAY

ASKED = {"source": "relative", "name": "Ada Whitfield", "phone": "(202) 555-0143"}


def kept() -> list[Referral]:
    """Every referral, as the database has it."""
    db.session.expire_all()
    return list(db.session.scalars(select(Referral).order_by(Referral.received_at)))


def test_crisis_numbers_stand_before_the_form(client: FlaskClient, site: UUID) -> None:
    page = client.get("/help").text
    assert page.index("tel:911") < page.index("tel:988") < page.index("<form")
    assert page.index("naloxone") < page.index("<form")


def test_request_becomes_a_referral_with_source_and_due_time(
    client: FlaskClient, site: UUID, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    answer = submit(
        client, "/help", **ASKED, person_name="Owen Whitfield", texts_safe="yes", words="Please call."
    )
    assert (answer.status_code, answer.location) == (303, "/help/thanks")
    (referral,) = kept()
    assert (referral.source, referral.state, referral.urgent) == (Source.RELATIVE, State.OPEN, False)
    assert referral.phone == "+12025550143"
    assert (referral.texts_safe, referral.voicemail_safe) == (True, False)  # not said to be safe is not safe
    assert referral.due_at == datetime(2026, 11, 25, 22, 0, tzinfo=UTC)  # Wednesday 17:00 in New York


def test_urgent_is_due_within_the_hour(client: FlaskClient, site: UUID, clock: MovedClock) -> None:
    clock.set(TUESDAY)
    submit(client, "/help", **ASKED, urgencies=["pregnant", "nowhere"])
    (referral,) = kept()
    assert referral.due_at - referral.received_at == timedelta(hours=1)
    assert referral.urgencies == ["nowhere", "pregnant"]


def test_answer_is_the_same_for_a_patient_and_for_a_stranger(
    client: FlaskClient, site: UUID, patient: object
) -> None:
    patient(phone="+12025550143", family_name="Whitfield")  # type: ignore[operator]
    known = submit(client, "/help", **ASKED)
    stranger = submit(client, "/help", **{**ASKED, "name": "Nobody Known", "phone": "(202) 555-0199"})
    assert (known.status_code, known.location) == (stranger.status_code, stranger.location)
    assert client.get(known.location).data == client.get(stranger.location).data


BAD = {
    "nothing to reach by": ({"phone": ""}, "Enter a phone number or an email address"),
    "unreachable number": ({"phone": "555"}, "Enter phone number with area code"),
    "toll-free number": ({"phone": "(800) 555-0199"}, "Enter phone number with area code"),
    "no e-mail address": ({"email": "sam at example"}, "Enter an email address like sam@example.org"),
    "no name": ({"name": ""}, "Enter your name"),
    "who needs help left out": ({"source": ""}, "Choose who needs help"),
    "20,000 characters": ({"words": "x" * 20_000}, "Shorten what should we know to 5,000 characters"),
    "NUL": ({"words": "a\x00b"}, "cannot be read"),
    "invented urgency": ({"urgencies": ["boredom"]}, "urgent"),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_bad_input_says_what_is_wanted_and_loses_nothing(
    client: FlaskClient, site: UUID, change: dict[str, Any], words: str
) -> None:
    answer = submit(client, "/help", **{**ASKED, "words": "Typed before", **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Everything you entered is kept" in answer.text
    assert "Typed before" in answer.text or "words" in change
    assert kept() == []


def test_right_to_left_name_is_kept(client: FlaskClient, site: UUID) -> None:
    assert submit(client, "/help", **{**ASKED, "name": "דנה לוי"}).status_code == 303
    assert kept()[0].name == "דנה לוי"


def test_lone_surrogate_does_not_reach_the_database(client: FlaskClient, site: UUID) -> None:
    """The bytes of half a character are no text: they arrive as replacement characters."""
    half: Any = "a\udc80b".encode("utf-8", "surrogatepass")
    assert submit(client, "/help", **{**ASKED, "name": half}).status_code == 303
    assert "\udc80" not in kept()[0].name


def test_double_click_makes_one_referral(client: FlaskClient, site: UUID) -> None:
    page = client.get("/help")
    hidden = dict(ASKED)
    hidden |= hidden_fields(page.text, "/help")
    assert [client.post("/help", data=hidden).status_code for _ in range(2)] == [303, 303]
    assert len(kept()) == 1


def unhurried(client: FlaskClient, clock: MovedClock, url: str = "/help", **data: Any) -> TestResponse:
    """The form, sent as fast as a person types."""
    hidden = hidden_fields(client.get(url).text, url)
    clock.advance(seconds=5)
    return client.post(url, data={**ASKED, **hidden, **data})


def test_flood_from_one_address_is_slowed_and_shown_the_numbers(
    client: FlaskClient, site: UUID, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    for _ in range(10):
        assert unhurried(client, clock).status_code == 303
    refused = unhurried(client, clock)
    assert refused.status_code == 429
    assert "tel:911" in refused.text
    assert "(202) 555-0143" in refused.text or "+12025550143" in refused.text
    clock.advance(minutes=61)
    assert unhurried(client, clock).status_code == 303


def test_who_types_faster_than_anybody_is_slowed_sooner(
    client: FlaskClient, site: UUID, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    assert [submit(client, "/help", **ASKED).status_code for _ in range(4)] == [303, 303, 303, 429]
    forged = unhurried(client, clock, opened="2026-11-01T00:00:00+00:00.forged")
    assert forged.status_code == 429
    assert unhurried(client, clock).status_code == 303  # a person behind the same address


def test_box_that_nobody_sees_keeps_a_machine_out_and_loses_nothing(client: FlaskClient, site: UUID) -> None:
    answer = submit(client, "/help", **ASKED, website="https://example.org", words="Typed before")
    assert answer.status_code == 422
    assert "Typed before" in answer.text
    assert "https://example.org" not in answer.text
    assert kept() == []


def test_page_and_thanks_say_what_happens_next_and_when(client: FlaskClient, site: UUID) -> None:
    for url in ("/help", "/help/thanks"):
        page = client.get(url).text
        assert "within 60 minutes" in page
        assert "by 17:00 on the next working day" in page


def test_page_in_spanish_names_everything_in_spanish(client: FlaskClient, site: UUID) -> None:
    english, spanish = HELP_WORDS["en"], HELP_WORDS["es"]
    assert set(english.text) == set(spanish.text)
    with client.application.test_request_context("/help"):
        form: Any = HelpForm()
        asked = {box.name for box in form if box.type not in ("HiddenField", "CSRFTokenField")}
        assert set(spanish.labels) == set(spanish.errors) == asked - {"website"}
        for name, options in spanish.options.items():
            assert set(options) == {str(value) for value, *_ in form[name].iter_choices()}
    page = client.get("/help?lang=es").text
    assert '<html lang="es">' in page
    assert "Who needs help" not in page
    assert "(optional)" not in page


def test_spanish_request_keeps_its_language_and_is_answered_in_it(client: FlaskClient, site: UUID) -> None:
    wrong = submit(client, "/help?lang=es", **{**ASKED, "phone": "", "words": "Ayuda"})
    assert wrong.status_code == 422
    assert "Escriba un número de teléfono" in wrong.text
    assert "No se perdió nada" in wrong.text
    assert "Enter" not in wrong.text
    answer = submit(client, "/help?lang=es", **ASKED)
    assert (answer.status_code, answer.location) == (303, "/help/thanks?lang=es")
    assert "Gracias" in client.get(answer.location).text
    assert kept()[0].language == "es"


def test_before_the_clinic_has_a_site_only_the_numbers_are_shown(client: FlaskClient) -> None:
    page = client.get("/help")
    assert page.status_code == 200
    assert "<form" not in page.text


def test_staff_take_a_referral_by_phone(sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    answer = submit(coordinator, "/intake/new", **ASKED)
    assert answer.status_code == 303
    assert "taken by Coordinator" in coordinator.get(answer.location).text
