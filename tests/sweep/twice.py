"""Every form of every page, sent twice as by a double click."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask.testing import FlaskClient

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.db import db
from clinic.core.rules import local
from tests.forms import HtmlForm, forms
from tests.sweep.walk import Walk
from tests.sweep.world import ZONE

# Forms that need no key, and why the second of two does no harm.
WITHOUT_KEY = {
    "accounts.sign_in": "the second sign-in takes the place of the first",
    "accounts.sign_out": "out is out",
    "check_in.link": "the answer is the next of its question only once",
    "check_in.questions": "the answer is the next of its question only once",
    "check_in.stop_messages": "stopped is stopped",
    "patients.search": "it only reads",
}
# What a form wants that no default can know.
WANTED: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True)
class Found:
    """A form with the page it stands on and whose browser saw it."""

    endpoint: str
    page: str
    browser: FlaskClient
    form: HtmlForm


def found(walk: Walk) -> Iterator[Found]:
    """One form of each kind, of all pages that the roles may open."""
    seen: set[str] = set()
    today = local(clock.now(), ZONE).date().isoformat()
    for role, browser in walk.world.browsers.items():
        for address in _pages(walk, role):
            db.session.remove()
            page = browser.get(address)
            for form in forms(page.text, address, today) if page.status_code == 200 else ():
                endpoint, _ = walk.addresses.match(form.action.partition("?")[0], method="POST")
                if endpoint not in seen:
                    seen.add(endpoint)
                    yield Found(endpoint, address, browser, form)


def _pages(walk: Walk, role: Role) -> list[str]:
    ids = walk.world.own[role]
    return [
        walk.address(route, ids)
        for route in walk.guarded()
        if route.method == "GET" and route.allows(role) and walk.has(route, ids)
    ]
