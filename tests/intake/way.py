"""The coordinator's way through intake by its pages, for tests that begin further on."""

from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.forms import submit

# Everything known and harmless; with the substances and COWS below the rules see no row but O1 or O3.
CALM = {
    "conscious": "yes", "chest_pain": "no", "seizure_now": "no", "vomiting_or_dehydrated": "no",
    "unstable_illness": "no", "suicidal_ideation": "no", "psychosis": "no", "violent_intent": "no",
    "psychiatric_severity": "none", "alcohol_daily": "no", "benzodiazepine_daily": "no",
    "withdrawal_seizure_history": "no", "pregnant": "no", "safe_housing": "yes", "sober_support": "yes",
    "overdose_12_months": "no", "released_4_weeks": "no", "wants_medication": "yes",
    "preference": "outpatient",
}  # fmt: skip
OBSERVED = {"observed_on": "2026-11-24", "observed_time": "09:30"}
COWS = {
    **OBSERVED,
    "item_pulse": "1", "item_sweating": "1", "item_restlessness": "1", "item_pupils": "1", "item_aches": "1",
    "item_nose_eyes": "1", "item_gi": "1", "item_tremor": "1", "item_yawning": "0", "item_anxiety": "0",
    "item_gooseflesh": "0",
}  # fmt: skip
PHQ9 = OBSERVED | {f"item_q{number}": "0" for number in range(1, 10)}
AT_ADMISSION = {
    "at": "10:00",
    "kind": "visit",
    "naloxone_code": "given",
    "naloxone_expires_on": "2028-05-31",
}
SEVERE = {
    **COWS,
    "item_gi": "5",
    "item_pulse": "4",
    "item_pupils": "5",
    "item_tremor": "4",
    "item_aches": "4",
}


def address(patient_id: UUID, page: str = "assessment") -> str:
    """Of a page of this patient's intake."""
    return f"/patients/{patient_id}/{page}"


def begin(browser: FlaskClient, patient_id: UUID) -> None:
    """Begin the assessment."""
    answer = submit(browser, address(patient_id), to=address(patient_id, "assessment/begin"))
    assert answer.status_code == 303, answer.text


def save(browser: FlaskClient, patient_id: UUID, section: str, **answers: Any) -> TestResponse:
    """Fill in one section and save it."""
    return submit(browser, address(patient_id, f"assessment/{section}"), **answers)


def heroin(on: str, at: str = "06:00") -> dict[str, str]:
    """One row of heroin, smoked, at about a time."""
    row = {"substance": "heroin", "route": "smoked", "precision": "about", "on": on, "at": at}
    return {f"uses-0-{name}": value for name, value in row.items()}


def sign(browser: FlaskClient, patient_id: UUID) -> TestResponse:
    """Sign the assessment."""
    return submit(browser, address(patient_id), to=address(patient_id, "assessment/sign"))


def assess(
    browser: FlaskClient,
    patient_id: UUID,
    *,
    on: str,
    cows: dict[str, str] | None = None,
    **change: str,
) -> None:
    """The whole assessment, signed. `on` is the day of last use; `change` answers of the safety section."""
    begin(browser, patient_id)
    for section, answers in (
        ("safety", {**CALM, **change}),
        ("substances", heroin(on)),
        ("cows", cows or COWS),
    ):
        answer = save(browser, patient_id, section, **answers)
        assert answer.status_code == 303, answer.text
    answer = sign(browser, patient_id)
    assert answer.status_code == 303, answer.text


def decide(browser: FlaskClient, patient_id: UUID, **data: Any) -> TestResponse:
    """Record a decision on the placement page."""
    return submit(browser, address(patient_id, "placement"), **data)


def admit(browser: FlaskClient, patient_id: UUID, *, on: str, **data: Any) -> TestResponse:
    """Press the button."""
    return submit(browser, address(patient_id, "admission"), **{**AT_ADMISSION, "on": on, **data})
