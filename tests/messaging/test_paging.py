"""Acute work pages the person on call until somebody takes it (C8.6)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.accounts import services as accounts
from clinic.accounts.rules import Role, ShiftPlan
from clinic.core.db import db
from clinic.core.errors import Missing
from clinic.core.rules import local
from clinic.messaging import queries
from clinic.messaging import services as messaging
from clinic.messaging.models import How
from clinic.messaging.services import paging
from clinic.messaging.services.sending import send_due
from clinic.worklist import services as worklist
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event, Level, Outcome
from tests.conftest import MovedClock, SignIn, Staff
from tests.forms import hidden_fields, submit
from tests.messaging.conftest import NOON
from tests.messaging.provider import Provider
from tests.messaging.test_webhooks import texted

FIRST, SECOND, LAST = "+12025550181", "+12025550182", "+12025550183"
Raise = Callable[[], UUID]


@pytest.fixture
def roster(staff: Staff, site: UUID, clock: MovedClock) -> dict[str, UUID]:
    """Two people on call and a supervisor, each with a phone."""
    clock.set(NOON)
    people = {
        "first": staff("therapist", name="Miriam Okafor", phone=FIRST),
        "second": staff("nurse", name="Tom Reyes", phone=SECOND),
        "last": staff("supervisor", name="Dana Cole", phone=LAST),
    }
    for rung, who in ((1, "first"), (2, "second")):
        on_call(people[who], rung, clock)
    return people


def on_call(user_id: UUID, rung: int, clock: MovedClock) -> None:
    """Put somebody on the roster from an hour ago for two days."""
    start = local(clock.now() - timedelta(hours=1), "America/New_York")
    end = start + timedelta(days=2)
    shift = ShiftPlan(
        user_id=user_id,
        rung=rung,
        local_date=start.date(),
        starts=start.time().replace(microsecond=0),
        ends_date=end.date(),
        ends=end.time().replace(microsecond=0),
        zone="America/New_York",
    )
    accounts.add_shift(shift, at=clock.now())


@pytest.fixture
def raise_acute(site: UUID, clock: MovedClock) -> Raise:
    """Makes acute work of an unknown person at the clinic's site."""

    def act() -> UUID:
        return worklist.raise_item(
            "messaging.risk",
            "inbound_message",
            uuid4(),
            patient_id=None,
            owner_id=None,
            site_id=site,
            level=Level.ACUTE,
            reason="Words of danger",
            due_at=clock.now() + timedelta(minutes=15),
            at=clock.now(),
        )

    return act


def numbers(provider: Provider) -> list[str]:
    """Who was texted, in order."""
    return [text.recipient for text in provider.taken()]


def steps(item_id: UUID) -> list[tuple[str, str | None]]:
    """What stands on the work item."""
    db.session.rollback()
    events = db.session.scalars(select(WorkEvent).where(WorkEvent.item_id == item_id).order_by(WorkEvent.id))
    return [(event.event.value, event.note) for event in events]


def test_page_names_nobody_and_goes_at_any_hour(
    roster: dict[str, UUID], raise_acute: Raise, clock: MovedClock, provider: Provider
) -> None:
    clock.set(NOON + timedelta(hours=15))  # three in the morning
    raise_acute()
    send_due(seconds=5)
    [text] = provider.taken()
    assert text.recipient == FIRST
    assert text.body == (
        "Urgent work is waiting since 03:00. Reply 1 to take it, then sign in: http://127.0.0.1:8000/pages"
    )


def test_ordinary_work_pages_nobody(roster: dict[str, UUID], site: UUID, provider: Provider) -> None:
    facts = {"patient_id": None, "owner_id": None, "site_id": site, "reason": "x", "due_at": NOON, "at": NOON}
    worklist.raise_item("messaging.risk", "inbound_message", uuid4(), level=Level.HIGH, **facts)  # type: ignore[arg-type]
    send_due(seconds=5)
    assert provider.taken() == []


def test_nobody_answers_then_second_then_supervisor(
    roster: dict[str, UUID], raise_acute: Raise, clock: MovedClock, provider: Provider
) -> None:
    item_id = raise_acute()
    for _ in range(5):
        send_due(seconds=5)
        clock.advance(minutes=3)
        paging.escalate(at=clock.now())
        clock.advance(minutes=3)
        paging.escalate(at=clock.now())
    send_due(seconds=5)
    assert numbers(provider) == [FIRST, SECOND, LAST]
    kinds = [event for event, _ in steps(item_id)]
    assert kinds == ["raised", "paged", "paged", "paged", "attempt"]
    assert queries.acknowledged(item_id) is None


def test_reply_of_one_takes_it(
    roster: dict[str, UUID], raise_acute: Raise, clock: MovedClock, provider: Provider, client: FlaskClient
) -> None:
    item_id = raise_acute()
    send_due(seconds=5)
    texted(client, " 1 ", FIRST)
    clock.advance(minutes=6)
    paging.escalate(at=clock.now())
    send_due(seconds=5)
    assert numbers(provider) == [FIRST]
    taken = queries.acknowledged(item_id)
    assert taken is not None
    assert taken.acknowledged_by == roster["first"]
    assert steps(item_id)[-1] == ("acknowledged", "By reply to the text")


def test_one_from_a_staff_phone_without_a_page_goes_to_a_person(
    roster: dict[str, UUID], client: FlaskClient
) -> None:
    texted(client, "1", FIRST)
    db.session.rollback()
    assert db.session.scalars(select(WorkItem.kind)).all() == ["messaging.unknown_number"]


def test_page_that_cannot_arrive_goes_on_at_once(
    roster: dict[str, UUID], raise_acute: Raise, clock: MovedClock, provider: Provider
) -> None:
    provider.world.store.block(FIRST)
    raise_acute()
    send_due(seconds=5)
    paging.escalate(at=clock.now())
    send_due(seconds=5)
    assert numbers(provider) == [SECOND]


def test_who_has_no_phone_is_passed_over_and_it_is_said(
    staff: Staff, raise_acute: Raise, clock: MovedClock, provider: Provider
) -> None:
    clock.set(NOON)
    on_call(staff("therapist", name="Ann Lee"), 1, clock)
    staff("supervisor", name="Dana Cole", phone=LAST)
    item_id = raise_acute()
    send_due(seconds=5)
    assert numbers(provider) == [LAST]
    assert ("paged", "Ann Lee has no phone here and could not be paged") in steps(item_id)


def test_without_anybody_the_item_says_so(raise_acute: Raise, clock: MovedClock) -> None:
    item_id = raise_acute()
    assert steps(item_id)[-1] == ("attempt", "Nobody else can be paged")


def test_work_that_is_closed_is_not_paged_any_more(
    roster: dict[str, UUID], site: UUID, clock: MovedClock, provider: Provider
) -> None:
    subject_id = uuid4()
    facts = {"patient_id": None, "owner_id": None, "site_id": site, "reason": "x", "due_at": NOON, "at": NOON}
    worklist.raise_item("messaging.risk", "inbound_message", subject_id, level=Level.ACUTE, **facts)  # type: ignore[arg-type]
    worklist.close_for("messaging.risk", "inbound_message", subject_id, Outcome.DONE, at=clock.now())
    send_due(seconds=5)
    clock.advance(minutes=6)
    assert paging.escalate(at=clock.now()) == 1
    send_due(seconds=5)
    assert provider.taken() == []


def test_only_who_was_paged_takes_it_and_twice_is_once(
    roster: dict[str, UUID], raise_acute: Raise, clock: MovedClock
) -> None:
    item_id = raise_acute()
    with pytest.raises(Missing):
        messaging.acknowledge(item_id, roster["second"], How.SCREEN, at=clock.now())
    for _ in range(2):
        messaging.acknowledge(item_id, roster["first"], How.SCREEN, at=clock.now())
    assert [event for event, _ in steps(item_id)].count(Event.ACKNOWLEDGED.value) == 1


def test_page_on_the_screen_is_taken_with_one_button(
    sign_in: SignIn, raise_acute: Raise, clock: MovedClock
) -> None:
    clock.set(NOON)
    browser = sign_in("therapist", phone=FIRST)
    on_call(browser.user_id, 1, clock)  # type: ignore[attr-defined]
    item_id = raise_acute()
    answer = submit(browser, "/pages", to=f"/pages/{item_id}/acknowledge")
    assert (answer.status_code, answer.location) == (303, f"/work/{item_id}")
    assert "No page waits for you." in browser.get("/pages").text
    assert queries.acknowledged(item_id) is not None


def test_answer_that_is_recorded_takes_the_work(
    sign_in: SignIn, staff: Staff, raise_acute: Raise, clock: MovedClock, provider: Provider
) -> None:
    clock.set(NOON)
    browser = sign_in("therapist", phone=FIRST)
    on_call(browser.user_id, 1, clock)  # type: ignore[attr-defined]
    on_call(staff("nurse", phone=SECOND), 2, clock)
    item_id = raise_acute()
    send_due(seconds=5)
    answer = submit(browser, f"/work/{item_id}", outcome="no_answer", note="")
    assert answer.status_code == 303
    clock.advance(minutes=6)
    paging.escalate(at=clock.now())
    send_due(seconds=5)
    assert numbers(provider) == [FIRST]
    assert ("acknowledged", "By recording an answer") in steps(item_id)


def test_page_of_somebody_else_is_nothing_to_me(
    roster: dict[str, UUID], sign_in: SignIn, raise_acute: Raise
) -> None:
    browser = sign_in("nurse")
    item_id = raise_acute()
    assert f"/pages/{item_id}" not in browser.get("/pages").text
    token = hidden_fields(browser.get("/pages").text, "/sign-out")
    answer = browser.post(f"/pages/{item_id}/acknowledge", data={**token, "form_id": str(uuid4())})
    assert answer.status_code == 404
    assert queries.acknowledged(item_id) is None


def test_engine_page_is_for_administrators_and_shows_no_patient(
    sign_in: SignIn, agreed: Callable[..., UUID], owe: Callable[..., UUID], provider: Provider
) -> None:
    owe(agreed())
    send_due(seconds=5)
    page = sign_in(Role.ADMINISTRATOR.value).get("/administration/messages")
    assert "Accepted" in page.text
    assert "Whitfield" not in page.text
    assert sign_in("therapist").get("/administration/messages").status_code == 403


def test_texts_that_wait_are_listed_for_intake(
    sign_in: SignIn, client: FlaskClient, agreed: Callable[..., UUID]
) -> None:
    agreed()
    texted(client, "when is my appointment")
    texted(client, "who is this", "+12025550199")
    coordinator, desk = sign_in("coordinator"), sign_in("desk")
    assert 'href="/messages/inbound"' in coordinator.get("/").text
    assert "when is my appointment" in coordinator.get("/messages/inbound").text
    listed = desk.get("/messages/inbound").text
    assert "who is this" in listed
    assert "when is my appointment" not in listed  # a patient's words are nothing for the desk
