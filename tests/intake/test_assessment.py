"""The assessment: sections in any order, resumable, two people, scales, signature."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from clinic.core.db import db, transaction
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.instruments.models import Administration
from clinic.intake.models import Assessment, AssessmentSection, Placement
from clinic.intake.queries import assessments as queries
from clinic.intake.rules.findings import missing
from clinic.intake.rules.sections import Section
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit
from tests.intake.conftest import TUESDAY
from tests.intake.way import CALM, COWS, OBSERVED, PHQ9, address, assess, begin, heroin, save, sign

Register = Callable[..., UUID]


@pytest.fixture
def begun(coordinator: FlaskClient, patient: Register) -> UUID:
    """A patient whose assessment has begun."""
    patient_id = patient()
    begin(coordinator, patient_id)
    return patient_id


def saved(patient_id: UUID) -> queries.Sheet:
    """The newest assessment, as kept."""
    db.session.expire_all()
    found = queries.newest(patient_id)
    assert found is not None
    return found


def test_sections_are_saved_alone_in_any_order_and_come_back(coordinator: FlaskClient, begun: UUID) -> None:
    save(coordinator, begun, "phq9", **PHQ9)
    answer = save(coordinator, begun, "safety", conscious="yes", chest_pain="declined", respiratory_rate="14")
    assert answer.status_code == 303
    assert saved(begun).saved(Section.SAFETY).answers == {
        "conscious": "yes", "chest_pain": "declined", "respiratory_rate": 14,
    }  # fmt: skip
    page = coordinator.get(address(begun, "assessment/safety")).text
    assert 'value="14"' in page
    overview = coordinator.get(address(begun)).text
    assert "2 of 17" in overview
    assert "Not begun" in overview


def test_optional_stands_only_at_what_a_complete_result_can_do_without(
    coordinator: FlaskClient, begun: UUID
) -> None:
    text = coordinator.get(address(begun, "assessment/safety")).text
    marked = [label for label in ("Thoughts of suicide", "Breathing rate") if f"{label} <span" in text]
    assert marked == ["Breathing rate"]


def test_beginning_twice_keeps_one(coordinator: FlaskClient, begun: UUID) -> None:
    for _ in range(2):
        coordinator.post(
            address(begun, "assessment/begin"),
            data=hidden_fields(coordinator.get(address(begun)).text, address(begun, "assessment/sign")),
        )
    assert len(db.session.scalars(select(Assessment.id)).all()) == 1


BAD = {
    "a word for a number": ("safety", {"respiratory_rate": "fast"}, "Enter breathing rate as a whole number"),
    "out of range": ("safety", {"spo2": "101"}, "Enter oxygen saturation as a whole number from 0 to 100"),
    "an answer nobody offered": ("safety", {"chest_pain": "perhaps"}, "Choose chest pain from the list"),
    "no substance and no tick": ("substances", {}, "Enter a substance, or tick that none is used"),
    "use in the future": ("substances", heroin("2026-11-25"), "not in the future"),
    "impossible date": ("substances", heroin("2026-02-30"), "as a date that exists"),
    "time left out": ("substances", heroin("2026-11-23", at=""), "Enter the time of last use"),
    "hour that the clocks skipped": ("substances", heroin("2026-03-08", "02:30"), "that the clocks showed"),
    "row without a substance": ("substances", {"uses-0-route": "smoked"}, "Choose the substance of this row"),
    "item of the scale left out": ("cows", {**COWS, "item_anxiety": ""}, "COWS cannot be completed yet"),
    "points the scale does not have": ("cows", {**COWS, "item_pulse": "3"}, "COWS cannot be completed yet"),
}  # fmt: skip


@pytest.mark.parametrize(("section", "answers", "words"), BAD.values(), ids=BAD)
def test_bad_input_says_what_is_wanted(
    coordinator: FlaskClient, begun: UUID, section: str, answers: dict[str, str], words: str
) -> None:
    answer = save(coordinator, begun, section, **answers)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Everything you entered is kept" in answer.text
    assert section not in saved(begun).sections


def test_reason_why_cows_was_not_taken_stands_for_it(coordinator: FlaskClient, begun: UUID) -> None:
    url, place = address(begun, "assessment/cows"), address(begun, "assessment/cows/not-taken")
    assert submit(coordinator, url, to=place).status_code == 422
    assert submit(coordinator, url, to=place, reason="Left before it could be taken").status_code == 303
    assert saved(begun).cows_not_done == "Left before it could be taken"
    assert "cows" not in missing(saved(begun).findings(TUESDAY))


def test_several_substances_in_rows_without_script(coordinator: FlaskClient, begun: UUID) -> None:
    url = address(begun, "assessment/substances")
    more = submit(coordinator, url, **heroin("2026-11-23"), do="more")
    assert more.status_code == 200
    assert "uses-4-substance" in more.text
    rows = {**heroin("2026-11-23"), "uses-4-substance": "alcohol", "uses-4-precision": "unknown"}
    assert submit(coordinator, url, **rows).status_code == 303
    uses = saved(begun).uses
    assert uses is not None
    assert [use.substance for use in uses] == ["heroin", "alcohol"]
    assert uses[0].at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 06:00 in New York
    assert {use.substance for use in history.uses(begun)} == {"heroin", "alcohol"}


def test_no_substance_is_an_answer(coordinator: FlaskClient, begun: UUID) -> None:
    assert save(coordinator, begun, "substances", none="y").status_code == 303
    assert saved(begun).uses == []


def test_two_people_saving_one_section_see_both_versions(
    coordinator: FlaskClient, begun: UUID, sign_in: SignIn
) -> None:
    url = address(begun, "assessment/safety")
    second = sign_in("coordinator", name="Jamie Frost")
    mine = hidden_fields(second.get(url).text, url)
    save(coordinator, begun, "safety", conscious="yes", sober_support="yes")
    both = second.post(url, data={**mine, "conscious": "no", "safe_housing": "yes"})
    assert both.status_code == 409
    assert "Priya Nair saved this at" in both.text
    for words in ("Awake and answering", "A sober person who supports", "A safe place to stay", "Not asked"):
        assert words in both.text
    assert saved(begun).saved(Section.SAFETY).answers["conscious"] == "yes"
    again = second.post(url, data={**hidden_fields(both.text, url), "conscious": "no", "safe_housing": "yes"})
    assert again.status_code == 303
    assert saved(begun).saved(Section.SAFETY).answers == {"conscious": "no", "safe_housing": "yes"}


def test_two_people_saving_substances_see_both_lists(
    coordinator: FlaskClient, begun: UUID, sign_in: SignIn
) -> None:
    url = address(begun, "assessment/substances")
    second = sign_in("coordinator")
    mine = hidden_fields(second.get(url).text, url)
    save(coordinator, begun, "substances", none="y")
    both = second.post(url, data={**mine, **heroin("2026-11-23")})
    assert both.status_code == 409
    assert "About this time, Mon Nov 23, 06:00" in both.text
    typed = {**hidden_fields(both.text, url), **heroin("2026-11-23")}
    chosen = {**typed, "keep-uses": "theirs", "keep-none": "theirs"}
    assert second.post(url, data=chosen).status_code == 303
    assert saved(begun).uses == []


def test_double_click_saves_once(coordinator: FlaskClient, begun: UUID) -> None:
    url = address(begun, "assessment/safety")
    data = {**hidden_fields(coordinator.get(url).text, url), "conscious": "yes"}
    assert [coordinator.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert saved(begun).saved(Section.SAFETY).version == 1


def test_life_threat_stands_on_every_page_at_once(coordinator: FlaskClient, begun: UUID) -> None:
    save(coordinator, begun, "safety", chest_pain="yes")
    for page in ("assessment", "assessment/cows", "assessment/substances"):
        assert "call 911</a> now" in coordinator.get(address(begun, page)).text


@pytest.mark.parametrize("draft", [True, False])
def test_thoughts_of_suicide_make_work_at_once(coordinator: FlaskClient, begun: UUID, draft: bool) -> None:
    answers = {**OBSERVED, "item_q9": "1", "do": "save"} if draft else {**PHQ9, "item_q9": "1"}
    assert save(coordinator, begun, "phq9", **answers).status_code == 303
    item, plan = db.session.scalars(select(WorkItem).order_by(WorkItem.kind)).all()
    assert (item.kind, item.level, item.patient_id) == ("intake.safety", Level.HIGH, begun)
    assert (plan.kind, plan.owner_id) == ("safety.plan", item.owner_id)
    assert (item.due_at - item.raised_at).total_seconds() == 4 * 3600
    assert "item 9" in item.reason
    assert item.owner_id == coordinator.user_id  # type: ignore[attr-defined]
    assert "PHQ-9 item 9 is above zero" in coordinator.get(address(begun)).text


def test_thoughts_of_suicide_stand_over_the_form_that_is_not_complete(
    coordinator: FlaskClient, begun: UUID
) -> None:
    answer = save(coordinator, begun, "phq9", **OBSERVED, item_q9="1")
    assert answer.status_code == 422
    assert "PHQ-9 item 9 is above zero" in answer.text


def test_thoughts_that_one_section_tells_and_another_denies_are_asked_again(
    coordinator: FlaskClient, begun: UUID
) -> None:
    save(coordinator, begun, "phq9", **{**PHQ9, "item_q9": "1"})
    for denied in (False, True):
        for page in ("assessment", "placement"):
            text = coordinator.get(address(begun, page)).text
            assert "PHQ-9 item 9 is above zero" in text
            assert ("Ask again, and correct the answer that is wrong" in text) is denied
        save(coordinator, begun, "safety", suicidal_ideation="no")


def test_no_thoughts_make_no_work(coordinator: FlaskClient, begun: UUID) -> None:
    save(coordinator, begun, "phq9", **{**PHQ9, "item_q1": "3"})
    assert db.session.scalars(select(WorkItem)).all() == []


def test_signature_keeps_scales_facts_and_the_recommendation(coordinator: FlaskClient, begun: UUID) -> None:
    save(coordinator, begun, "safety", **CALM)
    save(coordinator, begun, "substances", **heroin("2026-11-23"))
    save(coordinator, begun, "cows", **COWS)
    answer = sign(coordinator, begun)
    assert (answer.status_code, answer.location) == (303, address(begun, "placement"))
    sheet = saved(begun)
    assert sheet.signed_at is not None
    assert sheet.cows == 8
    administration = db.session.scalars(select(Administration)).one()
    assert administration.signed_at is not None
    pregnancy = history.current(begun, FactKind.PREGNANCY)
    assert pregnancy is not None
    assert pregnancy.code == "no"
    kept = db.session.scalars(select(Placement)).one()
    assert (kept.outcome, kept.medication, kept.rules_version) == ("outpatient", "agonist", "v1")
    assert kept.findings["cows"] == 8
    assert kept.findings["substances"] == [
        {"substance": "heroin", "last_use_hours": pytest.approx(28, abs=0.1)}
    ]
    assert (
        f"/administrations/{administration.id}" in coordinator.get(address(begun, "assessment/cows")).location
    )


def test_signed_sections_are_there_to_read(coordinator: FlaskClient, begun: UUID) -> None:
    url = address(begun, "assessment/safety")
    late = {**hidden_fields(coordinator.get(url).text, url), "conscious": "no"}
    save(coordinator, begun, "safety", conscious="yes", pregnant="declined", respiratory_rate="14")
    save(coordinator, begun, "substances", **heroin("2026-11-23"))
    sign(coordinator, begun)
    page = coordinator.get(url).text
    for words in ("Awake and answering", "Declined to answer", "14 a minute", "Not asked"):
        assert words in page
    assert "Save and go on" not in page
    assert "Heroin, about Mon Nov 23 06:00" in coordinator.get(address(begun, "assessment/substances")).text
    refused = coordinator.post(url, data=late)
    assert refused.status_code == 303
    assert "was not saved" in coordinator.get(refused.location).text
    assert saved(begun).saved(Section.SAFETY).answers["conscious"] == "yes"


def test_signed_assessment_refuses_change_in_the_database(
    coordinator: FlaskClient, patient: Register
) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23")
    for change in (
        update(Assessment).values(started_at=TUESDAY),
        update(AssessmentSection).values(saved_at=TUESDAY),
        update(Placement).values(rules_version="v0"),
    ):
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(change)


def test_signing_with_answers_left_out_recommends_nothing(coordinator: FlaskClient, begun: UUID) -> None:
    save(coordinator, begun, "safety", **{**CALM, "withdrawal_seizure_history": "not_known"})
    page = coordinator.get(address(begun)).text
    assert "Seizure or delirium in an earlier withdrawal" in page
    sign(coordinator, begun)
    placed = coordinator.get(address(begun, "placement")).text
    assert "Cannot recommend outpatient yet" in placed
    assert "Unknown is never read as no" in placed


def test_nothing_saved_cannot_be_signed(coordinator: FlaskClient, begun: UUID) -> None:
    answer = sign(coordinator, begun)
    assert answer.status_code == 409
    assert "Save at least one section" in answer.text


def test_new_assessment_begins_empty_after_a_signed_one(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23")
    begin(coordinator, patient_id)
    assert saved(patient_id).sections == {}
    assert saved(patient_id).scales == {}


def test_a_signed_assessment_is_amended_and_stays(coordinator: FlaskClient, patient: Register) -> None:
    patient_id = patient()
    assess(coordinator, patient_id, on="2026-11-23")
    first, url = saved(patient_id), address(patient_id, "assessment/amend")
    assert submit(coordinator, url, reason="").status_code == 422
    opened = hidden_fields(coordinator.get(url).text, url)
    assert submit(coordinator, url, reason="She is pregnant after all").status_code == 303
    assert coordinator.post(url, data={**opened, "reason": "Me too"}).status_code == 303  # there is one
    assert save(coordinator, patient_id, "safety", **{**CALM, "pregnant": "yes"}).status_code == 303
    page = coordinator.get(address(patient_id)).text
    for words in ("She is pregnant after all", '<del class="prose">No</del>', '<ins class="prose">Yes</ins>'):
        assert words in page
    sign(coordinator, patient_id)
    amended = saved(patient_id)
    assert (amended.amends_id, amended.cows) == (first.id, first.cows)
    assert first.saved(Section.SAFETY).answers["pregnant"] == "no"


@pytest.mark.parametrize("role", ["therapist", "desk", "peer", "privacy", "administrator", "nurse"])
def test_who_has_no_relation_finds_nothing(begun: UUID, sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get(address(begun)).status_code == 404
    assert sign_in(role).get(address(begun, "assessment/safety")).status_code == 404


def test_section_that_does_not_exist_is_not_there(coordinator: FlaskClient, begun: UUID) -> None:
    assert coordinator.get(address(begun, "assessment/horoscope")).status_code == 404
