"""Contacts and consent, through the pages that staff use."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.core import clock
from clinic.core.db import db, transaction
from clinic.patients import queries, services
from clinic.patients.models import ConsentEvent
from clinic.patients.queries import NoPermission, Permission
from clinic.patients.rules import CONSENT_WORDS, Channel, ConsentEventKind, MessageKind, Source, WhyNot
from tests.conftest import MovedClock, SignIn
from tests.forms import submit

Register = Callable[..., UUID]
NUMBER, OTHER = "+12025550143", "+12025550144"


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    """The front desk, which keeps contacts."""
    return sign_in("desk")


def agree(browser: FlaskClient, patient_id: UUID, **changed: Any) -> TestResponse:
    """Record agreement to texts for the newest number."""
    point = queries.contact_points(patient_id)[0]
    told: dict[str, Any] = {
        "contact_point_id": str(point.id),
        "kinds": ["appointments", "check_ins"],
        "safe_from": "10:00",
        "safe_until": "18:30",
        "may_use_first_name": "y",
        "source": "in_person",
    }
    return submit(browser, f"/patients/{patient_id}/contacts/consent", **{**told, **changed})


def standing(patient_id: UUID) -> Permission | NoPermission:
    """What holds now, read anew."""
    db.session.rollback()
    return queries.permission(patient_id, Channel.SMS)


def why(patient_id: UUID) -> WhyNot | None:
    """Why nothing may be sent; None if it may."""
    found = standing(patient_id)
    return found.why if isinstance(found, NoPermission) else None


def test_a_number_is_added_and_agreed_to(desk: FlaskClient, patient: Register) -> None:
    owen = patient(called_name="Oz")
    assert why(owen) is WhyNot.NO_CONSENT
    added = submit(desk, f"/patients/{owen}/contacts/phone", value="(202) 555-0143", may_voicemail="y")
    assert added.status_code == 303
    assert agree(desk, owen).status_code == 303
    found = standing(owen)
    assert isinstance(found, Permission)
    assert found.number == NUMBER
    assert found.kinds == {MessageKind.APPOINTMENTS, MessageKind.CHECK_INS}
    assert (found.safe_from.hour, found.safe_until.minute) == (10, 30)
    assert found.first_name == "Oz"
    page = desk.get(f"/patients/{owen}/contacts").text
    assert "(202) 555-0143" in page
    assert "Voicemail may be left" in page
    assert "Agreed to texts" in page


def test_the_words_shown_and_who_took_it_are_kept(desk: FlaskClient, patient: Register) -> None:
    owen = patient(phone=NUMBER)
    assert CONSENT_WORDS.text[:40] in desk.get(f"/patients/{owen}/contacts/consent").text
    agree(desk, owen)
    (event,) = db.session.scalars(select(ConsentEvent)).all()
    assert (event.words_shown, event.words_version) == (CONSENT_WORDS.text, CONSENT_WORDS.version)
    assert event.taken_by == desk.user_id  # type: ignore[attr-defined]
    assert event.source is Source.IN_PERSON


BAD = {
    "too early": ({"safe_from": "07:00"}, "Enter safe hours between 08:00 and 21:00"),
    "backwards": (
        {"safe_from": "19:00", "safe_until": "10:00"},
        "Enter safe hours that end after they start",
    ),
    "no opening": (
        {"safe_from": "20:00", "safe_until": "21:00"},
        "that leave time to send between 09:00 and 20:00",
    ),
    "no hour at all": ({"safe_from": "25:00"}, "Enter safe from as hours and minutes from 00:00 to 23:59"),
    "no kind": ({"kinds": []}, "Choose kinds of message"),
    "no way": ({"source": ""}, "Choose how the person agreed"),
    "a way nobody knows": ({"source": "telepathy"}, "Choose how the person agreed from the list"),
    "somebody else's number": (
        {"contact_point_id": str(UUID(int=7))},
        "Choose number for texts from the list",
    ),
}


@pytest.mark.parametrize(("changed", "told"), BAD.values(), ids=BAD)
def test_agreement_that_cannot_be(
    changed: dict[str, object], told: str, desk: FlaskClient, patient: Register
) -> None:
    owen = patient(phone=NUMBER)
    answer = agree(desk, owen, **changed)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="18:30"' in answer.text or "safe_until" in changed
    assert why(owen) is WhyNot.NO_CONSENT


NUMBERS = {
    "toll-free": "(800) 555-0199",
    "too short": "555-0143",
    "no area code that exists": "(123) 555-0143",
    "letters": "call me",
    "two lines": "2025550\u2028143",
    "emergency": "911",
    "20,000 characters": "2" * 20_000,
    "NUL": "202555\x000143",
    "lone surrogate": "\ud800",
}


@pytest.mark.parametrize("typed", NUMBERS.values(), ids=NUMBERS)
def test_numbers_nobody_can_be_reached_at(typed: str, desk: FlaskClient, patient: Register) -> None:
    owen = patient()
    sent = typed.encode("utf-8", "surrogatepass")
    answer = submit(desk, f"/patients/{owen}/contacts/phone", value=sent)
    assert answer.status_code == 422
    assert "phone number" in answer.text.lower()
    assert queries.contact_points(owen) == []


def test_the_same_number_twice_is_said(desk: FlaskClient, patient: Register) -> None:
    owen = patient(phone=NUMBER)
    answer = submit(desk, f"/patients/{owen}/contacts/phone", value="202 555 0143")
    assert answer.status_code == 422
    assert "already one of the contacts in use" in answer.text


def test_a_number_of_the_past_carries_no_texts(desk: FlaskClient, patient: Register) -> None:
    owen = patient(phone=NUMBER)
    agree(desk, owen)
    (point,) = queries.contact_points(owen)
    assert submit(desk, f"/patients/{owen}/contacts/{point.id}/end").status_code == 303
    assert why(owen) is WhyNot.NO_CONTACT
    assert queries.phone_of(owen) is None
    assert submit(desk, f"/patients/{owen}/contacts/phone", value=NUMBER).status_code == 303
    assert why(owen) is WhyNot.NO_CONTACT  # a new number needs a new agreement, even the old one again


def test_staff_stop_texts_and_they_are_agreed_to_anew(desk: FlaskClient, patient: Register) -> None:
    owen = patient(phone=NUMBER)
    agree(desk, owen)
    assert submit(desk, f"/patients/{owen}/contacts/stop", source="phone_call").status_code == 303
    assert why(owen) is WhyNot.OPTED_OUT
    agree(desk, owen)
    assert why(owen) is None


def test_staff_stop_a_shared_number_for_all_who_share_it(desk: FlaskClient, patient: Register) -> None:
    owen, ann = patient(phone=NUMBER), patient(given_name="Ann", phone=NUMBER)
    for patient_id in (owen, ann):
        agree(desk, patient_id)
    assert submit(desk, f"/patients/{owen}/contacts/stop", source="phone_call").status_code == 303
    assert [standing(patient_id) for patient_id in (owen, ann)] == [NoPermission(WhyNot.OPTED_OUT)] * 2


def test_stop_from_a_shared_number_stops_all_who_share_it(desk: FlaskClient, patient: Register) -> None:
    owen, sister, cousin = (patient(phone=NUMBER) for _ in range(3))
    stranger = patient(phone=OTHER)
    for one in (owen, sister, stranger):
        agree(desk, one)
    submit(desk, f"/patients/{owen}/contacts/phone", value=OTHER)  # a second number, agreed to instead
    agree(desk, owen)
    now = clock.now()
    assert set(services.opt_out(NUMBER, Channel.SMS, Source.TEXT, at=now)) == {owen, sister, cousin}
    assert why(owen) is WhyNot.OPTED_OUT  # all numbers of who shares it, the second one too
    assert why(sister) is WhyNot.OPTED_OUT
    assert why(cousin) is WhyNot.OPTED_OUT
    assert why(stranger) is None
    services.opt_out(NUMBER, Channel.SMS, Source.TEXT, at=now)
    stops = select(ConsentEvent.id).where(ConsentEvent.event == ConsentEventKind.OPT_OUT)
    assert len(db.session.scalars(stops).all()) == 3


def test_a_pause_holds_until_it_is_agreed_anew_and_never_weakens_a_stop(
    desk: FlaskClient, patient: Register
) -> None:
    owen = patient(phone=NUMBER)
    agree(desk, owen)
    services.pause_number(NUMBER, Source.TEXT, at=clock.now())
    assert why(owen) is WhyNot.PAUSED
    services.opt_out(NUMBER, Channel.SMS, Source.TEXT, at=clock.now())
    services.pause_number(NUMBER, Source.TEXT, at=clock.now())
    assert why(owen) is WhyNot.OPTED_OUT
    agree(desk, owen)
    assert why(owen) is None


def test_what_came_last_does_not_hang_on_the_clock(
    desk: FlaskClient, patient: Register, clock: MovedClock
) -> None:
    owen = patient(phone=NUMBER)
    agree(desk, owen)
    services.opt_out(NUMBER, Channel.SMS, Source.TEXT, at=clock.now())
    assert why(owen) is WhyNot.OPTED_OUT
    with transaction():
        assert services.lock_consents([owen], Channel.SMS) == {owen: NoPermission(WhyNot.OPTED_OUT)}


def test_support_people(desk: FlaskClient, patient: Register) -> None:
    owen = patient()
    address = f"/patients/{owen}/contacts/people"
    told: dict[str, Any] = {
        "name": "Orla O'Connor",
        "relationship": "sister",
        "may_be_told": ["crisis"],
        "phone": "2025550144",
    }
    assert submit(desk, address, **told).status_code == 303
    (orla,) = queries.supporters(owen)
    assert (orla.name, orla.phone, orla.topics) == ("Orla O'Connor", OTHER, ["A crisis"])
    assert submit(desk, f"{address}/{orla.id}/end").status_code == 303
    db.session.rollback()
    assert queries.supporters(owen) == []


def test_a_double_click_adds_one_person(desk: FlaskClient, patient: Register) -> None:
    owen = patient()
    address = f"/patients/{owen}/contacts/people"
    form_id = str(UUID(int=5))
    for _ in range(2):
        answer = submit(desk, address, name="Orla", relationship="sister", form_id=form_id)
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/patients/{owen}/contacts")
    db.session.rollback()
    assert len(queries.supporters(owen)) == 1


@pytest.mark.parametrize(
    "name",
    ["حداد سليم", "משה", "Ærøskøbing 🌱", "O’Connor-Ngũgĩ"],
    ids=["arabic", "hebrew", "emoji", "marks"],
)
def test_names_of_every_script_come_back_as_written(name: str, desk: FlaskClient, patient: Register) -> None:
    owen = patient(family_name=name)
    assert f"<bdi>Owen {name}</bdi>" in desk.get(f"/patients/{owen}/contacts").text


def test_the_patient_link_revokes_without_a_role(patient: Register, desk: FlaskClient) -> None:
    owen = patient(phone=NUMBER)
    agree(desk, owen)
    services.revoke(owen, Channel.SMS, Source.PATIENT_PAGE, at=clock.now())
    assert why(owen) is WhyNot.OPTED_OUT
