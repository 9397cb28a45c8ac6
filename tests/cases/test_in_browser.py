"""A note in a real browser: it saves itself, says when it cannot, and comes back to who wrote it alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, update
from werkzeug.serving import make_server

from clinic.accounts.models import KeptDraft, SignInSession, User
from clinic.core.db import db, transaction
from tests.cases.conftest import Owned
from tests.conftest import PASSWORD, Staff

expect.set_options(timeout=30_000)  # ms: it saves itself within seconds, on a loaded machine later
FIRST, SECOND = "Slept badly, wants to stay.", " Sister may be told."


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The clinic, served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def sign_in(page: Page, user_id: object) -> None:
    """Fill the page of the sign-in."""
    page.get_by_label("Sign-in name").fill(
        db.session.scalars(select(User.sign_in_name).filter_by(id=user_id)).one()
    )
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def run_out() -> None:
    """All sign-ins were without activity for too long."""
    with transaction() as session:
        session.execute(update(SignInSession).values(last_seen_at=datetime.now(UTC) - timedelta(minutes=20)))


def test_what_was_written_before_the_script_came_is_saved(
    address: str, browser: Browser, person: Owned
) -> None:
    page = browser.new_page()

    def write_first(script: Route) -> None:
        page.get_by_role("textbox", name="Note").fill(FIRST)
        script.continue_()

    page.goto(f"{address}/patients/{person.id}/notes/new")
    page.route("**/drafts.js*", write_first)
    sign_in(page, person.therapist_id)
    expect(page.locator("#draft-status")).to_have_text(re.compile(r"Draft saved"))
    page.close()


def test_a_note_saves_itself_and_comes_back_to_its_author_alone(
    address: str, browser: Browser, person: Owned, staff: Staff
) -> None:
    other, page = staff("supervisor"), browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{address}/patients/{person.id}/notes/new")
    sign_in(page, person.therapist_id)
    words, status = page.get_by_role("textbox", name="Note"), page.locator("#draft-status")
    words.fill(FIRST)
    expect(status).to_have_text(re.compile(r"Draft saved \d\d:\d\d:\d\d"))
    assert status.get_attribute("role") == "status"
    page.reload()
    assert words.input_value() == FIRST
    page.context.set_offline(True)
    words.press_sequentially(SECOND)
    expect(status).to_have_text(re.compile(r"Not saved since \d\d:\d\d\. Your connection is down; keep this"))
    page.context.set_offline(False)
    words.press_sequentially(" ")
    expect(status).to_have_text(re.compile(r"Draft saved"))
    assert [text for text in said if "ERR_INTERNET_DISCONNECTED" not in text] == []

    run_out()
    page.get_by_role("button", name="Sign note").click()
    sign_in(page, other)  # somebody else, on the same browser
    assert FIRST not in page.content()
    page.goto(f"{address}/patients/{person.id}/notes/new")
    assert words.input_value() == ""
    words.fill("Mine.")
    run_out()
    page.get_by_role("button", name="Sign note").click()
    sign_in(page, other)
    assert words.input_value() == "Mine."
    page.close()
    db.session.rollback()
    assert db.session.scalars(select(KeptDraft.fields_sealed)).all()
