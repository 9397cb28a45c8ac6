"""Signing by hand, and the sheet on paper, in a browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

from tests.cases.conftest import Owned
from tests.consents.conftest import active, share, sign, write

SHEET = re.compile(rb"/Type\s*/Page\b")
only_once = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@contextmanager
def shown(browser: Browser, client: FlaskClient, url: str) -> Iterator[Page]:
    """A page of ours with its own style sheets and scripts, and nothing from elsewhere."""

    def answer(route: Route) -> None:
        found = client.get(urlsplit(route.request.url).path)
        route.fulfill(status=found.status_code, content_type=found.content_type, body=found.data)

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(f"http://clinic.example{url}")
    yield page
    page.close()


@only_once
def test_what_is_drawn_is_kept_beside_the_name(person: Owned, browser: Browser) -> None:
    draft = write(person)
    with shown(browser, person.therapist, f"{draft}/sign") as page:
        box = page.locator("canvas").bounding_box()
        assert box
        for left in (20, 120):  # two strokes
            page.mouse.move(box["x"] + left, box["y"] + 30)
            page.mouse.down()
            page.mouse.move(box["x"] + left + 50, box["y"] + 80, steps=5)
            page.mouse.up()
        drawn = page.locator("[name=drawing]").input_value()
        page.get_by_role("button", name="Draw it again").click()
        assert page.locator("[name=drawing]").input_value() == ""
    assert drawn.count("M") == 2
    assert sign(person.therapist, draft, drawing=drawn).status_code == 303
    assert f'd="{drawn}"' in person.therapist.get(draft).text


@only_once
def test_the_sheet_is_one_page_without_the_banner(person: Owned, browser: Browser) -> None:
    sheet = share(person.therapist, active(person)).location
    with shown(browser, person.therapist, sheet) as page:
        page.emulate_media(media="print")
        assert page.locator("aside").is_visible()
        assert not page.locator(".banner").is_visible()
        assert len(SHEET.findall(page.pdf(format="A4"))) == 1
