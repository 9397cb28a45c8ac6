"""The plan: prefilled, drafted without losing a word, signed by both, versioned, never overwritten."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from clinic.configuration import services as configuring
from clinic.core.db import db, transaction
from clinic.safety import services
from clinic.safety.models import SafetyPlan, SafetyPlanCopy
from clinic.safety.rules import Cause
from tests.cases.conftest import Owned
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit
from tests.safety.conftest import SIGNED, WHOLE, address, work, write


def rows() -> list[SafetyPlan]:
    """Every version, oldest first, as it is now."""
    db.session.rollback()
    found = select(SafetyPlan).order_by(SafetyPlan.n).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def test_what_is_known_is_filled_in_already(person: Owned, clock: MovedClock) -> None:
    told = {"name": "Ada Obi", "relationship": "sister", "phone": "202-555-0133", "may_be_told": "crisis"}
    assert submit(person.therapist, f"/patients/{person.id}/contacts/people", **told).status_code == 303
    has = {"code": "has", "on": "2026-11-24", "expires_on": "2028-05-31"}
    assert submit(person.therapist, f"/patients/{person.id}/history/naloxone", **has).status_code == 303
    configuring.set_value("clinic_phone", "+12025550100", at=clock.now())
    page = person.therapist.get(address(person, "/write")).text
    for words in (
        "Ada Obi",
        "+12025550133",
        "Miriam Okafor",
        "988",
        "911",
        "Already has it",
        "emergency dep",
    ):
        assert words in page, words


def test_a_signed_plan_is_shown_counts_and_ends_the_work(person: Owned, clock: MovedClock) -> None:
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())
    assert len(work(person)) == 1
    assert write(person).status_code == 303
    page = person.therapist.get(address(person)).text
    for words in (
        "I walk at night",
        "Ada Obi",
        "Old pills in the bathroom",
        "Read aloud and agreed",
        "Copy given",
    ):
        assert words in page, words
    assert "is missing" not in page
    assert work(person) == []


def test_signed_without_means_safety_it_stays_missing_until_it_is_declined_with_a_reason(
    person: Owned, clock: MovedClock
) -> None:
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())
    assert write(person, means="open", named="", kept="").status_code == 303
    assert "The safety plan is missing" in person.therapist.get(address(person)).text
    assert len(work(person)) == 1
    refused = write(person, means="declined", means_reason="")
    assert (refused.status_code, "Enter why the person declines" in refused.text) == (422, True)
    assert write(person, means="declined", means_reason="Says it is nobody’s business").status_code == 303
    assert "is missing" not in person.therapist.get(address(person)).text
    assert work(person) == []


def test_a_person_who_does_not_sign_is_asked_why(person: Owned) -> None:
    refused = write(person, agreement="refused", refusal="")
    assert (refused.status_code, "Enter why the person does not sign" in refused.text) == (422, True)
    assert write(person, agreement="refused", refusal="Wants to sleep over it").status_code == 303
    [row] = rows()
    assert (row.refusal, row.signed_name) == ("Wants to sleep over it", None)


def test_a_draft_keeps_every_word_gives_more_rows_and_does_not_count(
    person: Owned, clock: MovedClock
) -> None:
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())
    assert write(person, "rows", **{"helpers-1-name": "Ben", "helpers-2-name": "Cai"}).status_code == 303
    page = person.therapist.get(address(person, "/write")).text
    for words in ("I walk at night", "Ben", "Cai", "Old pills in the bathroom", 'name="helpers-4-name"'):
        assert words in page, words
    assert "The safety plan is missing" in person.therapist.get(address(person)).text
    assert [row.signed_at for row in rows()] == [None]


def test_an_amendment_is_a_new_version_and_the_first_stays(person: Owned) -> None:
    assert write(person).status_code == 303
    assert "I walk at night" in person.therapist.get(address(person, "/write")).text
    assert write(person, signs="I give things away").status_code == 303
    assert [(row.n, row.words["signs"][0]) for row in rows()] == [
        (1, "I stop answering the phone"),
        (2, "I give things away"),
    ]
    page = person.therapist.get(address(person)).text
    assert "Earlier versions" in page
    assert "I stop answering the phone" in page


CHANGES: dict[str, Callable[[UUID], object]] = {
    "a signed plan is changed": lambda plan_id: (
        update(SafetyPlan).where(SafetyPlan.id == plan_id).values(n=9)
    ),
    "a signed plan is removed": lambda plan_id: delete(SafetyPlan).where(SafetyPlan.id == plan_id),
    "a copy is unsaid": lambda plan_id: delete(SafetyPlanCopy).where(SafetyPlanCopy.plan_id == plan_id),
}


def test_the_database_refuses_to_overwrite(person: Owned) -> None:
    assert write(person).status_code == 303
    [row] = rows()
    for change in CHANGES.values():
        with pytest.raises(DBAPIError, match="never changed"), transaction() as session:
            session.execute(change(row.id))  # type: ignore[call-overload]


def test_two_who_write_at_once_see_both_and_lose_nothing(person: Owned, sign_in: SignIn) -> None:
    supervisor, page = sign_in("supervisor"), address(person, "/write")
    open_form = hidden_fields(supervisor.get(page).text, page)
    assert write(person, "draft").status_code == 303
    mine = {**WHOLE, **SIGNED, "signs": "He hums all day"}
    stale = supervisor.post(page, data={**open_form, **mine, "do": "sign"})
    assert stale.status_code == 409
    assert "I walk at night" in stale.text
    assert "He hums all day" in stale.text
    again = hidden_fields(stale.text, page)
    assert supervisor.post(page, data={**again, **mine, "do": "sign"}).status_code == 303
    assert [row.words["signs"] for row in rows()] == [["He hums all day"]]


def test_a_page_that_was_never_ours_is_refused_and_changes_nothing(person: Owned) -> None:
    page = address(person, "/write")
    sent = hidden_fields(person.therapist.get(page).text, page) | {"n": "7"}
    for more in ({}, WHOLE):
        assert person.therapist.post(page, data={**sent, **more}).status_code == 409
    assert rows() == []


def test_a_copy_is_kept_with_its_moment(person: Owned) -> None:
    assert write(person, copy_given="").status_code == 303
    assert "No copy was given yet" in person.therapist.get(address(person)).text
    [row] = rows()
    given = submit(person.therapist, address(person), to=address(person, f"/{row.id}/copy"))
    assert given.status_code == 303
    assert "Copy given Tue Nov 24" in person.therapist.get(address(person)).text


def test_the_desk_learns_nothing_of_it(person: Owned, sign_in: SignIn, client: FlaskClient) -> None:
    assert write(person).status_code == 303
    desk = sign_in("desk")
    assert desk.get(address(person)).status_code == 404
    assert "Safety plan" not in desk.get(f"/patients/{person.id}").text
    nurse = sign_in("nurse")  # of the site, and the person is not on the unit
    assert nurse.get(address(person)).status_code == 404


def test_what_is_written_stands_nowhere_in_the_clear(person: Owned) -> None:
    assert write(person).status_code == 303
    assert write(person, "draft", signs="He hums all day").status_code == 303
    for row in rows():
        kept = row.words_sealed + (row.signed_name_sealed or b"")
        assert not any(words in kept for words in (b"phone", b"hums", b"Ada", b"Whitfield"))
