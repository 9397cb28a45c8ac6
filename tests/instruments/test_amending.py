"""A signed form is amended with a reason: both editions stay, and the record goes by the last."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from clinic.audit.models import AuditEntry
from clinic.core.db import db, transaction
from clinic.instruments import queries
from clinic.instruments.models import Administration
from tests.conftest import MovedClock
from tests.forms import hidden_fields, submit

COWS = {f"item_{item.id}": "0" for item in queries.read_folder(queries.SHIPPED)["cows"].items}


@pytest.fixture
def signed(therapist: FlaskClient, patient_id: UUID, clock: MovedClock) -> str:
    """The address of a signed COWS of 0."""
    result: str = submit(
        therapist, f"/patients/{patient_id}/instruments/cows", **_when(clock), **COWS
    ).location
    submit(therapist, result, to=f"{result}/sign")
    return result


def _when(clock: MovedClock) -> dict[str, str]:
    return {"observed_on": f"{clock.now():%Y-%m-%d}", "observed_time": "00:01"}


@pytest.fixture
def amend(therapist: FlaskClient, signed: str, clock: MovedClock) -> Callable[..., TestResponse]:
    """Amend the signed form, changing what is given."""
    return lambda **data: submit(therapist, f"{signed}/amend", **COWS | _when(clock) | data)


def test_amendment_shows_before_and_after_and_why(
    therapist: FlaskClient, patient_id: UUID, signed: str, amend: Callable[..., TestResponse]
) -> None:
    answer = amend(item_tremor="4", measured_pulse="76", reason="Misread the sheet")
    assert answer.status_code == 303
    page = therapist.get(answer.location).text
    for shown in (
        "Misread the sheet",
        ">No tremor</del>",
        ">Gross tremor",
        "76 beats per minute</ins>",
        ">0 No",
    ):
        assert shown in page
    before = therapist.get(signed).text
    assert "This was amended" in before
    assert "No tremor" in before
    now = queries.latest(patient_id, "cows")
    assert now is not None
    assert (now.scores, now.edition, len(queries.history(patient_id, "cows"))) == ({"total": 4}, 2, 1)
    assert len(queries.editions(patient_id, now.first_id)) == 2
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert "instrument.amended" in actions


REFUSED = {
    "no reason": ({"item_tremor": "4"}, 422, "Enter reason for the amendment"),
    "nothing changed": ({"reason": "Looked again"}, 422, "Nothing was changed yet"),
    "a future time": ({"observed_on": "2999-01-01", "reason": "Wrong day"}, 422, "not in the future"),
    "pulse and points that differ": (
        {"item_pulse": "4", "measured_pulse": "90", "reason": "Pulse"}, 422,
        "Choose Pulse rate 81-100 for 90 beats per minute, or change the number",
    ),
    "no pulse of a person": (
        {"measured_pulse": "19", "reason": "Pulse"}, 422,
        "Enter beats per minute as a whole number from 20 to 250",
    ),
}  # fmt: skip


def test_what_cannot_be_amended_so_is_kept_on_the_page(
    patient_id: UUID, signed: str, amend: Callable[..., TestResponse]
) -> None:
    for name, (data, status, sentence) in REFUSED.items():
        answer = amend(**data)
        assert (answer.status_code, sentence in answer.text) == (status, True), name
    assert len(queries.editions(patient_id, UUID(signed.rsplit("/", 1)[1]))) == 1


def test_second_to_amend_sees_the_first_and_amends_it(
    therapist: FlaskClient,
    patient_id: UUID,
    signed: str,
    clock: MovedClock,
    amend: Callable[..., TestResponse],
) -> None:
    address = f"{signed}/amend"
    stale = hidden_fields(therapist.get(address).text, address)
    amend(item_tremor="1", reason="First")
    mine = COWS | _when(clock) | stale | {"item_tremor": "4", "reason": "Second"}
    answer = therapist.post(address, data=mine)
    assert answer.status_code == 409
    for words in ("Tremor can be felt, but not observed", "Gross tremor", "keep-item_tremor", "First"):
        assert words in answer.text
    assert therapist.post(address, data=mine | hidden_fields(answer.text, address)).status_code == 303
    editions = queries.editions(patient_id, UUID(signed.rsplit("/", 1)[1]))
    assert [row.answers["tremor"] for row in editions] == ["0", "1", "4"]
    assert [row.reason for row in editions] == ["", "First", "Second"]


def test_no_edition_is_ever_changed(
    patient_id: UUID, signed: str, amend: Callable[..., TestResponse]
) -> None:
    amend(item_tremor="4", reason="Misread")
    for row in queries.editions(patient_id, UUID(signed.rsplit("/", 1)[1])):
        with pytest.raises(DBAPIError), transaction() as session:
            session.get_one(Administration, row.id).respondent = "nobody"
        db.session.rollback()


def test_what_nobody_signed_is_changed_instead(
    therapist: FlaskClient, patient_id: UUID, clock: MovedClock
) -> None:
    result = submit(therapist, f"/patients/{patient_id}/instruments/cows", **_when(clock), **COWS).location
    again = COWS | _when(clock) | {"item_tremor": "4", "reason": "Misread"}
    answer = submit(therapist, f"{result}/amend", **again)
    assert answer.status_code == 409
    assert "not signed yet" in answer.text
