"""The desk: everybody who waits in one list by C4.5, why, which clocks run, who tries next."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from random import Random
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.core.db import db
from clinic.intake.models import ReferralFollowUp
from clinic.intake.queries.waiting import PAGE
from clinic.intake.rules.referral import HelpRequest
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import Told, place
from clinic.intake.services import referrals
from tests.conftest import MovedClock, SignIn
from tests.forms import submit
from tests.intake.conftest import TUESDAY

ROW = re.compile(r'<a class="name" href="/intake/referrals/[^"]+"><bdi>([^<]+)</bdi>')


def listed(browser: FlaskClient, address: str = "/intake") -> list[str]:
    """The names on the desk, first first."""
    return ROW.findall(browser.get(address).text)


def kept(site: UUID, name: str, clock: MovedClock, **more: object) -> UUID:
    """A referral as the public page makes one, at this moment."""
    wanted = HelpRequest(
        source=Source.PERSON, name=name, person_name=None, phone="+12025550143", email=None, texts_safe=True,
        voicemail_safe=False, urgencies=frozenset(), words=None, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return referrals.ask(wanted, site_id=site, origin=None, at=clock.now())


def test_database_orders_as_the_rule_does(site: UUID, sign_in: SignIn, clock: MovedClock) -> None:
    clock.set(TUESDAY)
    every = list(product((*Told, None), repeat=2))
    Random(6).shuffle(every)
    for pregnant, injecting in every:
        kept(site, f"{pregnant}-{injecting}", clock, pregnant=pregnant, injecting=injecting)
        clock.advance(minutes=1)
    by_rule = sorted(every, key=lambda told: place(*told))  # keeps the order of asking
    assert listed(sign_in("coordinator")) == [f"{pregnant}-{injecting}" for pregnant, injecting in by_rule]


def test_row_says_why_it_stands_there_and_which_clocks_run(
    ask: Callable[..., UUID], sign_in: SignIn, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    ask("Nothing Told")
    ask("Both Told", urgencies=["pregnant"], injecting="yes")
    clock.advance(days=3)
    coordinator = sign_in("coordinator")
    assert listed(coordinator) == ["Both Told", "Nothing Told"]
    page = coordinator.get("/intake").text
    assert "Pregnant and injecting; asked 3 days ago" in page
    assert "Pregnancy and injecting not asked yet; asked 3 days ago" in page
    assert "48 h late" in page
    assert "14 d due Tue Dec 8" in page
    assert "48 h may be over: ask" in page


def test_choices_are_codes_and_count(ask: Callable[..., UUID], sign_in: SignIn, clock: MovedClock) -> None:
    clock.set(TUESDAY)
    ask("Calm Asked", injecting="no")
    ask("Urgent Asked", urgencies=["overdose"], source="relative", person_name="Urgent Asked")
    coordinator = sign_in("coordinator")
    assert listed(coordinator, "/intake?show=urgent") == ["Urgent Asked"]
    assert listed(coordinator, "/intake?show=late") == []
    clock.advance(minutes=70)
    assert listed(coordinator, "/intake?show=late") == ["Urgent Asked"]
    assert listed(coordinator, "/intake?source=person") == ["Calm Asked"]
    assert "Urgent 1" in coordinator.get("/intake").text
    assert len(listed(coordinator, "/intake?show=nonsense&page=-3")) == 2


def test_call_plans_the_next_try_and_gives_an_owner(
    ask: Callable[..., UUID], sign_in: SignIn, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    url = f"/intake/referrals/{ask()}"
    coordinator = sign_in("coordinator", name="Priya Nair")
    assert "Nobody yet" in coordinator.get("/intake").text
    submit(coordinator, url, to=f"{url}/calls", outcome="no_answer", again="working_day")
    follow_up = db.session.scalars(select(ReferralFollowUp)).one()
    assert follow_up.next_at is not None
    assert follow_up.next_at - TUESDAY == timedelta(days=1)  # Wednesday 10:00 in New York
    assert "Next Wed Nov 25" in coordinator.get("/intake").text
    assert listed(coordinator, "/intake?show=due") == []
    clock.advance(days=1)
    assert listed(coordinator, "/intake?show=due") == ["Owen Whitfield"]
    gone = {"again": "other", "next_on": "2026-11-20", "next_time": "10:00"}
    late = submit(coordinator, url, to=f"{url}/calls", outcome="no_answer", **gone)
    assert late.status_code == 422
    assert "still ahead" in late.text


def test_answer_in_a_call_moves_the_person_up_and_nothing_told_is_forgotten(
    ask: Callable[..., UUID], sign_in: SignIn, clock: MovedClock
) -> None:
    clock.set(TUESDAY)
    first = ask("First Asked")
    clock.advance(minutes=1)
    second = ask("Second Asked")
    coordinator = sign_in("coordinator")
    assert listed(coordinator) == ["First Asked", "Second Asked"]
    for referral_id, told in ((second, {"pregnant": "yes"}), (first, {"pregnant": "no", "injecting": "no"})):
        url = f"/intake/referrals/{referral_id}"
        submit(coordinator, url, to=f"{url}/calls", outcome="reached", **told)
    assert listed(coordinator) == ["Second Asked", "First Asked"]
    url = f"/intake/referrals/{second}"
    submit(coordinator, url, to=f"{url}/calls", outcome="no_answer")  # not asked this time
    assert "Pregnant, injecting not asked yet" in coordinator.get(url).text


def test_many_who_wait_come_page_by_page(site: UUID, sign_in: SignIn, clock: MovedClock) -> None:
    clock.set(TUESDAY)
    for number in range(PAGE + 1):
        kept(site, f"Asked {number:02}", clock)
        clock.advance(seconds=1)
    coordinator = sign_in("coordinator")
    assert len(listed(coordinator)) == PAGE
    assert "Page 1 of 2" in coordinator.get("/intake").text
    assert listed(coordinator, "/intake?page=2") == [f"Asked {PAGE}"]
