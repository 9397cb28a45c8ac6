"""The administrator's pages of staff."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from clinic.accounts import queries, registry, services
from clinic.accounts.models import User
from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.db import db
from clinic.core.errors import Refused
from tests.accounts.test_sign_in import MINE, enter
from tests.conftest import PASSWORD, SignIn, Staff
from tests.forms import hidden_fields, submit, submit_twice

LIST, NEW = "/administration/staff", "/administration/staff/new"


@pytest.fixture
def administrator(sign_in: SignIn) -> FlaskClient:
    """A browser of the administrator."""
    return sign_in("administrator", name="Alex Admin")


@pytest.fixture
def ada(site: UUID) -> dict[str, Any]:
    """What is typed about a new nurse."""
    return {
        "name": "Ada Whitefield",
        "sign_in_name": "ada",
        "role": "nurse",
        "site_id": str(site),
        "phone": "(202) 555-0143",
        "flags": ["charge_nurse"],
    }


def test_a_new_nurse_can_sign_in_with_the_password_shown_once(
    administrator: FlaskClient, ada: dict[str, Any]
) -> None:
    told = submit(administrator, NEW, **ada)
    assert told.status_code == 200
    found = re.search(r"<samp>([a-z0-9-]{23})</samp>", told.text)
    assert found is not None
    assert enter(administrator.application.test_client(), "ada", found[1]).status_code == 303
    listed = administrator.get(LIST).text
    assert found[1] not in listed
    for words in ("Ada Whitefield", "Charge nurse", "(202) 555-0143", "Riverside", "Enabled"):
        assert words in listed


def test_a_second_press_makes_no_second_person_and_shows_no_password(
    administrator: FlaskClient, ada: dict[str, Any]
) -> None:
    sent = {**hidden_fields(administrator.get(NEW).text, NEW), **ada}
    assert administrator.post(NEW, data=sent).status_code == 200
    again = administrator.post(NEW, data=sent)
    assert (again.status_code, again.location) == (303, LIST)
    assert len(queries.entries()) == 2


def test_phone_and_password_are_not_in_the_database_as_typed(
    administrator: FlaskClient, ada: dict[str, Any]
) -> None:
    submit(administrator, NEW, **ada, password="words that nobody else knows")
    row = db.session.execute(text("SELECT * FROM staff_user WHERE sign_in_name = 'ada'")).one()
    assert not any("5550143" in str(value) or "nobody else" in str(value) for value in row)
    assert row.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        ({"name": ""}, "Enter name"),
        ({"sign_in_name": "Ada W"}, "Enter sign-in name as lower-case letters, digits, dot and dash"),
        ({"sign_in_name": "administrator1"}, "Enter another sign-in name. This one is taken"),
        ({"role": ""}, "Choose role"),
        ({"role": "king"}, "Choose role from the list"),
        ({"site_id": "elsewhere"}, "Choose site from the list"),
        ({"phone": "12"}, "Enter mobile phone with area code"),
        ({"phone": "202-555-0100"}, "Enter another phone. This one belongs to another member of staff"),
        ({"password": "too short"}, "Enter a password of at least 15 characters"),
        ({"password": "ada whitefield 2026"}, "This one is made of your name or the clinic"),
        ({"password": "welcome password1"}, "made of common words"),
        ({"flags": ["king"]}, "king"),
    ],
)
def test_bad_input_says_what_is_wanted_and_loses_nothing(
    administrator: FlaskClient, staff: Staff, ada: dict[str, Any], wrong: dict[str, Any], wanted: str
) -> None:
    staff("nurse", phone="+12025550100")
    answer = submit(administrator, NEW, **{**ada, **wrong})
    assert answer.status_code == 422
    assert wanted in answer.text
    if "name" not in wrong:
        assert 'value="Ada Whitefield"' in answer.text
    assert queries.id_of("ada") is None


def edit(browser: FlaskClient, user_id: UUID) -> tuple[str, dict[str, str]]:
    """The edit page's address and hidden fields."""
    url = f"{LIST}/{user_id}"
    return url, hidden_fields(browser.get(url).text, url)


def test_a_new_role_ends_the_sign_ins_so_that_rights_are_read_anew(
    administrator: FlaskClient, sign_in: SignIn, ada: dict[str, Any]
) -> None:
    browser = sign_in("nurse")
    user_id = browser.user_id  # type: ignore[attr-defined]
    renamed = {**ada, "sign_in_name": "nurse2"}
    assert submit(administrator, f"{LIST}/{user_id}", **renamed).location == LIST
    assert browser.get(MINE).status_code == 200
    assert submit(administrator, f"{LIST}/{user_id}", **{**renamed, "role": "supervisor"}).location == LIST
    assert "Your role, site or password was changed." in browser.get(browser.get(MINE).location).text
    row = db.session.get_one(User, user_id, populate_existing=True)
    assert (row.role, row.name, row.phone) == (Role.SUPERVISOR, "Ada Whitefield", "+12025550143")


def test_of_two_who_change_at_once_the_second_chooses_field_by_field(
    administrator: FlaskClient, sign_in: SignIn, staff: Staff, ada: dict[str, Any]
) -> None:
    other, user_id = sign_in("administrator", name="Jamie Frost"), staff("nurse", name="Ada")
    url, read = edit(administrator, user_id)
    ada["sign_in_name"] = "nurse3"
    assert submit(other, url, **{**ada, "name": "Ada Field", "role": "peer"}).status_code == 303
    both = administrator.post(url, data={**read, **ada, "name": "Ada White", "phone": ""})
    assert both.status_code == 409
    for words in ("Jamie Frost saved this at", "Ada Field", "Ada White", "Peer worker", "(202) 555-0143"):
        assert words in both.text
    assert db.session.get_one(User, user_id, populate_existing=True).name == "Ada Field"
    choices = {"keep-name": "mine", "keep-role": "theirs", "keep-phone": "theirs"}
    typed = {**ada, "name": "Ada White", "phone": "", "flags": ["charge_nurse"]}
    chosen = {**hidden_fields(both.text, url), **typed, **choices}
    assert administrator.post(url, data=chosen).status_code == 303
    row = db.session.get_one(User, user_id, populate_existing=True)
    assert (row.name, row.role, row.phone, row.charge_nurse) == ("Ada White", Role.PEER, "+12025550143", True)


def test_disabling_takes_all_in_one_transaction(
    administrator: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in("therapist")
    user_id = browser.user_id  # type: ignore[attr-defined]
    told: list[UUID] = []

    def break_down(disabled: UUID, _: datetime) -> None:
        told.append(disabled)
        raise Refused("The caseload could not be handed on.")

    with monkeypatch.context() as patch:
        patch.setattr(registry, "on_disable", [break_down])
        assert submit(administrator, f"{LIST}/{user_id}/disable", reason="left").status_code == 409
    assert told == [user_id]
    assert browser.get(MINE).status_code == 200
    assert submit(administrator, f"{LIST}/{user_id}/disable", reason="left").location == LIST
    assert browser.get(MINE).status_code == 303
    assert enter(browser.application.test_client(), "therapist2").status_code == 422
    assert "Disabled" in administrator.get(LIST).text
    assert user_id not in {one.id for one in queries.staff()}
    assert queries.names([user_id]) == {user_id: "Therapist 2"}


@pytest.mark.parametrize(("role", "handed_on"), [("desk", True), ("nurse", False)])
def test_a_role_without_patients_hands_them_on(
    administrator: FlaskClient,
    staff: Staff,
    ada: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    handed_on: bool,
) -> None:
    user_id, told = staff("therapist"), list[UUID]()
    monkeypatch.setattr(registry, "on_disable", [lambda user, _: told.append(user)])
    assert submit(administrator, f"{LIST}/{user_id}", **{**ada, "role": role}).status_code == 303
    assert told == [user_id] * handed_on


def test_the_only_administrator_stays(administrator: FlaskClient, staff: Staff, ada: dict[str, Any]) -> None:
    user_id = administrator.user_id  # type: ignore[attr-defined]
    answer = submit(administrator, f"{LIST}/{user_id}/disable", reason="leave")
    assert answer.status_code == 409
    assert "This is the only administrator" in answer.text
    assert submit(administrator, f"{LIST}/{user_id}", **ada).status_code == 409
    services.disable_user(staff("administrator"), at=clock.now(), real=datetime.now(UTC))
    assert db.session.get_one(User, user_id, populate_existing=True).disabled_at is None


def test_a_phone_is_free_again_when_its_owner_left(
    administrator: FlaskClient, staff: Staff, ada: dict[str, Any]
) -> None:
    owner = staff("nurse", phone="+12025550143")
    assert submit(administrator, NEW, **ada).status_code == 422
    services.disable_user(owner, at=clock.now(), real=datetime.now(UTC))
    assert submit(administrator, NEW, **ada).status_code == 200


def test_a_new_password_ends_what_the_old_one_opened(administrator: FlaskClient, sign_in: SignIn) -> None:
    browser = sign_in("nurse")
    user_id = browser.user_id  # type: ignore[attr-defined]
    fresh = "a whole other row of words"
    assert submit(administrator, f"{LIST}/{user_id}/password", password="short").status_code == 422
    assert submit(administrator, f"{LIST}/{user_id}/password", password=fresh).location == LIST
    assert browser.get(MINE).status_code == 303
    assert enter(browser, "nurse2", PASSWORD).status_code == 422
    assert enter(browser, "nurse2", fresh).status_code == 303


def test_an_administrator_can_sign_somebody_out(administrator: FlaskClient, sign_in: SignIn) -> None:
    browser = sign_in("nurse")
    url = f"{LIST}/{browser.user_id}"  # type: ignore[attr-defined]
    assert "Signed in at 1 place now" in administrator.get(url).text
    submit_twice(administrator, url, to=f"{url}/sign-ins/end")
    assert browser.get(MINE).status_code == 303
    assert "Not signed in now." in administrator.get(url).text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_opens_these_pages(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role.value)
    url = f"{LIST}/{browser.user_id}"  # type: ignore[attr-defined]
    assert [browser.get(page).status_code for page in (LIST, NEW, "/administration/on-call")] == [403] * 3
    assert [browser.get(page).status_code for page in (url, f"{url}/disable", f"{url}/password")] == [404] * 3
    assert "Administration" not in browser.get(MINE).text


def test_a_supervisor_of_the_site_comes_before_others(staff: Staff, site: UUID) -> None:
    assert queries.supervisor_of(site) is None
    first = staff("supervisor")
    staff("supervisor")
    assert queries.supervisor_of(site) == first
    assert queries.supervisor_of(first) == first  # a site without one of its own
    assert db.session.scalars(select(User.role).where(User.id == first)).one() is Role.SUPERVISOR
