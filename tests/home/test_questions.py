"""How many questions a page asks the database does not hang on how many rows it shows."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from clinic.core import clock
from clinic.demo.services import due
from clinic.intake.rules.referral import HelpRequest
from clinic.intake.rules.sources import Source
from clinic.intake.services import referrals
from tests.conftest import PASSWORD
from tests.forms import submit
from tests.questions import counted

PAGES = {
    "therapist": ("/", "/patients", "/aftercare", "/schedule", "/groups"),
    "supervisor": ("/", "/patients", "/aftercare"),
    "coordinator": ("/", "/intake", "/patients"),
    "desk": ("/", "/patients", "/schedule"),
}
# The most that a main page asks, sign-in and audit among it. A further one costs every reader: it must be
# worth it, and often its answer stands already in another one.
MOST = {
    "/": 17,
    "/patients/{}": 23,
    "/patients/{}/notes": 16,
    "/patients/{}/instruments": 18,
    "/patients/{}/contacts": 19,
}


def ask_for_help(site: UUID, count: int) -> None:
    """So many people call for help."""
    for place in range(count):
        wanted = HelpRequest(
            source=Source.PERSON, name=f"Dana {place}", person_name=None, phone="+12025550177", email=None,
            texts_safe=True, voicemail_safe=False, urgencies=frozenset(), words="Call me.",
        )  # fmt: skip
        referrals.ask(wanted, site_id=site, origin=None, at=clock.now() - timedelta(hours=1))


def test_as_many_questions_for_ten_rows_as_for_two(
    app: Flask, site: UUID, sign_in: Callable[..., FlaskClient]
) -> None:
    browsers = {role: sign_in(role) for role in PAGES}

    def questions(path: str, browser: FlaskClient) -> tuple[int, int]:
        with counted() as asked:
            page = browser.get(path)
        assert page.status_code == 200, path
        return len(asked), page.text.count("<tr")

    due.wait_for_opening(now=clock.now())
    found: list[dict[tuple[str, str], tuple[int, int]]] = []
    for more in (2, 8):
        due.make_due(more + (2 if found else 0), now=clock.now())
        ask_for_help(site, more)
        found.append(
            {
                (role, path): questions(path, browser)
                for role, browser in browsers.items()
                for path in PAGES[role]
            }
        )
    few, many = found
    assert {page: asked for page, (asked, _) in few.items()} == {
        page: asked for page, (asked, _) in many.items()
    }
    assert sum(many[page][1] > few[page][1] for page in few) >= 8


def test_no_page_asks_more_than_it_needs(demo: Flask) -> None:
    browser, found = demo.test_client(), {}
    submit(browser, "/sign-in", sign_in_name="therapist", password=PASSWORD)
    known = re.search(r"/patients/([0-9a-f-]{36})", browser.get("/aftercare").text)
    assert known
    for path in MOST:
        with counted() as asked:
            assert browser.get(path.format(known[1])).status_code == 200
        found[path] = len(asked)
    assert found == {path: min(found[path], most) for path, most in MOST.items()}
