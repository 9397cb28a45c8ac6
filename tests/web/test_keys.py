"""Keys make pages faster, in a real browser, and can be switched off."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from tests.forms import submit


@pytest.fixture
def page(address: str, browser: Browser) -> Page:
    """The component page, opened."""
    page = browser.new_page()
    page.goto(f"{address}/components")
    return page


def test_a_digit_chooses_the_answer_with_that_value(page: Page) -> None:
    pupils = page.locator("fieldset.scored-item").first
    pupils.locator("input").first.focus()
    page.keyboard.press("5")
    assert pupils.locator("input").last.is_checked()
    page.keyboard.press("3")  # no answer has this value
    assert pupils.locator("input").last.is_checked()


def test_letters_are_typed_where_a_field_has_the_focus(page: Page) -> None:
    page.locator("#hurts").focus()
    page.keyboard.type("jk5?")
    assert page.locator("#hurts").input_value() == "jk5?"


def test_j_and_k_go_through_the_rows(page: Page) -> None:
    page.locator("body").press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Tomasz Nowak"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == "Marcus Bell"


def test_letters_can_be_switched_off(sign_in: Callable[..., FlaskClient]) -> None:
    browser = sign_in("therapist")
    assert "Switch them off" in browser.get("/keys").text
    assert submit(browser, "/keys").status_code == 303
    page = browser.get("/keys").text
    assert "switched off on this computer" in page
    assert 'data-keys="off"' in page
    submit(browser, "/keys")
    assert "data-keys" not in browser.get("/keys").text
