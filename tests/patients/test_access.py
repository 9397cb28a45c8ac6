"""Who may open whom: every role by every relation, and a refusal that looks like nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from clinic.accounts.rules import Role
from clinic.audit.models import AuditEntry
from clinic.core import actor, clock
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.patients import access, queries, services
from clinic.patients.access import Hidden
from clinic.patients.rules import RIGHTS, RelationKind, Right
from tests.conftest import SignIn, Staff

Register = Callable[..., UUID]


def as_user(user_id: UUID, role: str, site_id: UUID) -> Actor:
    """Somebody signed in."""
    return Actor(ActorKind.USER, user_id, role, role, site_id, (user_id, site_id))


def relate(patient_id: UUID, kind: RelationKind, subject_id: UUID) -> None:
    """A relation from a minute ago on."""
    services.relate(patient_id, kind, subject_id, at=clock.now(), source_kind="test", source_id=subject_id)


def may(patient_id: UUID, right: Right) -> bool:
    """Whether the door opens."""
    try:
        access.opening(patient_id, right, now=clock.now())
    except Hidden:
        return False
    return True


@pytest.mark.parametrize("role", list(Role))
def test_every_right_by_every_relation(role: Role, staff: Staff, site: UUID, patient: Register) -> None:
    user_id = staff(role)
    for kind in RelationKind:
        mine = patient()
        services.end_relations(mine, RelationKind.INTAKE, at=clock.now())
        services.end_relations(mine, RelationKind.DESK, at=clock.now())
        relate(mine, kind, user_id)
        with actor.acting(as_user(user_id, role, site)):
            opened = {right for right in Right if may(mine, right)}
        assert opened == RIGHTS[role].get(kind, frozenset()), kind


def test_a_relation_of_another_or_of_the_past_opens_nothing(
    staff: Staff, site: UUID, patient: Register
) -> None:
    user_id, other = staff("therapist"), staff("therapist")
    foreign, past = patient(), patient()
    relate(foreign, RelationKind.OWNER, other)
    relate(past, RelationKind.OWNER, user_id)
    services.end_relations(past, RelationKind.OWNER, at=clock.now())
    with actor.acting(as_user(user_id, "therapist", site)):
        assert not may(foreign, Right.DEMOGRAPHICS)
        assert not may(past, Right.DEMOGRAPHICS)


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.USER])
def test_who_is_not_signed_in_opens_nothing(kind: ActorKind, site: UUID, patient: Register) -> None:
    registered = patient()
    with actor.acting(Actor(kind, uuid4(), subject_ids=(site,))):
        assert not may(registered, Right.DEMOGRAPHICS)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What goes to the database within the block."""
    seen: list[str] = []

    def remember(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", remember)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", remember)


def unlike(page: str) -> str:
    """A page without what differs each time: its reference and the form tokens."""
    return re.sub(r'(value|content)="[^"]*"|<b class="reference">.*?</b>', "", page)


ADDRESSES = (
    "/patients/{}",
    "/patients/{}/contacts",
    "/patients/{}/contacts/phone",
    "/patients/{}/contacts/consent",
    "/patients/{}/contacts/stop",
    "/patients/{}/contacts/people",
    "/patients/{}/details",
    "/patients/{}/history",
    "/patients/{}/history/last-use",
    "/patients/{}/history/allergy",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_foreign_record_answers_as_one_that_does_not_exist(
    address: str, sign_in: SignIn, patient: Register
) -> None:
    browser, foreign = sign_in("therapist"), patient()
    browser.get(address.format(uuid4()))  # the first request of a browser may set things up
    answers = []
    for patient_id in (foreign, uuid4()):
        with statements() as seen:
            answer = browser.get(address.format(patient_id))
        assert answer.status_code == 404
        answers.append((unlike(answer.text), [re.sub(r"\s+", " ", one) for one in seen]))
    assert answers[0] == answers[1]


def test_a_refusal_is_kept_and_an_opening_too(sign_in: SignIn, patient: Register) -> None:
    browser, registered = sign_in("therapist"), patient()
    browser.get(f"/patients/{registered}/contacts")
    user_id: UUID = browser.user_id  # type: ignore[attr-defined]
    relate(registered, RelationKind.OWNER, user_id)
    browser.get(f"/patients/{registered}/contacts")
    trail = select(AuditEntry.action, AuditEntry.patient_ids, AuditEntry.detail).where(
        AuditEntry.actor_id == user_id, AuditEntry.action.startswith("patient.")
    )
    assert [tuple(row) for row in db.session.execute(trail.order_by(AuditEntry.id))] == [
        ("patient.refused", [str(registered)], "demographics"),
        ("patient.opened", [str(registered)], "demographics"),
    ]


@pytest.mark.parametrize("role", ["privacy", "administrator"])
def test_roles_without_patients(role: str, sign_in: SignIn, patient: Register) -> None:
    browser = sign_in(role)
    assert browser.get("/patients").status_code == 403
    for address in ADDRESSES:
        assert browser.get(address.format(patient())).status_code == 404


def test_the_desk_sees_contacts_but_nothing_clinical(sign_in: SignIn, patient: Register) -> None:
    desk, registered = sign_in("desk"), patient()
    page = desk.get(f"/patients/{registered}/contacts")
    assert page.status_code == 200
    assert "Allergies" not in page.text
    assert "History" not in page.text
    assert desk.get(f"/patients/{registered}/history").status_code == 404


def test_nested_rows_belong_to_their_patient(sign_in: SignIn, patient: Register) -> None:
    desk, one, other = sign_in("desk"), patient(phone="+12025550143"), patient(phone="+12025550144")
    (point,) = queries.contact_points(other)
    assert desk.get(f"/patients/{one}/contacts/{point.id}/end").status_code == 404
    assert desk.get(f"/patients/{other}/contacts/{point.id}/end").status_code == 200


def test_nobody_signed_in_is_led_to_sign_in(client: FlaskClient, app: Flask, patient: Register) -> None:
    answer = client.get(f"/patients/{patient()}/contacts")
    assert answer.status_code in (302, 303)
    assert "/sign-in" in answer.headers["Location"]
