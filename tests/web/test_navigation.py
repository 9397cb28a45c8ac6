"""The bar shows the places of a role and no others, and no link leads to a refusal."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from clinic.accounts.rules import Role
from clinic.web.navigation import ORDER

SignIn = Callable[..., FlaskClient]


def _links(page: str) -> list[str]:
    return [link for link in re.findall(r'<a\b[^>]*\shref="(/[^"#]*)', page) if not link.startswith("/look")]


@pytest.mark.parametrize("role", Role)
def test_no_link_leads_to_a_refusal(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role.value)
    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            page = browser.get(path, follow_redirects=True)
            assert page.status_code == 200, path
            # Week after week leads on for ever; one step each way is enough.
            waiting += [link for link in _links(page.text) if "?" not in link]
    assert len(seen) >= 4


def test_places_stand_in_the_order_of_care_and_one_is_current(sign_in: SignIn) -> None:
    page = sign_in("supervisor").get("/groups").text
    bar = page[page.index('aria-label="Places"') :]
    bar = bar[: bar.index("</nav>")]
    labels = re.findall(r">([A-Z][a-z]+)", bar)
    assert labels == [label for label in ORDER if label in labels]
    assert len(labels) > 4
    assert re.findall(r'aria-current="page">([A-Z][a-z]+)', bar) == ["Groups"]


def test_an_administrator_sees_no_place_of_patients(sign_in: SignIn) -> None:
    page = sign_in("administrator").get("/").text
    assert 'href="/administration/staff"' in page
    assert 'href="/patients"' not in page
    assert 'role="search"' not in page
