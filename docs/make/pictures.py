"""The README's pictures, taken from a running demo: `python -m docs.make.pictures CLINIC SIMULATOR`.

CLINIC and SIMULATOR are addresses that `./run` prints; `flask demo due 3` before puts check-ins on phones.
Pictures go to docs/pictures/.
"""

import re
import shutil
import sys
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "pictures"
PASSWORD = "quiet river stones at dawn"
DESK, PHONE = (1280, 860), (390, 780)
WALK = (
    ("referrals", "coordinator", "/intake", ()),
    ("assessment", "coordinator", "/intake", ("/assessment", "/assessment/cows")),
    ("placement", "coordinator", "/intake", ("/placement",)),
    ("week", "therapist", "/schedule", ()),
    ("record", "therapist", "/patients", ("/patients/",)),
    ("answer", "therapist", "/", ("/work/",)),
    ("aftercare", "therapist", "/aftercare", ("/aftercare",)),
    ("today", "therapist", "/", ()),
)  # name, who, the page, and what the first link of its main part holds that is followed, step by step


def main(clinic: str, simulator: str) -> None:
    """Take every picture anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        people = {role: _signed_in(browser, clinic, role) for role in ("coordinator", "therapist")}
        for name, role, path, links in WALK:
            _visit(people[role], clinic, path, links)
            _take(people[role], name)
        phone = _page(browser, PHONE)
        phone.goto(f"{clinic}/help")
        _take(phone, "help")
        phone.goto(_invitation(simulator))
        _take(phone, "phone")
        browser.close()


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()


def _signed_in(browser: Browser, clinic: str, sign_in_name: str) -> Page:
    page = _page(browser, DESK)
    page.goto(f"{clinic}/sign-in")
    page.get_by_label("Sign-in name").fill(sign_in_name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{clinic}/")
    return page


def _visit(page: Page, clinic: str, path: str, links: tuple[str, ...]) -> None:
    page.goto(clinic + path)
    for link in links:
        address = page.locator(f'main a[href*="{link}"]').first.get_attribute("href")
        page.goto(f"{clinic}{address}")


def _invitation(simulator: str) -> str:
    """The link of the newest check-in text that has one."""
    accepted = httpx.get(f"{simulator}/journal.json").json()["accepted"]
    found = [link[0] for text in accepted if (link := re.search(r"https?://\S+/c/[\w-]{22}", text["body"]))]
    return found[-1]


def _take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main(*sys.argv[1:])
