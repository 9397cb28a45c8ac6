"""Steps 7, 9, 10, 11 on the phone: texts arrive at the simulator and are answered there or on their links."""

import re
from collections.abc import Sequence

import httpx

from tests.walk.house import House, until
from tests.walk.people import Person

ARRIVES = 60.0  # seconds: beat rings every 20 s, a loaded machine is slow
LINK = re.compile(r"https?://\S+/c/[\w-]{22}")


def texts(house: House, digits: str) -> list[str]:
    """What stands in this phone's thread, oldest first, without what the phone sent."""
    journal = httpx.get(f"{house.simulator}/journal.json", timeout=10).json()
    return [message["body"] for message in journal["accepted"] if message["to"] == f"+{digits}"]


def wait_for_text(house: House, digits: str, after: int, words: str) -> str:
    """The text that comes after the first `after` ones; it holds these words."""
    until(lambda: len(texts(house, digits)) > after, ARRIVES, f"a text with {words!r} arrives")
    found = texts(house, digits)[after]
    assert words in found, found
    return found


def reply(phone: Person, digits: str, words: str) -> None:
    """Type a reply on the phone."""
    phone.page.goto(f"{phone.house.simulator}/phones/{digits}")
    phone.page.get_by_label("Reply").fill(words)
    phone.page.get_by_role("button", name="Send").click()
    until(lambda: _answered(phone, digits), 20, "the clinic has received the reply")


def _answered(phone: Person, digits: str) -> bool:
    phone.page.goto(f"{phone.house.simulator}/phones/{digits}")
    return phone.page.locator("li.mine").last.get_by_text("received by the clinic").count() > 0


def answer(phone: Person, text: str, taps: Sequence[str]) -> None:
    """Open the link of a text and answer page by page, one tap each. No page says what kind of place asks."""
    link = LINK.search(text)
    assert link, text
    phone.page.goto(link[0])
    for tap in taps:
        phone.look()
        neutral(phone)
        phone.page.get_by_role("button", name=tap, exact=True).click()
        phone.page.wait_for_load_state()
    neutral(phone)


def neutral(phone: Person) -> None:
    """No word of the clinic's specialty, no token in the address after the first step."""
    shown = f"{phone.page.title()} {phone.page.locator('body').inner_text()}".lower()
    for word in ("recovery", "substance", "opioid", "addiction", "methadone", "relapse", "detox", "sober"):
        assert word not in shown, word
