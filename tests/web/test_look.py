"""The component page in a real browser: no barrier, no sideways scroll, nothing stopped by the policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

PATHS = (
    "/components",
    "/components/today",
    "/components/sign-in",
    "/components/phone/question",
    "/components/phone/scale",
    "/components/phone/thanks",
    "/components/phone/help",
    "/about",
    "/fail/500",
)


@pytest.mark.parametrize("path", PATHS)
def test_page_has_no_barrier(address: str, browser: Browser, path: str) -> None:
    for width, scheme in ((1440, "light"), (1440, "dark"), (320, "light")):
        assert _complaints(browser, address + path, width, scheme) == [], (width, scheme)


def _complaints(browser: Browser, address: str, width: int, scheme: str) -> list[str]:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.goto(address)
    found = [text for text in found if "status of 500" not in text]
    found += [broken["id"] for broken in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("scrolls sideways")
    context.close()
    return found
