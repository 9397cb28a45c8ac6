"""Drafts of long forms: their author's alone, sealed, kept as typed, told to the second of two tabs."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.accounts.models import KeptDraft
from clinic.audit.models import AuditEntry
from clinic.cases.models import Note
from clinic.core.db import db
from tests.cases.conftest import Owned
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields

FIRST, SECOND = "Slept badly, wants to stay.", "Slept well, and wants to stay."
TYPED = {"kind": "visit", "happened_on": "2026-11-24", "happened_at": "half past", "words": FIRST}
SCRIPT = {"Accept": "application/json"}


def keep(browser: FlaskClient, url: str, form: dict[str, str], **more: Any) -> TestResponse:
    """Send a form to be kept as a draft, by script unless told otherwise."""
    by_script = more.pop("by_script", True)
    return browser.post(
        url, data={**form, **TYPED, "draft": "keep", **more}, headers=SCRIPT if by_script else {}
    )


def drafts() -> list[KeptDraft]:
    """All that are kept."""
    db.session.rollback()
    return list(db.session.scalars(select(KeptDraft).execution_options(populate_existing=True)))


def opened(browser: FlaskClient, url: str) -> dict[str, str]:
    """The hidden fields of the page's form, as one tab has them."""
    return hidden_fields(browser.get(url).text, url)


def test_what_is_typed_is_kept_unchecked_and_comes_back(person: Owned, clock: MovedClock) -> None:
    url = f"/patients/{person.id}/notes/new"
    saved = keep(person.therapist, url, opened(person.therapist, url)).json
    assert saved and saved["version"] == 1
    page = person.therapist.get(url).text
    for shown in (
        FIRST,
        'value="half past"',
        '<option selected value="visit">',
        f"Draft saved {saved['saved']}",
    ):
        assert shown in page
    clock.advance(minutes=1)
    again = keep(person.therapist, url, opened(person.therapist, url), words=SECOND).json
    assert again and again["version"] == 2
    assert again["saved"] > saved["saved"] > "15:00"
    assert SECOND in person.therapist.get(url).text
    [draft] = drafts()
    assert FIRST.encode() not in draft.fields_sealed
    assert "csrf_token" not in draft.fields
    entry = select(AuditEntry.patient_ids).where(AuditEntry.action == "draft.kept")
    assert db.session.scalars(entry).all() == [[str(person.id)], [str(person.id)]]


def test_a_draft_is_its_author_s_alone(person: Owned, sign_in: SignIn) -> None:
    url, supervisor = f"/patients/{person.id}/notes/new", sign_in("supervisor")
    keep(person.therapist, url, opened(person.therapist, url))
    assert FIRST not in supervisor.get(url).text
    assert keep(supervisor, url, opened(supervisor, url), words=SECOND).status_code == 200
    assert FIRST in person.therapist.get(url).text
    stranger = sign_in("therapist")
    form = hidden_fields(stranger.get("/keys").text, "/keys")
    assert keep(stranger, url, form).status_code == 404
    assert len(drafts()) == 2


def test_a_draft_has_served_when_its_form_is_taken_or_it_is_dropped(person: Owned) -> None:
    url = f"/patients/{person.id}/notes/new"
    keep(person.therapist, url, opened(person.therapist, url))
    form = {**opened(person.therapist, url), **TYPED, "happened_at": "10:00", "action": "sign"}
    assert person.therapist.post(url, data=form).status_code == 303
    assert drafts() == []
    assert FIRST not in person.therapist.get(url).text
    # What a script had still under way when the form was sent makes no new draft.
    assert keep(person.therapist, url, form).status_code == 303
    assert drafts() == []
    keep(person.therapist, url, opened(person.therapist, url))
    assert person.therapist.post(url, data={**opened(person.therapist, url), "draft": "drop"}).location == url
    assert drafts() == []
    assert len(db.session.scalars(select(Note.id)).all()) == 1


def test_of_two_tabs_the_second_is_told_and_chooses(person: Owned) -> None:
    url = f"/patients/{person.id}/notes/new"
    one, two = (opened(person.therapist, url) for _ in range(2))
    first = keep(person.therapist, url, one).json
    late = keep(person.therapist, url, two, words=SECOND)
    assert first and (late.status_code, late.json) == (409, {"saved": first["saved"]})
    both = keep(person.therapist, url, two, words=SECOND, by_script=False)
    assert both.status_code == 422
    for shown in ("You, in another tab, saved this at 15:00", FIRST, SECOND):
        assert shown in both.text
    chosen = {**hidden_fields(both.text, url), "keep-words": "theirs"}
    assert keep(person.therapist, url, chosen, words=SECOND, kind="call", by_script=False).status_code == 303
    assert drafts()[0].fields["words"] == [FIRST]
    assert drafts()[0].fields["kind"] == ["call"]


def test_a_draft_of_an_old_version_meets_what_was_saved_meanwhile(person: Owned) -> None:
    new = f"/patients/{person.id}/notes/new"
    written = {**TYPED, "happened_at": "10:00", "action": "draft"}
    person.therapist.post(new, data={**opened(person.therapist, new), **written})
    url = f"/patients/{person.id}/notes/{db.session.scalars(select(Note.id)).one()}"
    keep(person.therapist, url, opened(person.therapist, url), words=SECOND)
    [kept] = drafts()
    db.session.expunge_all()
    elsewhere = {**opened(person.therapist, url), **written, "version": "1", "words": "Said by phone."}
    assert person.therapist.post(url, data=elsewhere).status_code == 303  # this took the draft, too
    keep(person.therapist, url, opened(person.therapist, url), version=kept.fields["version"][0])
    resumed = opened(person.therapist, url)
    late = person.therapist.post(url, data={**resumed, **written})
    assert late.status_code == 409
    assert "Said by phone." in late.text
