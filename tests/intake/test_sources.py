"""Each source gives what it has to: an organization and a number to call back, a court's date."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db
from clinic.intake.models import Referral
from clinic.intake.rules.sources import Given, Source, asked_of, missing, taken
from clinic.intake.rules.waiting import Told
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit

TOLD = dict.fromkeys(Given, "told")
MUST = {
    Source.PERSON: [],
    Source.RELATIVE: [],
    Source.HOSPITAL: [Given.ORGANISATION],
    Source.PRIMARY_CARE: [Given.ORGANISATION],
    Source.COURT: [Given.ORGANISATION, Given.COURT_ON],
    Source.PROGRAMME: [Given.ORGANISATION],
    Source.OUTREACH: [Given.ORGANISATION],
    Source.CRISIS_LINE: [Given.ORGANISATION],
    Source.PROFESSIONAL: [Given.ORGANISATION],
}
CALLED = {"name": "Paul Whelan", "phone": "(202) 555-0143"}


@pytest.mark.parametrize("source", Source)
def test_source_gives_what_it_must_and_nothing_else_is_taken(source: Source) -> None:
    assert missing(source, {}) == MUST[source]
    assert missing(source, TOLD) == []
    assert set(taken(source, TOLD)) == set(asked_of(source))


BAD = {
    "hospital without organization": ({"source": "hospital"}, "Enter the organization and department"),
    "court without a date": (
        {"source": "court", "organisation": "County court"},
        "Enter the next court date",
    ),
    "program without a number to call back": (
        {"source": "programme", "organisation": "Lakeview", "phone": "", "email": "kim@example.org"},
        "Enter the number at which you can be called back",
    ),
    "a date that does not exist": (
        {"source": "court", "organisation": "County court", "court_on": "2026-02-30"},
        "as a date that exists",
    ),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_what_a_source_must_give_is_asked_for(
    client: FlaskClient, site: UUID, change: dict[str, Any], words: str
) -> None:
    answer = submit(client, "/help", **{**CALLED, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(select(Referral.id)) is None


def test_court_date_or_that_there_is_none_stands_on_the_referral(sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    court = {
        **CALLED,
        "source": "court",
        "organisation": "County probation",
        "where": "never asked of a court",
    }
    for given, words in (
        ({"court_on": "2026-12-14"}, "Dec 14, 2026"),
        ({"no_court_date": "y"}, "Not set yet"),
    ):
        answer = submit(coordinator, "/intake/new", **court, **given)
        assert answer.status_code == 303, answer.text
        page = coordinator.get(answer.location).text
        assert words in page
        assert "County probation" in page
        assert "never asked of a court" not in page


def test_staff_answers_decide_the_place_and_pregnant_is_urgent(sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")
    submit(coordinator, "/intake/new", **CALLED, source="person", pregnant="yes", injecting="declined")
    referral = db.session.scalars(select(Referral)).one()
    assert (referral.pregnant, referral.injecting, referral.urgent) == (Told.YES, Told.DECLINED, True)


def test_referral_is_a_draft_from_the_first_key(sign_in: SignIn) -> None:
    coordinator, url = sign_in("coordinator"), "/intake/new"
    typed = {**hidden_fields(coordinator.get(url).text, url), "name": "Mar", "draft": "keep"}
    saved = coordinator.post(url, data=typed, headers={"Accept": "application/json"})
    assert saved.status_code == 200
    page = coordinator.get(url).text
    assert 'value="Mar"' in page
    assert "Draft saved" in page
    kept = submit(coordinator, url, **CALLED, source="person")
    assert kept.status_code == 303
    assert "Draft saved" not in coordinator.get(url).text
