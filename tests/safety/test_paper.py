"""The plan on paper: one calm page, no name of the person, words that are easy to read."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route

from tests.cases.conftest import Owned
from tests.safety.conftest import WHOLE, address, write

SHEET = re.compile(rb"/Type\s*/Page\b")
LINES = "\n".join(f"{n} as long a line as anybody says in a bad moment" for n in range(6))
FULLEST = {
    **WHOLE,
    **dict.fromkeys(("signs", "alone", "away", "named", "kept"), LINES),
    **{f"helpers-{n}-name": f"Somebody close, number {n}" for n in range(8)},
    **{f"services-{n}-name": f"Somebody else who helps {n}" for n in range(8)},
    **{f"services-{n}-number": "12 Mill Street, Riverside" for n in range(8)},
}


def printed(browser: Browser, client: FlaskClient, url: str) -> bytes:
    """The page as Chromium prints it on A4, with its own style sheets and nothing from elsewhere."""

    def answer(route: Route) -> None:
        found = client.get(urlsplit(route.request.url).path)
        route.fulfill(status=found.status_code, content_type=found.content_type, body=found.data)

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto(f"http://clinic.example{url}")
    sheets = page.pdf(format="A4")
    page.close()
    return sheets


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_fullest_plan_is_one_page_and_names_nobody(person: Owned, browser: Browser) -> None:
    assert write(person, **FULLEST).status_code == 303
    paper = address(person, "/paper")
    assert len(SHEET.findall(printed(browser, person.therapist, paper))) == 1
    article = re.findall(r"<article.*</article>", person.therapist.get(paper).text, re.DOTALL)[0]
    assert "Whitfield" not in article
    assert "Owen" not in article
    assert "988" in article


def test_without_a_signed_plan_there_is_no_paper(person: Owned) -> None:
    assert write(person, "draft").status_code == 303
    assert person.therapist.get(address(person, "/paper")).status_code == 404


def grade(text: str) -> float:
    """The school grade that can read it: Flesch and Kincaid's formula of 1975, syllables by vowel groups."""
    words = re.findall(r"[A-Za-z’]+", text)
    sentences = len(re.findall(r"[.?!]", text)) or 1
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_its_own_words_are_of_grade_6_or_lower(person: Owned) -> None:
    assert write(person, **dict.fromkeys(("signs", "alone", "away", "named", "kept"), "x")).status_code == 303
    article = re.findall(
        r"<article.*</article>", person.therapist.get(address(person, "/paper")).text, re.DOTALL
    )[0]
    ours = re.findall(r"<(?:h2|h3|p class=\"lead\"|aside)>(.*?)</(?:h2|h3|p|aside)>", article, re.DOTALL)
    text = ". ".join(unescape(re.sub(r"<[^>]+>", "", words)).strip(" .") for words in ours)
    assert len(text.split()) > 40
    assert grade(text) <= 6
