"""Danger asks for a plan the same day; risk is not closed without one unexplained; changes ask for review."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from clinic.safety import services
from clinic.safety.rules import Cause
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from tests.aftercare.conftest import DISCHARGE
from tests.cases.conftest import Owned
from tests.cases.test_move import move
from tests.conftest import MovedClock, SignIn, Staff
from tests.forms import submit
from tests.intake.way import OBSERVED, PHQ9
from tests.safety.conftest import address, work, write

CSSRS = {
    **OBSERVED, "item_wish_dead": "yes", "item_suicidal_thoughts": "no", "item_behaviour_lifetime": "no",
}  # fmt: skip
SCALES = {
    "PHQ-9 item 9": ("phq9", {**PHQ9, "item_q9": "1"}, Cause.PHQ9),
    "C-SSRS": ("cssrs_screener", CSSRS, Cause.CSSRS),
}


@pytest.mark.parametrize(("scale", "answers", "cause"), SCALES.values(), ids=SCALES)
def test_a_scale_makes_work_for_the_owner_the_same_day(
    person: Owned, clock: MovedClock, scale: str, answers: dict[str, str], cause: Cause
) -> None:
    fill = f"/patients/{person.id}/instruments/{scale}"
    for _ in range(2):
        assert submit(person.therapist, fill, do="save", **answers).status_code == 303
    [item] = work(person)
    assert item.owner_id == person.therapist_id
    assert item.due_at <= clock.now() + timedelta(hours=4)
    assert cause.label in item.reason
    page = person.therapist.get(f"/patients/{person.id}").text
    assert page.count(f'href="{address(person)}"') >= 1
    assert "Missing" in page


def test_while_nobody_owns_it_intake_has_it(patient: Staff, sign_in: SignIn, clock: MovedClock) -> None:
    coordinator, patient_id = sign_in("coordinator"), patient()
    services.ask(patient_id, Cause.PHQ9, uuid4(), at=clock.now())
    page = coordinator.get("/").text
    assert f'href="/patients/{patient_id}/safety-plan"' in page


def risk(person: Owned, site: UUID, clock: MovedClock) -> str:
    """The page of a check-in that shows risk."""
    item_id = worklist.raise_item(
        "aftercare.risk", "test", uuid4(), patient_id=person.id, owner_id=person.therapist_id, site_id=site,
        level=Level.HIGH, reason="Pull 9 of 10", due_at=clock.now(), at=clock.now(),
    )  # fmt: skip
    return f"/work/{item_id}"


def test_a_risk_is_closed_without_a_plan_only_with_a_reason(
    person: Owned, site: UUID, clock: MovedClock
) -> None:
    page = risk(person, site, clock)
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())
    shown = person.therapist.get(page).text
    assert f'href="{address(person)}"' in shown
    assert "Safety plan: missing" in shown
    outcome = {"outcome": "reached", "note": "Is with his sister", "close": "y"}
    refused = submit(person.therapist, page, **outcome)
    assert refused.status_code == 422
    assert "Enter why this is closed without a safety plan" in refused.text
    assert submit(person.therapist, page, **outcome, without="In hospital").status_code == 303
    assert "Closed without a safety plan: In hospital" in person.therapist.get(page).text


def test_with_a_plan_a_risk_closes_as_ever(person: Owned, site: UUID, clock: MovedClock) -> None:
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())
    assert write(person).status_code == 303
    page = risk(person, site, clock)
    assert submit(person.therapist, page, outcome="reached", close="y").status_code == 303


def test_level_change_and_discharge_ask_for_review_where_there_is_a_plan(
    person: Owned, clock: MovedClock
) -> None:
    assert move(person.therapist, person, track="inpatient").status_code == 303
    assert work(person) == []
    assert write(person).status_code == 303
    assert move(person.therapist, person, track="outpatient").status_code == 303
    [item] = work(person)
    assert item.reason.startswith("Review the safety plan")
    assert Cause.LEVEL_OF_CARE.label in item.reason
    assert "To review" in person.therapist.get(f"/patients/{person.id}").text
    assert write(person).status_code == 303
    assert work(person) == []
    clock.advance(hours=1)
    gone = submit(person.therapist, f"/patients/{person.id}/discharge", **DISCHARGE)
    assert gone.status_code == 303, gone.text
    assert Cause.DISCHARGE.label in work(person)[0].reason
