"""The coordinator's list, a referral, its calls, and the registration of the person."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from clinic.accounts import services as accounts
from clinic.accounts.rules import Role
from clinic.configuration import services as configuring
from clinic.core.db import db
from clinic.intake.models import Assessment, Referral, ReferralCall
from clinic.intake.rules.referral import State
from clinic.patients import services as patients
from clinic.patients.models import ContactPoint, Patient, Relation
from clinic.patients.rules import RelationKind
from tests.conftest import PASSWORD, MovedClock, SignIn
from tests.forms import hidden_fields, submit

PERSON = {
    "given_name": "Owen", "family_name": "Whitfield", "birth_date": "1992-05-03", "sex": "male",
    "language": "en", "phone": "(202) 555-0143",
}  # fmt: skip


def count(model: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_call_is_recorded_and_never_changed(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    referral_id, coordinator = ask(), sign_in("coordinator")
    url = f"/intake/referrals/{referral_id}"
    answer = submit(coordinator, url, to=f"{url}/calls", outcome="no_answer", words="Rang six times.")
    assert (answer.status_code, answer.location) == (303, url)
    page = coordinator.get(url).text
    assert "Rang six times." in page
    assert "No answer" in page
    assert db.session.get_one(Referral, referral_id).first_reached_at is None
    submit(coordinator, url, to=f"{url}/calls", outcome="reached")
    db.session.expire_all()
    assert db.session.get_one(Referral, referral_id).first_reached_at is not None
    assert count(ReferralCall) == 2


def test_call_without_an_outcome_keeps_the_words(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}"
    answer = submit(coordinator, url, to=f"{url}/calls", words="She cried.")
    assert answer.status_code == 422
    assert "She cried." in answer.text
    assert "Choose how it went" in answer.text


@pytest.mark.parametrize("role", ["nurse", "therapist", "desk", "privacy", "administrator", "peer"])
def test_other_roles_do_not_see_referrals(ask: Callable[..., UUID], sign_in: SignIn, role: str) -> None:
    referral_id, browser = ask(), sign_in(role)
    assert browser.get(f"/intake/referrals/{referral_id}").status_code == 404
    assert "Owen Whitfield" not in browser.get("/intake").text


def test_referral_of_another_site_is_not_there(
    ask: Callable[..., UUID], client: FlaskClient, clock: MovedClock
) -> None:
    referral_id = ask()
    other = configuring.create_site("Lakeside", zone="America/Chicago", at=clock.now())
    accounts.create_user(
        name="Lee Park", sign_in_name="lee", role=Role.COORDINATOR, site_id=other, password=PASSWORD,
        at=clock.now(),
    )  # fmt: skip
    foreign = client.application.test_client()
    submit(foreign, "/sign-in", sign_in_name="lee", password=PASSWORD)
    assert foreign.get(f"/intake/referrals/{referral_id}").status_code == 404
    assert "Owen Whitfield" not in foreign.get("/intake").text


def test_register_from_a_referral_begins_the_assessment(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    referral_id, coordinator = ask(voicemail_safe="yes"), sign_in("coordinator")
    url = f"/intake/referrals/{referral_id}/register"
    page = coordinator.get(url).text
    assert 'value="Owen"' in page
    assert 'value="Whitfield"' in page
    told = {"former_names": "Bell", "no_fixed_address": "y", "city": "Newark"}
    answer = submit(coordinator, url, **PERSON, **told, may_voicemail="y")
    patient_id = db.session.scalars(select(Patient.id)).one()
    assert (answer.status_code, answer.location) == (303, f"/patients/{patient_id}/contacts/consent")
    referral = db.session.get_one(Referral, referral_id, populate_existing=True)
    assert (referral.state, referral.patient_id) == (State.REGISTERED, patient_id)
    assert count(Assessment) == 1
    known = coordinator.get(f"/patients/{patient_id}/contacts").text
    assert "No fixed address, Newark" in known
    assert "Bell" in known
    assert "Owen Whitfield" in coordinator.get("/intake").text  # in assessment now


def test_who_asks_for_another_person_is_not_taken_for_that_person(
    ask: Callable[..., UUID], sign_in: SignIn
) -> None:
    referral_id, coordinator = ask("Maria Whitfield", source="relative"), sign_in("coordinator")
    assert "Name not known" in coordinator.get("/intake").text
    url = f"/intake/referrals/{referral_id}"
    assert "Another person, name not known" in coordinator.get(url).text
    page = coordinator.get(f"{url}/register").text
    assert "Maria" not in page
    assert "5550143" not in page  # texts to the person would reach who asked


def test_number_that_is_not_safe_for_texts_is_said_before_consent(
    ask: Callable[..., UUID], sign_in: SignIn
) -> None:
    coordinator = sign_in("coordinator")
    warned = [
        "not said to be safe" in coordinator.get(f"/intake/referrals/{ask(texts_safe=said)}/register").text
        for said in ("no", "yes")
    ]
    assert warned == [True, False]


def test_second_registration_of_a_referral_is_led_to_the_first(
    ask: Callable[..., UUID], sign_in: SignIn
) -> None:
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}/register"
    page = coordinator.get(url).text
    first = {**PERSON, **hidden_fields(page, url)}
    second = {**PERSON, **hidden_fields(coordinator.get(url).text, url)}
    assert coordinator.post(url, data=first).status_code == 303
    assert coordinator.post(url, data=first).status_code == 303  # a double click
    led = coordinator.post(url, data=second)  # another window
    assert led.status_code == 303
    assert led.location.endswith("/assessment")
    assert count(Patient) == 1


BAD = {
    "impossible date": ({"birth_date": "1992-02-30"}, "as a date that exists"),
    "future date": ({"birth_date": "2999-01-01"}, "not in the future"),
    "date too early": ({"birth_date": "1890-01-01"}, "from 1900 on"),
    "no family name": ({"family_name": ""}, "Enter family name"),
    "long name": ({"family_name": "x" * 20_000}, "Shorten family name to 120 characters"),
    "NUL in a name": ({"given_name": "O\x00wen"}, "cannot be read"),
    "sex left out": ({"sex": ""}, "Choose sex"),
    "unreachable number": ({"phone": "12"}, "Enter phone number with area code"),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_bad_registration_keeps_what_was_typed(
    ask: Callable[..., UUID], sign_in: SignIn, change: dict[str, str], words: str
) -> None:
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}/register"
    answer = submit(coordinator, url, **{**PERSON, "called_name": "Wennie", **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Wennie"' in answer.text
    assert count(Patient) == 0


LIKELY = {
    "name that sounds alike": ({"family_name": "Witfeeld", "phone": ""}, "sound or are written alike"),
    "another given name": ({"given_name": "Kim", "phone": ""}, "Perhaps the same person: Same date of birth"),
    "another name, same phone": (
        {"family_name": "Other"},
        "the same person: Same date of birth; Same phone",
    ),
    "same phone alone": (
        {"given_name": "Kim", "family_name": "Other", "birth_date": "1960-01-01"},
        "Perhaps the same person: Same phone",
    ),
}


@pytest.mark.parametrize(("change", "words"), LIKELY.values(), ids=LIKELY)
def test_likely_the_same_person_is_shown_before_saving(
    ask: Callable[..., UUID],
    sign_in: SignIn,
    patient: Callable[..., UUID],
    change: dict[str, str],
    words: str,
) -> None:
    patient(phone="+12025550143")
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}/register"
    shown = submit(coordinator, url, **{**PERSON, **change})
    assert shown.status_code == 422
    assert words in shown.text
    assert "Choose whether this is the same person" in shown.text
    assert count(Patient) == 1
    answer = submit(coordinator, url, **{**PERSON, **change, "match": "different"})
    assert answer.status_code == 303
    assert count(Patient) == 2


def test_same_person_gets_the_referral_and_the_relation_back(
    ask: Callable[..., UUID], sign_in: SignIn, patient: Callable[..., UUID], clock: MovedClock
) -> None:
    known = patient(birth_date=date(1992, 5, 3))
    patients.end_relations(known, RelationKind.INTAKE, at=clock.now())
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}/register"
    assert coordinator.get(f"/patients/{known}/assessment").status_code == 404
    answer = submit(coordinator, url, **PERSON, match=str(known))
    assert answer.status_code == 303
    assert count(Patient) == 1
    assert coordinator.get(f"/patients/{known}/assessment").status_code == 200
    assert count(ContactPoint) == 1  # the number that was asked with
    current = (
        select(func.count())
        .select_from(Relation)
        .where(Relation.patient_id == known, Relation.kind == RelationKind.INTAKE, Relation.ends_at.is_(None))
    )
    assert db.session.scalar(current) == 1


def test_invented_match_is_refused(
    ask: Callable[..., UUID], sign_in: SignIn, patient: Callable[..., UUID]
) -> None:
    patient()
    coordinator, url = sign_in("coordinator"), f"/intake/referrals/{ask()}/register"
    foreign = "019dffff-0000-7000-8000-000000000000"
    assert submit(coordinator, url, **PERSON, match=foreign).status_code == 422


def test_close_with_a_reason_and_not_twice(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    referral_id, coordinator = ask(), sign_in("coordinator")
    url = f"/intake/referrals/{referral_id}/close"
    page = coordinator.get(url).text
    assert submit(coordinator, url).status_code == 422
    stale = hidden_fields(coordinator.get(url).text, url)
    assert coordinator.post(url, data={**hidden_fields(page, url), "reason": "elsewhere"}).status_code == 303
    late = coordinator.post(url, data={**stale, "reason": "double"})
    assert late.status_code == 409
    assert "ended this referral meanwhile" in late.text
    assert db.session.get_one(Referral, referral_id, populate_existing=True).state is State.CLOSED


def test_call_meanwhile_makes_closing_stale(ask: Callable[..., UUID], sign_in: SignIn) -> None:
    referral_id, coordinator = ask(), sign_in("coordinator")
    url = f"/intake/referrals/{referral_id}"
    stale = hidden_fields(coordinator.get(f"{url}/close").text, f"{url}/close")
    submit(coordinator, url, to=f"{url}/calls", outcome="reached")
    late = coordinator.post(f"{url}/close", data={**stale, "reason": "not_reached"})
    assert late.status_code == 409
    assert db.session.get_one(Referral, referral_id, populate_existing=True).state is State.OPEN
