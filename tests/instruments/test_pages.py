"""Filling in a scale by its page: drafts, completing, item 9, signing, another's record."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from clinic.core.db import db, transaction
from clinic.instruments import queries
from clinic.instruments.models import Administration
from clinic.worklist.models import WorkItem
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit

MILD = {"item_pulse": "4", "item_sweating": "1"}
COWS = {f"item_{item.id}": "0" for item in queries.read_folder(queries.SHIPPED)["cows"].items}


def _fill(browser: FlaskClient, patient_id: UUID, name: str, clock: MovedClock, **data: str):  # type: ignore[no-untyped-def]
    return submit(browser, f"/patients/{patient_id}/instruments/{name}", **_observed(clock), **data)


def _observed(clock: MovedClock) -> dict[str, str]:
    return {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}


def test_complete_form_shows_score_band_and_every_answer(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    answer = _fill(therapist, patient_id, "cows", clock, **COWS | MILD)
    assert answer.status_code == 303
    page = therapist.get(answer.location).text
    assert "Mild" in page
    assert "Subjective report of chills or flushing" in page
    assert "Wesson" in page
    row = queries.latest(patient_id, "cows")
    assert row is not None
    assert (row.scores, row.bands, row.instrument_version) == ({"total": 5}, {"total": "mild"}, "2003")
    assert len(row.band_set or []) == 5
    assert len(row.answers) == 11


def test_missing_items_keep_what_was_entered(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    answer = _fill(therapist, patient_id, "cows", clock, **MILD)
    assert answer.status_code == 422
    assert "COWS cannot be completed yet" in answer.text
    assert "Choose what you see for runny nose or tearing" in answer.text
    assert "9 problems." in answer.text
    draft = queries.unsigned(patient_id, "cows")
    assert draft is not None
    assert (draft.answers, draft.scores) == ({"pulse": "4", "sweating": "1"}, None)


def test_draft_comes_back(therapist: FlaskClient, patient_id: UUID, clock: MovedClock) -> None:
    answer = _fill(therapist, patient_id, "cows", clock, **MILD, do="save")
    assert answer.status_code == 303
    page = therapist.get(answer.location).text
    assert re.search(r'<input checked [^>]*id="item_pulse-3"', page)
    assert "as of" in page
    assert "2 of 11 answered" in page


def _work(patient_id: UUID) -> list[tuple[str, str, bool]]:
    """Kind, level and whether it is closed, of the work that intake makes of the answers."""
    mine = (WorkItem.patient_id == patient_id, WorkItem.kind.startswith("intake."))
    rows = db.session.scalars(select(WorkItem).where(*mine))
    return sorted((row.kind, row.level.value, row.closed_at is not None) for row in rows)


def test_item_9_is_work_at_once_even_of_a_draft(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    _fill(therapist, patient_id, "phq9", clock, item_q1="1", do="save")
    assert _work(patient_id) == []
    _fill(therapist, patient_id, "phq9", clock, item_q9="1", do="save")
    assert _work(patient_id) == [("intake.safety", "high", False)]


def _by_script(browser: FlaskClient, address: str, page: str, **data: str) -> TestResponse:
    """What the page sends by itself while somebody answers."""
    sent = {**hidden_fields(page, address), **data, "draft": "keep"}
    return browser.post(address, data=sent, headers={"Accept": "application/json"})


@pytest.mark.parametrize(
    ("name", "calm", "danger", "level"),
    [
        ("phq9", {"item_q1": "1"}, {"item_q9": "1"}, "high"),
        ("cssrs_screener", {"item_wish_dead": "no"}, {"item_intent": "yes"}, "acute"),
        ("cssrs_screener", {"item_suicidal_thoughts": "no"}, {"item_intent": "yes"}, "acute"),
    ],
)
def test_a_scale_saves_itself_and_a_dangerous_answer_is_work_with_the_first_saving_once(
    therapist: FlaskClient,
    patient_id: UUID,
    clock: MovedClock,
    name: str,
    calm: dict[str, str],
    danger: dict[str, str],
    level: str,
) -> None:
    address = f"/patients/{patient_id}/instruments/{name}"
    page, typed = therapist.get(address).text, _observed(clock) | calm
    assert "data-draft" in page
    first = _by_script(therapist, address, page, **typed)
    assert (first.status_code, first.json and first.json["version"]) == (200, 1)
    assert _work(patient_id) == []
    for seen in ("1", "2"):
        assert _by_script(therapist, address, page, **typed, **danger, draft_seen=seen).status_code == 200
    assert _work(patient_id) == [("intake.safety", level, False)]
    assert _by_script(therapist, address, page, **typed, draft_seen="1").status_code == 409
    draft = queries.unsigned(patient_id, name)
    assert draft is not None
    assert draft.answers == {key.removeprefix("item_"): code for key, code in (calm | danger).items()}


@pytest.mark.parametrize(
    "half_typed",
    [{"observed_on": "x"}, {"observed_time": "9"}, {"observed_on": "2999-01-01"}, {"item_q1": "9"}],
)
def test_what_cannot_be_read_yet_holds_up_no_dangerous_answer(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock, half_typed: dict[str, str]
) -> None:
    address = f"/patients/{patient_id}/instruments/phq9"
    typed = _observed(clock) | {"item_q9": "1"} | half_typed
    answer = _by_script(therapist, address, therapist.get(address).text, **typed)
    assert (answer.status_code, answer.json and answer.json["left_out"]) == (200, True)
    assert _work(patient_id) == [("intake.safety", "high", False)]
    draft = queries.unsigned(patient_id, "phq9")
    assert draft is not None
    assert draft.answers == {"q9": "1"}


def test_what_is_complete_does_not_become_a_draft_by_itself(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    _fill(therapist, patient_id, "cows", clock, **COWS)
    assert "data-draft" not in therapist.get(f"/patients/{patient_id}/instruments/cows").text


def test_item_9_left_out_is_work_until_it_is_answered(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    most = {f"item_q{n}": "0" for n in range(1, 9)}
    assert _fill(therapist, patient_id, "phq9", clock, **most).status_code == 422
    assert _work(patient_id) == [("intake.item_open", "moderate", False)]
    assert _fill(therapist, patient_id, "phq9", clock, **most, item_q9="0").status_code == 303
    assert _work(patient_id) == [("intake.item_open", "moderate", True)]


def test_acts_of_suicide_are_acute_whatever_the_thoughts(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    acts = {"wish_dead": "no", "suicidal_thoughts": "no", "behaviour_lifetime": "yes"}
    sent = {f"item_{name}": code for name, code in (acts | {"behaviour_3_months": "yes"}).items()}
    result = _fill(therapist, patient_id, "cssrs_screener", clock, **sent)
    assert "Do not leave alone" in therapist.get(result.location).text
    assert _work(patient_id) == [("intake.safety", "acute", False)]


def test_points_are_hidden_where_the_patient_reads(therapist: FlaskClient, patient_id: UUID) -> None:
    assert 'class="points"' in therapist.get(f"/patients/{patient_id}/instruments/cows").text
    assert 'class="points"' not in therapist.get(f"/patients/{patient_id}/instruments/phq9").text
    staff_only = therapist.get(f"/patients/{patient_id}/instruments/dast10").text
    assert staff_only.count("Paraphrase") >= 10


def test_signed_form_is_never_changed(therapist: FlaskClient, patient_id: UUID, clock: MovedClock) -> None:
    result = _fill(therapist, patient_id, "cows", clock, **COWS).location
    signed = submit(therapist, result, to=f"{result}/sign")
    assert signed.status_code == 303
    assert "Change answers" not in therapist.get(result).text
    row = queries.latest(patient_id, "cows")
    assert row is not None
    with pytest.raises(DBAPIError), transaction() as session:
        session.get_one(Administration, row.id).respondent = "nobody"
    db.session.rollback()
    assert queries.unsigned(patient_id, "cows") is None  # the next filling begins anew


def test_second_to_save_sees_both_and_loses_nothing(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    address = f"/patients/{patient_id}/instruments/cows"
    stale = hidden_fields(therapist.get(address).text, address)
    _fill(therapist, patient_id, "cows", clock, item_pulse="1", do="save")
    mine = {**stale, **_observed(clock), "item_pulse": "4", "do": "save"}
    answer = therapist.post(address, data=mine)
    assert answer.status_code == 409
    for words in ("Pulse rate 81-100", "Pulse rate greater than 120"):
        assert words in answer.text
    mine |= hidden_fields(answer.text, address) | {"keep-item_pulse": "theirs", "item_tremor": "1"}
    assert therapist.post(address, data=mine).status_code == 303
    draft = queries.unsigned(patient_id, "cows")
    assert draft is not None
    assert draft.answers == {"pulse": "1", "tremor": "1"}


def test_double_click_is_led_to_the_first_result(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    address = f"/patients/{patient_id}/instruments/cows"
    sent = {**hidden_fields(therapist.get(address).text, address), **_observed(clock), **COWS}
    first, second = (therapist.post(address, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(queries.history(patient_id)) == 1


def test_running_score_keeps_nothing(therapist: FlaskClient, patient_id: UUID) -> None:
    page = therapist.get(f"/patients/{patient_id}/instruments/cows").text
    token = {"csrf_token": hidden_fields(page, f"/patients/{patient_id}/instruments/cows")["csrf_token"]}
    part = therapist.post("/instruments/cows/running", data={**token, **MILD})
    assert "Could reach" in part.text
    assert "<b>5</b>" in part.text
    assert queries.unsigned(patient_id, "cows") is None


def test_observation_cannot_be_in_the_future(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    answer = submit(
        therapist,
        f"/patients/{patient_id}/instruments/cows",
        **COWS,
        observed_on=f"{clock.now().year + 1}-01-01",
        observed_time="10:00",
    )
    assert answer.status_code == 422
    assert "not in the future" in answer.text


def test_foreign_record_answers_like_none(sign_in: SignIn, patient_id: UUID) -> None:
    stranger = sign_in("therapist")
    for address in (f"/patients/{patient_id}/instruments", f"/patients/{patient_id}/instruments/cows"):
        assert stranger.get(address).status_code == 404
    assert sign_in("desk").get(f"/patients/{patient_id}/instruments").status_code == 404


def test_every_instrument_has_a_page(therapist: FlaskClient, patient_id: UUID) -> None:
    for name, instrument in queries.all_instruments().items():
        page = therapist.get(f"/patients/{patient_id}/instruments/{name}")
        assert page.status_code == 200
        assert (instrument.attribution or instrument.citation).split("'")[0][:30] in page.text
    assert therapist.get(f"/patients/{patient_id}/instruments/nope").status_code == 404
