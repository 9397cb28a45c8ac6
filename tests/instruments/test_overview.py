"""The page of all scales: what is due and why, what changed, one click to begin any."""

from datetime import timedelta
from uuid import UUID

from flask.testing import FlaskClient

from clinic.configuration import services as configuration
from clinic.core import actor
from clinic.core.db import transaction
from clinic.instruments import queries
from clinic.instruments.models import Administration
from clinic.instruments.queries import Standing
from tests.conftest import MovedClock
from tests.forms import submit

BAM = {
    f"item_{i.id}": i.options[1].code for i in queries.read_folder(queries.SHIPPED)["bam"].items if i.required
}


def _take(browser: FlaskClient, patient_id: UUID, name: str, clock: MovedClock, **answers: str) -> str:
    when = {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}
    result: str = submit(browser, f"/patients/{patient_id}/instruments/{name}", **when, **answers).location
    submit(browser, result, to=f"{result}/sign")
    return result


def _of(name: str, patient_id: UUID, clock: MovedClock) -> Standing:
    found = queries.standings(patient_id, now=clock.now())
    assert [one.instrument.id for one in found].count(name) == 1
    return next(one for one in found if one.instrument.id == name)


def test_every_scale_is_one_click_away(therapist: FlaskClient, patient_id: UUID) -> None:
    page = therapist.get(f"/patients/{patient_id}/instruments").text
    for name in queries.all_instruments():
        assert page.count(f'href="/patients/{patient_id}/instruments/{name}"') == 1
    assert page.count("Staff only, paraphrase") == 5


def test_a_screen_asks_for_the_whole_scale_until_it_was_taken(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    _take(therapist, patient_id, "gad2", clock, item_q1="2", item_q2="1")
    assert "Ask the full GAD-7" in therapist.get(f"/patients/{patient_id}/instruments").text
    _take(therapist, patient_id, "gad7", clock, **{f"item_q{n}": "1" for n in range(1, 8)})
    assert not _of("gad7", patient_id, clock).to_do
    assert "Ask the full GAD-7" not in therapist.get(f"/patients/{patient_id}/instruments").text


def test_a_monthly_scale_is_due_again_after_thirty_days(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    first = _take(therapist, patient_id, "bam", clock, **BAM)
    clock.advance(days=29)
    assert not _of("bam", patient_id, clock).to_do
    clock.advance(days=2)
    assert "Due again since" in therapist.get(f"/patients/{patient_id}/instruments").text
    second = _take(therapist, patient_id, "bam", clock, **BAM | {"item_q4": "3"})
    assert not _of("bam", patient_id, clock).to_do
    page = therapist.get(second).text
    assert f'href="{first}"' in page
    assert "2 higher than last time" in page.replace("\n", " ")
    assert page.count("scale-curve") == 3
    assert page.count("Paraphrase") > len(BAM)


def test_limits_that_nobody_published_are_the_clinics(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    key = "scale_limit_craving_nrs_high_craving"
    high = _take(therapist, patient_id, "craving_nrs", clock, item_craving="6")
    assert "not a published one" not in therapist.get(high).text
    with actor.acting(actor.Actor(actor.ActorKind.COMMAND, name="test")):
        configuration.set_value(key, 5, at=clock.now())
    again = _take(therapist, patient_id, "craving_nrs", clock, item_craving="6")
    assert "A limit of this clinic, not a published one" in therapist.get(again).text


def test_a_draft_stands_first(therapist: FlaskClient, patient_id: UUID, clock: MovedClock) -> None:
    when = {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}
    submit(therapist, f"/patients/{patient_id}/instruments/peg", **when, item_pain="3", do="save")
    page = therapist.get(f"/patients/{patient_id}/instruments").text
    assert page.index("To do") < page.index(">Go on<") < page.index("Not taken yet")
    assert _of("peg", patient_id, clock).latest is None
    assert clock.now() - _of("peg", patient_id, clock).open.recorded_at < timedelta(minutes=5)  # type: ignore[union-attr]


def test_what_was_recorded_outlives_the_file_of_its_scale(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    at, user_id = clock.now(), therapist.user_id  # type: ignore[attr-defined]
    bands = [{"score": "total", "id": "poor", "label": "Poor sleep"}]
    row = Administration(
        patient_id=patient_id, instrument_id="sleep3", instrument_version="1", context={}, flags=[],
        scores={"total": 3.5}, bands={"total": "poor"}, band_set=bands, respondent="self", observed_at=at,
        recorded_at=at, recorded_by=user_id, completed_at=at, signed_at=at, signed_by=user_id,
    )  # fmt: skip
    row.answers = {"hours": 7}
    with transaction() as session:
        session.add(row)
    assert "sleep3" in therapist.get(f"/patients/{patient_id}/instruments").text
    page = therapist.get(f"/patients/{patient_id}/administrations/{row.id}").text
    for shown in ("no longer has the file", "3.5", "Poor sleep", "hours"):
        assert shown in page
    assert therapist.get(f"/patients/{patient_id}").status_code == 200
