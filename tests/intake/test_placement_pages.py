"""Level of care by its page: what fired, what is missing, the decision, the countersign."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.configuration import services as configuring
from clinic.core.db import db
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.intake.models import PlacementDecision
from clinic.intake.rules.decision import DecisionState
from clinic.patients.models import Relation
from clinic.patients.rules import RelationKind
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit
from tests.intake.way import CALM, SEVERE, address, assess, begin, decide, save, sign

Register = Callable[..., UUID]
USED = "2026-11-23"
LOWER = {"kind": "other", "plan": "outpatient", "reason": "His sister takes him in tonight."}


@pytest.fixture
def prescriber(sign_in: SignIn, coordinator: FlaskClient) -> FlaskClient:
    """A clinician of the same site."""
    return sign_in("prescriber", name="Samir Haddad")


@pytest.fixture
def detox(coordinator: FlaskClient, prescriber: FlaskClient, patient: Register) -> UUID:
    """A patient for whom the rules recommend detox, then inpatient, with an agonist."""
    patient_id = patient()
    assess(coordinator, patient_id, on=USED, cows=SEVERE, safe_housing="no")
    return patient_id


def kept() -> list[PlacementDecision]:
    """Every decision, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(PlacementDecision).order_by(PlacementDecision.id)))


def open_items() -> list[WorkItem]:
    """Work that waits."""
    db.session.expire_all()
    return list(db.session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None))))


def test_page_shows_every_row_with_reason_source_and_level(coordinator: FlaskClient, detox: UUID) -> None:
    page = coordinator.get(address(detox, "placement")).text
    assert "Proposed by the rules, Tue Nov 24, 10:0" in page
    assert "Detox, then inpatient, with methadone or buprenorphine" in page
    for words in (
        "Severe withdrawal",
        "COWS 25",
        "Surroundings",
        "No safe place to stay",
        "recovery housing",
    ):
        assert words in page
    assert page.index(">D2<") < page.index(">I1<")
    assert "/assessment/cows" in page


def test_preview_before_the_signature_decides_nothing(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assert "No level of care yet" in coordinator.get(address(patient_id, "placement")).text
    begin(coordinator, patient_id)
    save(coordinator, patient_id, "safety", **{**CALM, "vomiting_or_dehydrated": "yes"})
    page = coordinator.get(address(patient_id, "placement")).text
    assert "By the rules so far" in page
    assert "Record decision" not in page
    missing = coordinator.get(address(patient_id, "placement")).text
    assert "Substances, each with last use" in missing


def test_accepting_stands_alone(coordinator: FlaskClient, detox: UUID) -> None:
    assert decide(coordinator, detox, kind="accepted").status_code == 303
    (decision,) = kept()
    assert (decision.state, decision.track, decision.then, decision.medication) == (
        "standing", "detox", "inpatient", "agonist",
    )  # fmt: skip
    assert open_items() == []
    assert ">Admit</a>" in coordinator.get(address(detox, "placement")).text


def test_more_protective_needs_a_reason_and_stands_alone(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on=USED)
    refused = decide(coordinator, patient_id, kind="other", plan="inpatient")
    assert refused.status_code == 422
    assert "Enter the reason in your own words" in refused.text
    assert kept() == []
    decide(coordinator, patient_id, kind="other", plan="inpatient", reason="She feels unsafe at night.")
    (decision,) = kept()
    assert (decision.state, decision.comparison, decision.needs_countersign) == ("standing", "more", False)


def test_less_protective_waits_and_is_countersigned(
    coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID
) -> None:
    assert decide(coordinator, detox, **LOWER).status_code == 303
    (decision,) = kept()
    assert (decision.state, decision.comparison) == ("proposed", "less")
    (item,) = open_items()
    assert (item.kind, item.subject_id) == ("intake.countersign", decision.id)
    page = coordinator.get(address(detox, "placement")).text
    assert "No admission before it" in page
    assert ">Admit</a>" not in page
    url = f"/placements/{decision.id}/countersign"
    assert "Owen Whitfield" in prescriber.get("/intake").text
    assert url in prescriber.get("/").text
    shown = prescriber.get(url).text
    assert "His sister takes him in tonight." in shown
    assert submit(prescriber, url, do="countersign").status_code == 303
    (decision,) = kept()
    assert decision.state == "standing"
    assert decision.countersigned_by == prescriber.user_id  # type: ignore[attr-defined]
    assert open_items() == []
    assert prescriber.get(url).status_code == 404  # the view ends with the countersign
    assert "Samir Haddad" in coordinator.get(address(detox, "placement")).text


def test_returned_with_a_reason_and_decided_anew(
    coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID
) -> None:
    decide(coordinator, detox, **LOWER)
    url = f"/placements/{kept()[0].id}/countersign"
    assert submit(prescriber, url, do="return").status_code == 422
    answer = submit(prescriber, url, do="return", reason="COWS 27: not at home tonight.")
    assert answer.status_code == 303
    assert kept()[0].state == "returned"
    assert "COWS 27: not at home tonight." in coordinator.get(address(detox, "placement")).text
    assert decide(coordinator, detox, kind="accepted").status_code == 303
    assert [one.state for one in kept()] == ["returned", "standing"]


def test_clinician_decides_alone(
    coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID, clock: MovedClock
) -> None:
    decide(coordinator, detox, **LOWER)  # the relation of a countersign lets the prescriber in
    answer = decide(prescriber, detox, kind="other", plan="outpatient", reason="Seen today, sister present.")
    assert answer.status_code == 303
    assert [one.state for one in kept()] == ["replaced", "standing"]
    assert open_items() == []


def test_who_proposed_cannot_countersign(
    coordinator: FlaskClient, detox: UUID, sign_in: SignIn, staff: Callable[..., UUID]
) -> None:
    decide(coordinator, detox, **LOWER)
    url = f"/placements/{kept()[0].id}/countersign"
    assert coordinator.get(url).status_code == 404
    assert sign_in("nurse").get(url).status_code == 404
    assert sign_in("therapist").get(url).status_code == 404


def test_setting_lets_therapists_countersign(
    coordinator: FlaskClient, detox: UUID, sign_in: SignIn, clock: MovedClock
) -> None:
    therapist = sign_in("therapist")
    configuring.set_value("countersign_includes_therapists", True, at=clock.now())
    decide(coordinator, detox, **LOWER)
    url = f"/placements/{kept()[0].id}/countersign"
    assert submit(therapist, url, do="countersign").status_code == 303
    assert kept()[0].state == "standing"


def test_second_countersign_is_told(coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID) -> None:
    decide(coordinator, detox, **LOWER)
    url = f"/placements/{kept()[0].id}/countersign"
    first, second = (hidden_fields(prescriber.get(url).text, url) for _ in range(2))
    assert prescriber.post(url, data={**first, "do": "countersign"}).status_code == 303
    assert prescriber.post(url, data={**second, "do": "return", "reason": "Late"}).status_code in (404, 409)
    assert kept()[0].state == "standing"


def test_what_cannot_be_recommended_is_not_titled_with_a_medication(
    coordinator: FlaskClient, patient: Register
) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on=USED, pregnant="not_known")
    assert "Cannot recommend outpatient yet</h1>" in coordinator.get(address(patient_id, "placement")).text


def test_incomplete_waits_even_for_more_protective(
    coordinator: FlaskClient, prescriber: FlaskClient, patient: Register
) -> None:
    patient_id = patient()
    begin(coordinator, patient_id)
    save(coordinator, patient_id, "safety", **{**CALM, "pregnant": "declined"})
    sign(coordinator, patient_id)
    page = coordinator.get(address(patient_id, "placement")).text
    assert "Accept the proposal" not in page
    decide(coordinator, patient_id, kind="other", plan="detox", reason="Very sick, will not answer.")
    assert (kept()[0].state, kept()[0].comparison) == ("proposed", "open")


def test_refusal_keeps_the_next_best_and_naloxone(
    coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID
) -> None:
    declined = {"kind": "declined", "plan": "outpatient", "reason": "Will not stay over night."}
    refused = decide(coordinator, detox, **declined)
    assert refused.status_code == 422
    assert "Choose what was done about naloxone" in refused.text
    no_expiry = decide(coordinator, detox, **declined, naloxone_code="given")
    assert no_expiry.status_code == 422
    assert "Enter when the naloxone expires" in no_expiry.text
    assert kept() == []
    given = {"naloxone_code": "given", "naloxone_expires_on": "2028-01-31"}
    assert decide(coordinator, detox, **declined, **given).status_code == 303
    (decision,) = kept()
    assert (decision.kind, decision.state) == ("declined", "proposed")
    naloxone = history.current(detox, FactKind.NALOXONE)
    assert naloxone is not None
    assert naloxone.code == "given"


def test_emergency_is_acted_on_not_decided(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on=USED, chest_pain="yes")
    page = coordinator.get(address(patient_id, "placement")).text
    assert page.index("Call 911</a> now. Give naloxone") < page.index("Proposed by the rules")
    assert "Accept the proposal" not in page
    assert decide(coordinator, patient_id).status_code == 422
    assert decide(coordinator, patient_id, reason="911 called 10:05, crew here 10:12.").status_code == 303
    (decision,) = kept()
    assert (decision.kind, decision.state) == ("acted", "standing")
    done = coordinator.get(address(patient_id, "placement")).text
    assert ">Admit</a>" not in done


def test_two_people_deciding_the_second_sees_the_first(
    coordinator: FlaskClient, detox: UUID, sign_in: SignIn
) -> None:
    second, url = sign_in("coordinator", name="Jamie Frost"), address(detox, "placement")
    mine = hidden_fields(second.get(url).text, url)
    decide(coordinator, detox, kind="accepted")
    late = second.post(url, data={**mine, **LOWER})
    assert late.status_code == 409
    assert "Someone else decided meanwhile" in late.text
    assert "His sister takes him in tonight." in late.text
    assert "Priya Nair" in late.text
    assert len(kept()) == 1
    again = second.post(url, data={**hidden_fields(late.text, url), **LOWER})
    assert again.status_code == 303
    assert [one.state for one in kept()] == ["replaced", "proposed"]


def test_double_click_decides_once(coordinator: FlaskClient, detox: UUID) -> None:
    url = address(detox, "placement")
    data = {**hidden_fields(coordinator.get(url).text, url), "kind": "accepted"}
    assert [coordinator.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert len(kept()) == 1


BAD = {
    "nothing chosen": ({}, "Choose what to do with the proposal"),
    "another level, but which": ({"kind": "other", "reason": "Because"}, "Choose the level of care"),
    "level nobody offered": (
        {"kind": "other", "plan": "cruise", "reason": "Because"},
        "Choose level of care",
    ),
    "20,000 characters": ({**LOWER, "reason": "x" * 20_000}, "Shorten in your own words"),
    "impossible date": ({**LOWER, "naloxone_expires_on": "2026-02-30"}, "as a date that exists"),
}


@pytest.mark.parametrize(("data", "words"), BAD.values(), ids=BAD)
def test_bad_decision_says_what_is_wanted(
    coordinator: FlaskClient, detox: UUID, data: dict[str, str], words: str
) -> None:
    answer = decide(coordinator, detox, **data)
    assert answer.status_code == 422
    assert words in answer.text
    assert kept() == []


def test_countersign_relation_is_for_this_patient_and_ends(
    coordinator: FlaskClient, prescriber: FlaskClient, detox: UUID, patient: Register
) -> None:
    other = patient(family_name="Other", given_name="Person")
    decide(coordinator, detox, **LOWER)
    assert prescriber.get(address(detox, "placement")).status_code == 200
    assert prescriber.get(address(other, "placement")).status_code == 404
    submit(prescriber, f"/placements/{kept()[0].id}/countersign", do="countersign")
    current = select(Relation.id).where(Relation.kind == RelationKind.COUNTERSIGN, Relation.ends_at.is_(None))
    assert db.session.scalars(current).all() == []
    assert kept()[0].state is DecisionState.STANDING
