"""Errors answer in the shell's look: what happened, what to do, a reference; no stack and no name."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

PAGES = {
    "400": (400, "This could not be read"),
    "403": (403, "This page is not open to your role"),
    "404": (404, "There is nothing at this address"),
    "missing": (404, "There is nothing at this address"),
    "409": (409, "This could not be done"),
    "refused": (409, "The bed was given to another person at 11:02."),
    "413": (413, "This was too long to take in"),
    "418": (418, "This could not be read"),
    "422": (422, "This could not be saved yet"),
    "429": (429, "Too many tries in a short time"),
    "500": (500, "This page could not be opened"),
    "unforeseen": (500, "This page could not be opened"),
    "database": (503, "We cannot answer right now"),
    "503": (503, "We cannot answer right now"),
}


@pytest.mark.parametrize(("code", "status", "words"), [(k, *v) for k, v in PAGES.items()], ids=PAGES)
def test_page(shell: FlaskClient, code: str, status: int, words: str) -> None:
    answer = shell.get(f"/fail/{code}")
    assert answer.status_code == status
    assert words in answer.text
    assert 'href="#main"' in answer.text
    assert "Whitfield" not in answer.text
    assert "Traceback" not in answer.text
    reference = re.search(r'class="reference">([0-9a-f]+)<', answer.text)
    assert reference


@pytest.mark.parametrize("code", ["429", "unforeseen", "database"])
def test_a_phone_shows_no_clinic_when_its_page_fails(shell: FlaskClient, code: str) -> None:
    answer = shell.get(f"/fail-on-a-phone/{code}")
    assert answer.status_code == PAGES[code][0]
    assert PAGES[code][1] in answer.text
    assert "<title>Check-in</title>" in answer.text
    assert "I need help now" in answer.text
    assert "linic" not in answer.text.replace("clinic.css", "")


def test_log_names_the_kind_and_the_place_but_quotes_nothing(
    capsys: pytest.CaptureFixture[str], make_shell: Callable[..., Flask]
) -> None:
    shell = make_shell().test_client()  # made here, so that it logs to what is captured
    shell.get("/fail/unforeseen")
    shell.get("/fail/database")
    printed = capsys.readouterr().out
    assert '"RuntimeError"' in printed
    assert "conftest.py:" in printed
    assert '"OperationalError"' in printed
    assert "Whitfield" not in printed
    assert "+1202" not in printed


def test_what_is_too_long_is_said_so(shell: FlaskClient) -> None:
    answer = shell.post("/sign-in", data={"words": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "This was too long to take in" in answer.text
