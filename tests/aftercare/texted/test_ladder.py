"""The ladder of silence to its end: dated steps, what came before on each, ended by contact or a decision."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from clinic.aftercare.models import Silence, SilenceStep
from clinic.aftercare.rules.silence import Action, Known, Tried, ladder, words
from clinic.aftercare.services import ladder as climbing
from clinic.configuration.rules import SETTINGS
from clinic.core.db import db
from clinic.core.rules import local
from clinic.messaging.models import Message
from clinic.worklist.models import WorkItem
from tests.aftercare.conftest import NEW_YORK, Person, link_of, tap
from tests.aftercare.texted.conftest import Later
from tests.conftest import MovedClock
from tests.forms import submit, submit_twice
from tests.messaging.provider import Provider
from tests.race import race

STEPS = SETTINGS["silence_ladder"].default
SECOND, SUPPORT, REVIEW = (f"aftercare.{name}" for name in ("second_call", "support_person", "review"))


@pytest.fixture
def silent(discharged: Person, later: Later) -> Person:
    """Wednesday's check-in went out at 10:00 and nobody answered; it is Thursday, 09:01."""
    later(hours=19)
    later(hours=23, minutes=1)
    return discharged


def _open(person: Person) -> dict[str, WorkItem]:
    """The open work of the ladder, by kind."""
    db.session.rollback()
    mine = (WorkItem.patient_id == person.id, WorkItem.closed_at.is_(None))
    rows = db.session.scalars(select(WorkItem).where(*mine).execution_options(populate_existing=True))
    of_it = ("aftercare.no_answer", "aftercare.letter", SECOND, SUPPORT, REVIEW)
    return {row.kind: row for row in rows if row.kind in of_it}


def _ended() -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Silence.ended_reason)).one()


def test_four_days_of_silence_lead_from_a_call_to_the_supervisors_decision(
    silent: Person,
    later: Later,
    provider: Provider,
    clock: MovedClock,
    sign_in: Callable[..., FlaskClient],
) -> None:
    supervisor = sign_in("supervisor", name="Ruth Adler")
    first = _open(silent)["aftercare.no_answer"]
    answer = submit(silent.therapist, f"/work/{first.id}", outcome="voicemail", note="Asked for a call")
    assert answer.status_code == 303
    later(days=1)  # Friday: 24 hours after the call
    [(kind, item)] = _open(silent).items()
    assert kind == SECOND
    assert item.reason == (
        "Call again. No other channel is agreed."
        " Silent since Wed Nov 25. Before: first call Thu Nov 26: left a voicemail."
    )
    later(days=1)
    [(kind, item)] = _open(silent).items()
    assert kind == SUPPORT
    assert "Call Ada Obi, sponsor, (202) 555-0133" in item.reason  # the plan says that we may
    assert "“Please ask Owen to call the clinic.”" in item.reason
    assert "second call Fri Nov 27: not tried" in item.reason
    later(days=1)
    [(kind, item)] = _open(silent).items()
    assert (kind, item.owner_id) == (REVIEW, supervisor.user_id)  # type: ignore[attr-defined]
    tab = silent.therapist.get(f"/patients/{silent.id}/aftercare").text
    assert "silent since Wed Nov 25" in tab
    assert "Left a voicemail" in tab
    url = f"/patients/{silent.id}/aftercare/silence"
    assert "Still silent: decide" in supervisor.get("/").text
    refused = submit(supervisor, url, decision="keep_waiting", words="Mother heard from him", look_on="")
    assert refused.status_code == 422
    assert "Enter look again on as a day within 60 days" in refused.text
    kept = submit(supervisor, url, decision="keep_waiting", words="Mother wrote", look_on="2026-12-03")
    assert kept.status_code == 303
    assert _open(silent) == {}
    later(days=4)  # Thursday, December 3
    [(kind, item)] = _open(silent).items()
    assert kind == REVIEW
    assert "Keep waiting" in supervisor.get(url).text
    submit_twice(supervisor, url, decision="close", words="Moved away")
    assert (_open(silent), _ended()) == ({}, "closed_by_supervisor")


def test_an_answer_ends_it_and_its_open_work(
    silent: Person, later: Later, clock: MovedClock, client: FlaskClient
) -> None:
    later(hours=1)  # the next check-in is due
    assert tap(client, link_of(silent, day=2), "7").status_code == 303
    assert (_open(silent), _ended()) == ({}, "contact")
    later(days=1)
    assert SECOND not in _open(silent)


def test_a_reached_call_ends_it(silent: Person, later: Later) -> None:
    later(days=1)
    item = _open(silent)[SECOND]
    recorded = submit(silent.therapist, f"/work/{item.id}", outcome="reached", note="Fine", close="y")
    assert recorded.status_code == 303
    assert (_open(silent), _ended()) == ({}, "reached")
    later(days=3)
    assert REVIEW not in _open(silent)


def test_a_second_missed_check_in_is_no_second_ladder(silent: Person, later: Later) -> None:
    later(hours=1)
    later(hours=23)  # day 2 was missed too
    assert db.session.scalar(select(func.count()).select_from(Silence)) == 1
    [item] = _open(silent).values()
    page = silent.therapist.get(f"/work/{item.id}").text
    assert "check-in of day 2 was not answered either" in page or item.kind == SECOND


def test_ten_workers_climb_each_step_once(silent: Person, clock: MovedClock, env: Mapping[str, str]) -> None:
    clock.advance(days=1)
    db.session.rollback()
    assert race(env, [partial(climbing.climb, clock.now())] * 10) == ["done"] * 10
    assert db.session.scalar(select(func.count()).where(WorkItem.kind == SECOND)) == 1
    raised = select(func.count()).where(SilenceStep.raised_at.is_not(None))
    assert db.session.scalar(raised) == 2


def test_the_other_channel_asks_for_a_call_only_where_agreed(silent: Person, later: Later) -> None:
    later(days=1)
    assert db.session.scalar(select(func.count()).where(Message.purpose == "call_me")) == 0


COLUMNS: dict[str, tuple[bool, list[tuple[str, int]]]] = {
    "weeks 0 to 4": (True, [("second_call", 2), ("support_person", 3), ("review", 4)]),
    "later": (False, [("second_call", 7), ("letter", 14), ("review", 30)]),
}


@pytest.mark.parametrize(("early", "wanted"), COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("missed_on", [date(2026, 10, 30), date(2027, 3, 12), date(2026, 7, 1)])
def test_each_step_is_at_nine_on_its_local_day_whatever_the_clocks_do(
    early: bool, wanted: list[tuple[str, int]], missed_on: date
) -> None:
    steps = ladder(missed_on, NEW_YORK, STEPS, early=early)
    assert [(step.action, (step.on - missed_on).days) for step in steps] == wanted
    assert {f"{local(step.due_at, NEW_YORK):%H:%M}" for step in steps} == {"09:00"}
    assert all(isinstance(step.due_at, datetime) and step.due_at.tzinfo is UTC for step in steps)


WORDS: dict[str, tuple[Action, dict[str, Any], str]] = {
    "another channel": (
        Action.SECOND_CALL, {"channel": "email"}, "A message by email that asks for a call goes out as well."
    ),
    "nobody may be told": (
        Action.SUPPORT_PERSON, {}, "No support person may be told that we cannot reach this person."
    ),
    "minimum words": (
        Action.SUPPORT_PERSON,
        {"supporters": ("Ada, 555",), "first_name": "Owen", "clinic_phone": "(202) 555-0100"},
        "Say your first name and only: “Please ask Owen to call (202) 555-0100.”",
    ),
    "letter": (Action.LETTER, {}, "plain envelope"),
}  # fmt: skip


@pytest.mark.parametrize(("action", "facts", "wanted"), WORDS.values(), ids=WORDS)
def test_a_step_says_what_to_do_and_what_came_before(
    action: Action, facts: dict[str, Any], wanted: str
) -> None:
    tried = (Tried(Action.CALL, date(2026, 11, 26), ("No answer",)),)
    said = words(action, Known(date(2026, 11, 25), tried, **facts))
    assert wanted in said
    assert said.endswith("Silent since Wed Nov 25. Before: first call Thu Nov 26: no answer.")


def test_the_letter_and_its_envelope_name_nothing(silent: Person) -> None:
    page = silent.therapist.get(f"/patients/{silent.id}/aftercare/letter").text
    letter = page.partition('<article class="handout">')[2].partition("</article>")[0]
    assert "Dear <bdi>Owen</bdi>" in letter
    assert "Whitfield" not in letter
