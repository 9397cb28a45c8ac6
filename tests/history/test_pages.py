"""A patient's history, through its pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from clinic.core.db import db, transaction
from clinic.history import queries
from clinic.history.models import HistoryFact, SubstanceUse
from clinic.history.rules import FactKind, Precision
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit

Register = Callable[..., UUID]
TODAY = "2026-11-24"
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # 12:00 in New York


@pytest.fixture
def coordinator(clock: MovedClock, sign_in: SignIn) -> FlaskClient:
    """Intake at noon."""
    clock.set(NOON)
    return sign_in("coordinator")


def tell(browser: FlaskClient, patient_id: UUID, **changed: Any) -> tuple[int, str]:
    """Heroin, yesterday at 17:00."""
    told: dict[str, Any] = {
        "substance": "heroin",
        "route": "smoked",
        "precision": "about",
        "last_use_at": "2026-11-23",
        "last_use_time": "17:00",
    }
    answer = submit(browser, f"/patients/{patient_id}/history/last-use", **{**told, **changed})
    return answer.status_code, answer.text


def test_last_use_is_told_in_hours(coordinator: FlaskClient, patient: Register) -> None:
    owen = patient()
    assert tell(coordinator, owen)[0] == 303
    page = coordinator.get(f"/patients/{owen}/history").text
    assert "Last use about 19 h ago" in page
    assert "onset window" in page
    assert "Last use about 19 h ago" in coordinator.get(f"/patients/{owen}/contacts").text


def test_the_newest_of_a_substance_holds(
    coordinator: FlaskClient, patient: Register, clock: MovedClock
) -> None:
    owen = patient()
    tell(coordinator, owen)
    clock.advance(hours=1)
    tell(coordinator, owen, last_use_at="2026-11-24", last_use_time="10:30", precision="exact")
    tell(coordinator, owen, substance="alcohol", precision="unknown", last_use_at="", last_use_time="")
    db.session.rollback()
    heroin, alcohol = queries.uses(owen)
    assert (heroin.last_use_at, heroin.precision) == (
        datetime(2026, 11, 24, 15, 30, tzinfo=UTC),
        Precision.EXACT,
    )
    assert alcohol.last_use_at is None


BAD = {
    "tomorrow": ({"last_use_at": "2026-11-25"}, "Enter last use as a time that is not in the future"),
    "in five minutes": ({"last_use_at": "2026-11-24", "last_use_time": "12:05"}, "not in the future"),
    "a day that does not exist": ({"last_use_at": "2026-02-30"}, "as a date that exists"),
    "another century": ({"last_use_at": "1892-05-03"}, "with a year from 1900 on"),
    "the last day there is": ({"last_use_at": "9999-12-31"}, "with a year up to 2999"),
    "only a day": ({"last_use_time": ""}, "Enter both day and time of last use"),
    "neither": ({"last_use_at": "", "last_use_time": ""}, "or choose that it is not known"),
    "both at once": ({"precision": "unknown"}, "Leave last use empty if it is not known"),
    "no substance": ({"substance": ""}, "Choose substance"),
    "a substance nobody knows": ({"substance": "moon dust"}, "Choose substance from the list"),
}


@pytest.mark.parametrize(("changed", "told"), BAD.values(), ids=BAD)
def test_last_use_that_cannot_be(
    changed: dict[str, object], told: str, coordinator: FlaskClient, patient: Register
) -> None:
    owen = patient()
    status, page = tell(coordinator, owen, **changed)
    assert status == 422
    assert told in page
    assert queries.uses(owen) == []


def test_facts_stand_in_the_banner(coordinator: FlaskClient, patient: Register) -> None:
    owen = patient()
    history = f"/patients/{owen}/history"
    assert "<dt>Allergies</dt> <dd>Not asked</dd>" in coordinator.get(history).text
    submit(coordinator, f"{history}/allergy", code="known", detail="Penicillin, rash", on=TODAY)
    submit(coordinator, f"{history}/naloxone", code="given", expires_on="2028-05-01", on=TODAY)
    page = coordinator.get(history).text
    assert "<dt>Allergies</dt> <dd>Penicillin, rash</dd>" in page
    assert "<dt>Naloxone</dt> <dd>Given</dd>" in page


FACTS = {
    "naloxone without expiry": ("naloxone", {"code": "given"}, "Enter when the naloxone expires"),
    "an allergy to nothing": ("allergy", {"code": "known"}, "Enter what the person is allergic to"),
    "no answer": ("pregnancy", {"code": ""}, "Choose pregnancy"),
    "another kind's answer": ("pregnancy", {"code": "given"}, "Choose pregnancy from the list"),
    "tomorrow": ("pregnancy", {"code": "no", "on": "2026-11-25"}, "Enter a date that is not in the future"),
    "20,000 characters": ("allergy", {"code": "known", "detail": "x" * 20_000}, "It has 20,000"),
    "NUL": ("allergy", {"code": "known", "detail": "a\x00b"}, "cannot be read"),
}


@pytest.mark.parametrize(("kind", "sent", "told"), FACTS.values(), ids=FACTS)
def test_fact_that_cannot_be(
    kind: str, sent: dict[str, str], told: str, coordinator: FlaskClient, patient: Register
) -> None:
    owen = patient()
    answer = submit(coordinator, f"/patients/{owen}/history/{kind}", **{"on": TODAY, **sent})
    assert answer.status_code == 422
    assert told in answer.text
    assert queries.facts(owen) == {}


def test_a_wrong_fact_is_corrected_and_kept(coordinator: FlaskClient, patient: Register) -> None:
    owen, other = patient(), patient()
    history = f"/patients/{owen}/history"
    submit(coordinator, f"{history}/allergy", code="known", detail="Penicilin", on=TODAY)
    (wrong,) = queries.facts_of(owen, FactKind.ALLERGY)
    corrected = submit(
        coordinator,
        f"{history}/allergy/{wrong.id}",
        code="known",
        detail="Penicillin",
        on=TODAY,
        reason="Misspelled",
    )
    assert corrected.status_code == 303
    db.session.rollback()
    assert [fact.detail for fact in queries.facts_of(owen, FactKind.ALLERGY)] == ["Penicillin"]
    told = coordinator.get(f"{history}/allergy/{wrong.id}").text
    for words in ('<del class="prose">Penicilin</del>', '<ins class="prose">Penicillin</ins>', "Misspelled"):
        assert words in told
    assert "amended" in coordinator.get(history).text
    assert coordinator.get(f"/patients/{other}/history/allergy/{wrong.id}").status_code == 404
    assert coordinator.get(f"{history}/shoe-size").status_code == 404


def test_of_two_who_correct_a_fact_the_second_chooses(coordinator: FlaskClient, patient: Register) -> None:
    history = f"/patients/{patient()}/history"
    submit(coordinator, f"{history}/allergy", code="known", detail="Penicilin", on=TODAY)
    [wrong] = db.session.scalars(select(HistoryFact.id))
    page = f"{history}/allergy/{wrong}"
    opened = hidden_fields(coordinator.get(page).text, page)
    theirs = {"code": "known", "detail": "Penicillin", "on": "2026-11-20", "reason": "Misspelled"}
    assert submit(coordinator, page, **theirs).status_code == 303
    mine = {"code": "known", "detail": "Penicillin, rash", "on": TODAY, "reason": "How it shows"}
    late = coordinator.post(page, data={**opened, **mine})
    assert late.status_code == 409
    for words in ("Penicillin, rash", "Fri Nov 20", "Misspelled", "How it shows"):
        assert words in late.text
    chosen = {**hidden_fields(late.text, page), **mine, "keep-on": "theirs"}
    assert coordinator.post(page, data=chosen).status_code == 303
    db.session.rollback()
    newest = db.session.scalars(select(HistoryFact).order_by(HistoryFact.id.desc())).first()
    assert newest is not None
    assert (newest.detail, newest.on_date, newest.reason) == (
        "Penicillin, rash",
        date(2026, 11, 20),
        "How it shows",
    )


@pytest.mark.parametrize("model", [SubstanceUse, HistoryFact])
def test_the_database_refuses_to_change_history(
    model: type[SubstanceUse] | type[HistoryFact], coordinator: FlaskClient, patient: Register
) -> None:
    owen = patient()
    tell(coordinator, owen)
    submit(coordinator, f"/patients/{owen}/history/allergy", code="none_known", on=TODAY)
    for change in (update(model).values(source_kind="x"), delete(model)):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(change)
