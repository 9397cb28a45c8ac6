"""What the macros promise: each input has its label, each error stands beside it and is linked from above."""

from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient


class Page(HTMLParser):
    """Ids, references and inputs of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[str] = []
        self.summary: list[str] = []
        self.inside_summary = self.inside_label = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        self.references += [
            n for key in ("aria-describedby", "aria-labelledby") for n in given.get(key, "").split()
        ]
        if tag == "label":
            self.inside_label = True
            self.labelled.add(given.get("for", ""))
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.inputs.append(given.get("id", "") if not self.inside_label else "")
        if given.get("class") == "error-summary":
            self.inside_summary = True
        if tag == "a" and self.inside_summary:
            self.summary.append(given["href"].removeprefix("#"))

    def handle_endtag(self, tag: str) -> None:
        """Leave a label or the summary's list."""
        if tag == "label":
            self.inside_label = False
        if tag == "ul":
            self.inside_summary = False


@pytest.fixture
def page(shell: FlaskClient) -> Page:
    """The component page, read."""
    answer = shell.get("/components")
    assert answer.status_code == 200
    return Page(answer.text)


def test_ids_are_used_once_and_references_lead_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert page.references
    assert set(page.references) <= set(page.ids)


def test_every_input_has_a_label(page: Page) -> None:
    outside = [name for name in page.inputs if name]
    assert len(outside) > 10
    assert [name for name in outside if name not in page.labelled] == []


def test_summary_leads_to_every_wrong_field(page: Page) -> None:
    assert page.summary == ["temperature", "decision-0"]
    assert set(page.summary) <= set(page.ids)


def test_error_stands_between_hint_and_input(shell: FlaskClient) -> None:
    text = shell.get("/components").text
    places = [
        text.index(part) for part in ('id="temperature-hint"', 'id="temperature-error"', 'id="temperature"')
    ]
    assert places == sorted(places)
    assert 'aria-invalid="true"' in text
    assert "2 problems. Everything you entered is kept." in text
    assert "<title>Problem: Components and states" in text


def test_answers_are_buttons_that_send(shell: FlaskClient) -> None:
    text = shell.get("/components/phone/question").text
    assert text.count('<button type="submit" class="answer"') == 4
    assert 'name="today" value="3" aria-current="true"' in text
    assert "Question 3 of 5" in text
    assert "<title>Check-in</title>" in text
    assert 'rel="noreferrer"' in text


def test_a_wait_over_its_limit_says_by_how_much(shell: FlaskClient) -> None:
    text = shell.get("/components/today").text
    assert "2 h 06 min over the 2 h limit" in text
    assert "Answer by 11:00" in text
    assert text.count("btn-hot") == 1
