"""The component page in a real browser: no barrier, no sideways scroll, nothing stopped by the policy."""

import shutil

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

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


def test_pages_have_no_barrier(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for path in PATHS:
            for width, scheme in ((1440, "light"), (1440, "dark"), (320, "light")):
                assert _complaints(browser, address + path, width, scheme) == [], (path, width, scheme)
        browser.close()


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
