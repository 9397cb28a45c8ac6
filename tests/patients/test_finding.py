"""My patients, search by POST, likely duplicates."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.core.errors import Invalid
from clinic.patients import access, queries, services
from clinic.patients.rules import Details, RelationKind, Sex, is_record_number
from clinic.patients.rules.birth import Born
from clinic.patients.rules.matching import Identifiers
from tests.conftest import SignIn, Staff
from tests.forms import submit

Register = Callable[..., UUID]


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    """Intake, which sees the patients of the site."""
    return sign_in("coordinator")


def search(browser: FlaskClient, words: str) -> str:
    """The results page of a search."""
    return submit(browser, "/patients", words=words).text


def record_number_of(patient_id: UUID) -> str:
    """As kept."""
    return queries.people([patient_id], now=clock.now())[patient_id].record_number


def test_my_patients_are_those_i_have_to_do_with(
    coordinator: FlaskClient, sign_in: SignIn, patient: Register
) -> None:
    mine = patient(family_name="Whitfield")
    patient(family_name="Okafor")
    therapist = sign_in("therapist")
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    services.relate(mine, RelationKind.OWNER, user_id, at=clock.now(), source_kind="test", source_id=mine)
    page = therapist.get("/patients").text
    assert "Whitfield" in page
    assert "Okafor" not in page
    assert "Okafor" in coordinator.get("/patients").text


def test_the_list_is_one_row_of_the_trail_with_the_ids_shown(
    coordinator: FlaskClient, patient: Register
) -> None:
    shown = {str(patient(family_name=name)) for name in ("Abe", "Bly", "Cho")}
    coordinator.get("/patients")
    rows = db.session.scalars(select(AuditEntry.patient_ids).where(AuditEntry.action == "patient.list")).all()
    assert [set(ids) for ids in rows] == [shown]


WANTED = {
    "family name": "whitf",
    "both names": "owen whitfield",
    "without accents": "noel",
    "birth date": "1992-05-03",
    "birth date, American": "05/03/1992",
    "phone": "(202) 555-0143",
    "phone, international": "+1 202 555 0143",
}


@pytest.mark.parametrize("words", WANTED.values(), ids=WANTED)
def test_search_finds(words: str, coordinator: FlaskClient, patient: Register) -> None:
    patient(called_name="Noël", phone="+12025550143")
    patient(family_name="Okafor", given_name="Miriam", birth_date=date(1980, 1, 1))
    page = search(coordinator, words)
    assert "Noël Whitfield" in page
    assert "Okafor" not in page


def test_search_by_record_number(coordinator: FlaskClient, patient: Register) -> None:
    number = record_number_of(patient())
    assert is_record_number(number)
    assert "Owen Whitfield" in search(coordinator, f"{number[:4]} {number[4:]}")
    wrong = number[:7] + str((int(number[7]) + 1) % 10)
    assert "one of its digits is not right" in search(coordinator, wrong)


STRANGE = ["%", "_", "'; DROP TABLE patient; --", "x" * 20_000, "a\x00b", "1", "02/30/1992", "…"]


@pytest.mark.parametrize("words", STRANGE)
def test_search_for_strange_things_finds_nobody(
    words: str, coordinator: FlaskClient, patient: Register
) -> None:
    patient()
    assert "Owen Whitfield" not in search(coordinator, words)


def test_search_finds_only_whom_one_may_see(sign_in: SignIn, patient: Register) -> None:
    patient(phone="+12025550143")
    therapist = sign_in("therapist")
    for words in ("Whitfield", "1992-05-03", "(202) 555-0143"):
        page = search(therapist, words)
        assert "Nobody you may see fits this" in page


def test_who_sees_many_finds_the_same(
    coordinator: FlaskClient, sign_in: SignIn, patient: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient(family_name="Whitfield")
    monkeypatch.setattr(access, "MANY", 1)  # a search by name then goes through the names
    assert "Whitfield" in search(coordinator, "whi")
    assert "Whitfield" not in search(sign_in("therapist"), "whi")


def test_nothing_of_a_search_stands_in_an_address(coordinator: FlaskClient, patient: Register) -> None:
    patient()
    answer = submit(coordinator, "/patients", words="Whitfield")
    assert answer.status_code == 200
    assert answer.request.path == "/patients"
    assert "Whitfield" not in (answer.request.query_string or b"").decode()


def acting_for(site: UUID, user_id: UUID) -> Actor:
    """A coordinator of the site."""
    return Actor(ActorKind.USER, user_id, "Priya", "coordinator", site, (user_id, site))


def test_likely_the_same_person_among_whom_one_may_see(site: UUID, patient: Register) -> None:
    owen = patient(phone="+12025550143")
    wanted = Identifiers("Whitfeld", ("Owen",), born=Born(1992, 3, 5))
    with actor.acting(acting_for(site, UUID(int=9))):
        (found,) = services.likely_same(wanted, now=clock.now())
    assert found.person.id == owen
    assert "Day and month of birth are swapped" in found.likeness.reasons
    with actor.acting(acting_for(UUID(int=7), UUID(int=9))):
        assert services.likely_same(wanted, now=clock.now()) == []


def test_what_was_corrected_or_ended_is_still_found(site: UUID, staff: Staff, patient: Register) -> None:
    """A family name and a number of before."""
    owen = patient(phone="+12025550143")
    with actor.acting(acting_for(site, staff("coordinator"))):
        (point,) = queries.contact_points(owen)
        services.end_contact_point(owen, point.id, at=clock.now())
        changed = Details("Okafor", "Owen", None, None, date(1992, 5, 3), Sex.MALE, "en")
        services.correct(owen, changed, reason="Married", version=1, at=clock.now())
        wanted = Identifiers("Whitfield", ("Owen",), phones=frozenset(("+12025550143",)))
        (found,) = services.likely_same(wanted, now=clock.now())
    assert set(found.likeness.reasons) == {"Same phone", "Same given name", "Family name is a former name"}


@pytest.mark.parametrize("birth_date", [date(2099, 1, 1), date(1900, 1, 1)])
def test_nobody_is_registered_with_an_impossible_birth_date(birth_date: date, patient: Register) -> None:
    with pytest.raises(Invalid) as refused:
        patient(birth_date=birth_date)
    assert refused.value.field == "birth_date"


def test_a_namesake_is_pointed_out(coordinator: FlaskClient, patient: Register) -> None:
    owen = patient()
    assert "Another patient is called" not in coordinator.get(f"/patients/{owen}/contacts").text
    patient(family_name="Whitfeld", birth_date=date(1980, 1, 1))
    page = coordinator.get(f"/patients/{owen}/contacts").text
    assert "Another patient is called Owen Whitfeld. Check the date of birth" in page
