"""People at the clinic's pages: each has a browser of their own and looks for what a person looks for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, ViewportSize

from tests.walk.house import House

PASSWORD = "quiet river stones at dawn"
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ORDINARY = ("Failed to load resource: the server responded with a status of 4",)  # a refused form says 422


@dataclass
class Person:
    """Somebody with a browser. Whatever page they end up on is looked at by axe, once for each address."""

    page: Page
    house: House
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)

    def open(self, path: str) -> None:
        """Go to an address of the clinic."""
        self.page.goto(f"{self.house.clinic}{path}")
        self.look()

    def record(self) -> str:
        """The path of the record whose page is open: /patients/<id>."""
        path = re.match(r"/patients/[0-9a-f-]{36}", urlsplit(self.page.url).path)
        assert path, self.page.url
        return path[0]

    def click(self, name: str, *, exact: bool = True) -> None:
        """Press a button or follow a link by its words."""
        named = self.page.get_by_role("button", name=name, exact=exact)
        named = named.or_(self.page.get_by_role("link", name=name, exact=exact))
        named.first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, words: Mapping[str, str]) -> None:
        """Type into fields by their labels; choose where the field is a list."""
        for label, text in words.items():
            fields = self.page.locator("input, select, textarea")
            box = fields.and_(self.page.get_by_label(begins(label))).first
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(value=_value_of(box, text))
            else:
                box.fill(text)

    def choose(self, question: str, answer: str) -> None:
        """Choose one answer of a question."""
        group = self.page.get_by_role("group", name=begins(question)).first
        group.get_by_label(answer, exact=True).first.check()

    def sees(self, words: str | re.Pattern[str], *, within: float = 5.0) -> bool:
        """Whether these words come to stand on the page; the page itself is not loaded again."""
        found = self.page.locator("body").get_by_text(words).first
        found.wait_for(state="visible", timeout=within * 1000)
        return True

    def look(self) -> None:
        """Have axe look at a page not seen before; keep a picture of it."""
        place = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/c/[\w-]{22}", "id", urlsplit(self.page.url).path)
        if place in self.seen:
            return
        self.seen.add(place)
        self.page.screenshot(path=self.pictures / f"{place.strip('/').replace('/', '-') or 'home'}.png")
        for finding in Axe().run(self.page).response["violations"]:
            nodes = [node["html"][:120] for node in finding["nodes"][:3]]
            self.complaints.append(f"{place}: {finding['id']}: {nodes}")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(ORDINARY):
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        host = f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}"
        if host not in (self.house.clinic, self.house.simulator):
            self.complaints.append(f"asked elsewhere: {host}")


def begins(words: str) -> re.Pattern[str]:
    """Texts that begin with these words, as a pattern that JavaScript reads the same."""
    return re.compile(r"^\s*" + re.sub(r"([.*+?^${}()|\[\]\\])", r"\\\1", words))


def _value_of(box: Locator, words: str) -> str:
    """The value of the first entry of a list that begins with these words."""
    entries = box.locator("option", has_text=begins(words))
    return entries.first.get_attribute("value") or ""


People = Callable[..., Person]


def arrive(browser: Browser, house: House, pictures: Path, *, phone: bool = False) -> Person:
    """A person with a fresh browser, at a desk or with a phone."""
    context = browser.new_context(
        viewport=PHONE if phone else DESKTOP, locale="en-US", timezone_id="America/New_York"
    )
    context.set_default_timeout(20_000)
    return Person(context.new_page(), house, pictures)


def sign_in(person: Person, name: str, password: str = PASSWORD) -> None:
    """Come in as a member of staff."""
    person.open("/sign-in")
    person.fill({"Sign-in name": name, "Password": password})
    person.click("Sign in")
    assert urlsplit(person.page.url).path == "/", person.page.url
