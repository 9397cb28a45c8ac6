"""Every page in a real browser, for everybody who may open it.

On one database: what a page looks like does not hang on which, and what it says is asked of both elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from clinic.accounts.rules import Role
from clinic.demo.services.clinic import PASSWORD
from clinic.web import policy
from tests.aftercare.conftest import Person, link_of
from tests.conftest import MovedClock
from tests.sweep.look import NARROW, Visitor
from tests.sweep.walk import Walk

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True, scope="session")
MACHINES = (
    "web.healthz", "web.readyz", "check_in.link", "check_in.questions", "check_in.stop_messages",
    "messaging.unsubscribe_page",
)  # fmt: skip
DOWNLOADS = ("consents.table",)  # no pages


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Where a clinic is served meanwhile."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def clinic(walk: Walk) -> Iterator[str]:
    """Where the clinic of the walk is served."""
    with served(walk.world.app) as address:
        yield address


@pytest.fixture
def stranger(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that nobody signed in with. Nothing moves in it: a colour on its way is no colour."""
    with browser.new_context(reduced_motion="reduce") as context:
        yield context


@pytest.mark.long
def test_every_page_of_every_role(walk: Walk, clinic: str, browser: Browser) -> None:
    wrong, seen = [], set[str]()
    for role in walk.world.browsers:
        with browser.new_context(reduced_motion="reduce") as context:
            _sign_in(walk, role, context, clinic)
            visitor = Visitor(context, clinic, seen)
            for route, address in walk.openable(role):
                if route.endpoint in DOWNLOADS:
                    continue
                wrong += [(role.value, route.endpoint, complaint) for complaint in visitor.look(address)]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_page_that_is_open_to_all(walk: Walk, clinic: str, stranger: BrowserContext) -> None:
    visitor, wrong = Visitor(stranger, clinic, set()), []
    for route in walk.routes:
        closed = route.policy not in policy.OPEN or route.endpoint in MACHINES
        if route.method == "GET" and not closed and not route.endpoint.endswith("static"):
            found = visitor.look(walk.address(route, {}))
            wrong += [(route.endpoint, complaint) for complaint in found]
    wrong += [("a link that is dead", complaint) for complaint in visitor.look(f"/c/{'0' * 22}", 404)]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_page_of_a_patient(
    app: Flask, discharged: Person, clock: MovedClock, stranger: BrowserContext
) -> None:
    clock.advance(hours=19)  # 10:00 on the day after discharge
    wrong = []
    with served(app) as address:
        visitor = Visitor(stranger, address, set())
        for path in (link_of(discharged), "/c", "/c/stop", "/c/help"):
            wrong += [(path, complaint) for complaint in visitor.look(path)]
    assert not wrong, "\n".join(map(str, wrong))


def test_all_is_reached_without_script(clinic: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport=NARROW) as context:
        page = context.new_page()
        page.goto(f"{clinic}/sign-in")
        page.get_by_label("Sign-in name").fill("therapist")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.locator("summary", has_text="Menu").click()
        page.get_by_role("link", name="Patients", exact=True).locator("visible=true").click()
        page.locator("tbody th a").first.click()
        page.get_by_role("link", name="New contact note").click()
        page.get_by_role("button", name="Sign note").click()
        assert page.title().startswith("Problem: New contact note"), page.title()
        page.locator(".error-summary").get_by_role("link", name="Enter note").click()
        assert page.url.endswith("#words"), page.url


def test_what_has_the_focus_is_seen(walk: Walk, clinic: str, stranger: BrowserContext) -> None:
    _sign_in(walk, Role.THERAPIST, stranger, clinic)
    visitor, pages, wrong = Visitor(stranger, clinic, set()), dict(_by_endpoint(walk, Role.THERAPIST)), []
    for endpoint in ("chart.overview", "aftercare.plan", "instruments.fill", "home.today"):
        wrong += [(endpoint, complaint) for complaint in visitor.go_back_by_keyboard(pages[endpoint])]
    assert not wrong, "\n".join(map(str, wrong))


def _by_endpoint(walk: Walk, role: Role) -> Iterator[tuple[str, str]]:
    return ((route.endpoint, address) for route, address in walk.openable(role))


def _sign_in(walk: Walk, role: Role, context: BrowserContext, clinic: str) -> None:
    """Be signed in here as in the role's other browser."""
    held = walk.world.browsers[role].get_cookie("sign-in")
    assert held
    context.add_cookies([{"name": held.key, "value": held.value, "url": clinic}])
