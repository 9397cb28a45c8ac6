"""A consent from the draft to the signature: nothing is lost, nothing is signed that lacks an element."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from clinic.audit.models import AuditEntry
from clinic.consents.models import Consent, ConsentEnd, Disclosure
from clinic.core.db import db, transaction
from tests.cases.conftest import Owned
from tests.conftest import MovedClock, SignIn
from tests.consents.conftest import FORM, active, address, id_of, share, sign, write
from tests.forms import hidden_fields, submit


def row(page: str) -> Consent:
    """The consent as it is kept now."""
    db.session.rollback()
    return db.session.scalars(
        select(Consent).where(Consent.id == id_of(page)).execution_options(populate_existing=True)
    ).one()


def trail() -> list[str]:
    """What was audited of consents and disclosures, oldest first."""
    db.session.rollback()
    found = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.at, AuditEntry.id))
    return [action for action in found if action.startswith("disclosure")]


def test_from_the_draft_to_the_signature(person: Owned, clock: MovedClock) -> None:
    page = write(person)
    shown = person.therapist.get(page).text
    for words in (
        "Ready to sign",
        "Dana Reyes, county probation",
        "Monitoring by a court, probation or parole",
        "After Mar 1, 2027",
        "Outpatient",  # the preview, out of the record itself
        "May 3, 1992",
    ):
        assert words in shown, words
    assert sign(person.therapist, page, witness="Ada Obi", drawing="M10 10L20 20L30 15").status_code == 303
    shown = person.therapist.get(page).text
    for words in ("Signed by", "Owen Whitfield", "Witness", "Ada Obi", 'd="M10 10L20 20L30 15"'):
        assert words in shown, words
    assert "In force" in person.therapist.get(address(person)).text
    kept = row(page)
    assert (kept.signed_name, kept.witness, kept.activated_by) == (
        "Owen Whitfield",
        "Ada Obi",
        person.therapist_id,
    )
    assert trail() == ["disclosure_consent.drafted", "disclosure_consent.activated"]


def test_a_draft_that_lacks_elements_says_which_and_is_not_signed(person: Owned) -> None:
    page = write(person, categories=[], names="", purpose="", expires="", discloser="")
    shown = person.therapist.get(page).text
    for words in (
        "Who may share",
        "What may be shared",
        "Who may get it, by name",
        "What for",
        "When it ends",
    ):
        assert words in shown, words
    refused = sign(person.therapist, page)
    assert (refused.status_code, "Complete the consent first" in refused.text) == (422, True)
    assert row(page).activated_at is None
    whole = submit(person.therapist, f"{page}/edit", **FORM)
    assert whole.status_code == 303
    assert sign(person.therapist, page).status_code == 303


def test_a_representative_says_by_what_right(person: Owned) -> None:
    page = write(person)
    refused = sign(person.therapist, page, signer="representative", name="Ada Obi")
    assert (refused.status_code, "by what right" in refused.text) == (422, True)
    signed = sign(person.therapist, page, signer="representative", name="Ada Obi", authority="Guardian")
    assert signed.status_code == 303
    assert row(page).authority == "Guardian"


def test_what_is_no_drawing_is_dropped_and_the_name_stands(person: Owned) -> None:
    page = write(person)
    assert sign(person.therapist, page, drawing='M1 1"/><script>').status_code == 303
    assert row(page).drawing is None


KINDS: dict[str, dict[str, Any]] = {
    "treatment": {"expires": "treatment_end"},
    "tpo": {"categories": ["everything"], "groups": ["providers", "plans"], "names": "", "expires": "none"},
    "counseling_notes": {"categories": ["counseling_notes"], "purpose": "patient_request"},
    "proceedings": {"names": "Superior Court, Riverside"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_signed_with_its_own_statements(person: Owned, kind: str) -> None:
    page = write(person, kind, **KINDS[kind])
    assert sign(person.therapist, page).status_code == 303
    kept = row(page)
    assert kept.kind == kind
    assert bool(kept.tpo_refusal and kept.redisclosure) == (kind == "tpo")
    assert "In force" in person.therapist.get(address(person)).text


def test_of_two_who_change_a_draft_the_second_sees_both_versions(person: Owned) -> None:
    page = write(person)
    fields = hidden_fields(person.therapist.get(f"{page}/edit").text, f"{page}/edit")
    assert (
        submit(person.therapist, f"{page}/edit", **FORM | {"discloser": "Riverside and Hilltop"}).status_code
        == 303
    )
    second = person.therapist.post(f"{page}/edit", data={**fields, **FORM, "discloser": "Riverside, ward 2"})
    assert second.status_code == 409
    for words in ("Riverside and Hilltop", "Riverside, ward 2"):
        assert words in second.text, words


def test_what_was_changed_meanwhile_is_not_signed_unread(person: Owned) -> None:
    page = write(person)
    fields = hidden_fields(person.therapist.get(f"{page}/sign").text, f"{page}/sign")
    assert submit(person.therapist, f"{page}/edit", **FORM | {"names": "Lee Park"}).status_code == 303
    data = {**fields, "signer": "patient", "name": "Owen Whitfield"}
    assert person.therapist.post(f"{page}/sign", data=data).status_code == 409
    assert row(page).activated_at is None


def test_a_signed_one_is_never_changed(person: Owned) -> None:
    page = active(person)
    assert person.therapist.get(f"{page}/edit").status_code == 404
    assert person.therapist.get(f"{page}/sign").status_code == 404
    for change in (update(Consent).values(expires=None), delete(Consent)):
        with pytest.raises(DBAPIError, match="never changed"), transaction() as session:
            session.execute(change)


EMPTIED = (
    "discloser_sealed", "categories", "recipients_sealed", "purpose", "right_to_revoke", "expires",
    "signer", "signed_name_sealed", "signed_at", "activated_by", "participants_sealed",
)  # fmt: skip


def test_the_database_activates_nothing_while_an_element_is_empty(person: Owned) -> None:
    page = active(person, intermediary="County exchange", participants="Probation offices")
    db.session.rollback()
    whole = dict(db.session.execute(select(Consent.__table__)).mappings().one())
    assert whole["id"] == id_of(page)
    for column in EMPTIED:
        emptied = {**whole, "id": uuid4(), column: [] if column == "categories" else None}
        with pytest.raises(DBAPIError, match=r"active_with|CHECK"), transaction() as session:
            session.connection().execute(insert(Consent), emptied)
    with transaction() as session:
        session.connection().execute(insert(Consent), {**whole, "id": uuid4()})


def test_the_database_keeps_ends_and_disclosures_for_ever(person: Owned) -> None:
    page = active(person)
    assert share(person.therapist, page).status_code == 303
    assert submit(person.therapist, f"{page}/end", kind="written").status_code == 303
    for table in (ConsentEnd, Disclosure):
        with pytest.raises(DBAPIError, match="never changed"), transaction() as session:
            session.execute(delete(table))


def test_nothing_of_it_is_in_the_clear(app: Flask, person: Owned) -> None:
    page = active(person, expires="event", expires_event="The order is lifted")
    assert share(person.therapist, page, categories=["demographics"]).status_code == 303
    db.session.rollback()
    stored = "".join(
        repr([value for value in line if not isinstance(value, UUID)])
        for table in (Consent, Disclosure)
        for line in db.session.execute(select(*table.__table__.c))
    )
    for words in ("Reyes", "Whitfield", "Riverside", "lifted", "1992"):
        assert words not in stored, words


def test_the_desk_learns_nothing_of_consents(person: Owned, sign_in: SignIn) -> None:
    desk: FlaskClient = sign_in("desk")
    assert desk.get(address(person)).status_code == 404
    assert "Consents to treatment" not in desk.get(f"/patients/{person.id}/contacts").text
    assert "Consents to treatment" in person.therapist.get(f"/patients/{person.id}/contacts").text
