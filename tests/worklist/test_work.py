"""Work is raised once, seen by whose it is, answered by one, and never forgotten."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from clinic.core import clock
from clinic.core.db import db
from clinic.core.ids import uuid7
from clinic.worklist import queries, registry, services
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event, Level, WorkKind
from tests.forms import submit
from tests.race import race

RISK = "tests.risk"
Make = Callable[..., UUID]


@pytest.fixture(autouse=True)
def kind(app: Flask) -> None:
    registry.kinds[RISK] = WorkKind("Answer shows risk", risk=True, roles=("coordinator",))


@pytest.fixture
def raised(site: UUID, patient: Make) -> Callable[..., UUID]:
    """Raises a risk item for an owner about a new patient."""

    def make(owner_id: UUID | None, level: Level = Level.HIGH, subject_id: UUID | None = None) -> UUID:
        now = clock.now()
        return services.raise_item(
            RISK,
            "check_in",
            subject_id or uuid7(),
            patient_id=patient(),
            owner_id=owner_id,
            site_id=site,
            level=level,
            reason="Pull 9 of 10, slept badly",
            due_at=now + timedelta(hours=4),
            at=now,
        )

    return make


def test_the_same_subject_is_one_item_and_may_get_worse(app: Flask, staff: Make, raised: Make) -> None:
    subject, owner = uuid7(), staff("therapist")
    first = raised(owner, Level.MODERATE, subject)
    assert raised(owner, Level.ACUTE, subject) == first
    assert raised(owner, Level.LOW, subject) == first
    item = db.session.get_one(WorkItem, first)
    assert item.level is Level.ACUTE
    assert db.session.scalar(select(func.count()).select_from(WorkItem)) == 1


def test_an_acute_item_calls_the_pager_once(app: Flask, staff: Make, raised: Make) -> None:
    paged: list[UUID] = []
    registry.pagers[:] = [lambda item_id, at: paged.append(item_id)]
    subject, owner = uuid7(), staff("therapist")
    raised(owner, Level.HIGH, subject)
    item_id = raised(owner, Level.ACUTE, subject)
    raised(owner, Level.ACUTE, subject)
    assert paged == [item_id]


def test_the_owner_answers_on_the_page(sign_in: Callable[..., FlaskClient], raised: Make) -> None:
    therapist = sign_in("therapist")
    item_id = raised(therapist.user_id)  # type: ignore[attr-defined]
    today = therapist.get("/")
    assert "Pull 9 of 10, slept badly" in today.text
    assert "1 risk alert nobody has answered" in today.text

    missing = submit(therapist, f"/work/{item_id}", note="Called twice")
    assert missing.status_code == 422
    assert "Called twice" in missing.text
    assert "Choose how it went" in missing.text

    done = submit(therapist, f"/work/{item_id}", outcome="reached", note="Safe, sister is there", close="y")
    assert done.status_code == 303
    assert "All risk alerts are answered" in therapist.get("/").text
    kept = therapist.get(f"/work/{item_id}").text
    assert "Safe, sister is there" in kept
    assert "Reached and talked" in kept


UNANSWERED = {
    "nobody answered": ({"outcome": "no_answer", "note": "Rang twice"}, "Nobody has talked with the person"),
    "a voicemail": ({"outcome": "voicemail", "note": "Left a word"}, "Nobody has talked with the person"),
    "no reason": ({"outcome": "not_needed"}, "why this item may be closed"),
}


@pytest.mark.parametrize(("answer", "words"), UNANSWERED.values(), ids=UNANSWERED)
@pytest.mark.parametrize("level", [Level.ACUTE, Level.HIGH])
def test_a_grave_risk_is_not_closed_before_somebody_talked(
    sign_in: Callable[..., FlaskClient], raised: Make, level: Level, answer: dict[str, str], words: str
) -> None:
    therapist = sign_in("therapist")
    url = f"/work/{raised(therapist.user_id, level)}"  # type: ignore[attr-defined]
    refused = submit(therapist, url, **answer, close="y")
    assert refused.status_code == 422
    assert words in refused.text
    assert answer.get("note", "") in refused.text
    assert "1 risk alert nobody has answered" in therapist.get("/").text
    assert submit(therapist, url, **answer).status_code == 303  # a try is recorded, and the item stays
    assert submit(therapist, url, outcome="done", note="Welfare check, safe", close="y").status_code == 303


def test_a_low_risk_may_be_closed_after_a_try(sign_in: Callable[..., FlaskClient], raised: Make) -> None:
    therapist = sign_in("therapist")
    item_id = raised(therapist.user_id, Level.LOW)  # type: ignore[attr-defined]
    assert submit(therapist, f"/work/{item_id}", outcome="voicemail", close="y").status_code == 303


def test_of_two_answers_the_second_reads_the_first(sign_in: Callable[..., FlaskClient], raised: Make) -> None:
    therapist = sign_in("therapist")
    item_id = raised(therapist.user_id)  # type: ignore[attr-defined]
    page = therapist.get(f"/work/{item_id}")
    submit(therapist, f"/work/{item_id}", outcome="no_answer", note="First try")
    from_old_page = {"version": "1", "outcome": "reached", "note": "I was quicker"}
    late = submit(therapist, f"/work/{item_id}", **from_old_page)
    assert page.status_code == 200
    assert late.status_code == 409
    assert "I was quicker" in late.text
    assert "First try" in late.text


def test_a_foreign_item_is_not_there(sign_in: Callable[..., FlaskClient], staff: Make, raised: Make) -> None:
    item_id = raised(staff("therapist"))
    stranger = sign_in("therapist")
    foreign, invented = stranger.get(f"/work/{item_id}"), stranger.get(f"/work/{uuid7()}")
    assert foreign.status_code == invented.status_code == 404
    assert sign_in("supervisor").get(f"/work/{item_id}").status_code == 200


def test_who_was_paged_may_answer(sign_in: Callable[..., FlaskClient], staff: Make, raised: Make) -> None:
    item_id = raised(staff("therapist"))
    on_call = sign_in("nurse")
    assert on_call.get(f"/work/{item_id}").status_code == 404
    services.note_event(item_id, Event.PAGED, at=clock.now(), told_id=on_call.user_id)  # type: ignore[attr-defined]
    assert on_call.get(f"/work/{item_id}").status_code == 200


def test_what_nobody_owns_is_the_role_s(sign_in: Callable[..., FlaskClient], raised: Make) -> None:
    item_id = raised(None)
    assert sign_in("coordinator").get(f"/work/{item_id}").status_code == 200
    assert sign_in("therapist").get(f"/work/{item_id}").status_code == 404


def test_ten_processes_raise_one_item(
    app: Flask, env: Mapping[str, str], site: UUID, staff: Make, patient: Make
) -> None:
    now = clock.now()
    act = partial(
        services.raise_item,
        RISK,
        "check_in",
        uuid7(),
        patient_id=patient(),
        owner_id=staff("therapist"),
        site_id=site,
        level=Level.HIGH,
        reason="Pull 9 of 10",
        due_at=now,
        at=now,
    )
    assert race(env, [act] * 10) == ["done"] * 10
    assert db.session.scalar(select(func.count()).select_from(WorkItem)) == 1
    assert db.session.scalar(select(func.count()).where(WorkEvent.event == Event.RAISED)) == 1


def test_reasons_are_sealed(app: Flask, staff: Make, raised: Make) -> None:
    item_id = raised(staff("therapist"))
    assert b"slept badly" not in (db.session.get_one(WorkItem, item_id).reason_sealed or b"")
    assert queries.levels([]) == {}
