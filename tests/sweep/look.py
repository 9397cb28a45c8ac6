"""Looking at a page as people meet it: narrow and wide, light and dark; what is wrong with it, in words."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}  # a small phone, and 1280 px at 400 %
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}  # 24 px, WCAG 2.5.8
TARGETS = {"resultTypes": ["violations"], "runOnly": ["target-size"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
LOOK = Path(__file__).with_name("look.js").read_text()
STOP = Path(__file__).with_name("stop.js").read_text()


class Visitor:
    """Somebody in front of the clinic. Axe looks at pages that show a kind of thing nobody has `seen` yet."""

    def __init__(self, context: BrowserContext, clinic: str, seen: set[str]) -> None:
        self.clinic, self.seen = clinic, seen
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda message: self._heard(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error.message}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def look(self, address: str, status: int = 200) -> list[str]:
        """What is wrong with the page at this address; the console tells what the content policy stopped."""
        self.complaints.clear()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        answer = self.page.goto(self.clinic + address)
        if answer is None or answer.status != status:
            self.complaints.append(f"answered {answer and answer.status}")
        found = self.page.evaluate(LOOK)
        if len(found["title"].split(" · ")[0].strip()) < 3:
            self.complaints.append(f"title: {found['title']!r}")
        if found["headings"] != 1:
            self.complaints.append(f"{found['headings']} headings of the first level")
        if found["width"] > NARROW["width"]:
            self.complaints.append(f"{found['width']} px wide")
        if not self.seen.issuperset(found["kinds"]):
            self.seen.update(found["kinds"])
            self._look_closer()
        return list(self.complaints)

    def go_back_by_keyboard(self, address: str) -> list[str]:
        """Every stop of the keyboard on this page, the last first: does it stand in sight, with its ring?"""
        self.complaints.clear()
        self.page.set_viewport_size(WIDE)
        self.page.goto(self.clinic + address)
        self.page.locator(".foot a").last.focus()
        while (stop := self.page.evaluate(STOP)) is not None:
            self.complaints += [
                f"{stop['what']} has no {wanted}" for wanted in ("ring", "sight") if not stop[wanted]
            ]
            self.page.keyboard.press("Shift+Tab")
        return list(self.complaints)

    def _heard(self, text: str) -> None:
        if "status of 404" not in text:  # a page that is not there, and is looked at for that
            self.complaints.append(f"console: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith(self.clinic):
            self.complaints.append(f"asks {urlsplit(url).hostname}")

    def _look_closer(self) -> None:
        """What axe finds."""
        axe, page = Axe(), self.page
        self._found("narrow", axe.run(page, options=TARGETS).response)
        page.set_viewport_size(WIDE)
        self._found("light", axe.run(page, options=EVERYTHING).response)
        page.emulate_media(color_scheme="dark")
        self._found("dark", axe.run(page, options=CONTRAST).response)

    def _found(self, how: str, results: Any) -> None:
        for broken in results["violations"]:
            where = ", ".join(str(node["target"][0]) for node in broken["nodes"][:3])
            self.complaints.append(f"{how}: {broken['id']} at {where}")
