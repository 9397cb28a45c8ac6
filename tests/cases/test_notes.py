"""Notes: a draft is its author's, what is signed stays, no word typed is lost."""

from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.cases.models import Note
from clinic.core.actor import Actor, ActorKind, acting
from clinic.core.db import db
from clinic.scheduling import services as scheduling
from tests.cases.conftest import Own, Owned
from tests.conftest import MovedClock, SignIn
from tests.forms import hidden_fields, submit

WRITTEN = {"kind": "call", "happened_on": "2026-11-24", "happened_at": "10:00"}
FIRST, SECOND = "Slept badly, wants to stay.", "Slept well, and wants to stay."


def write(
    person: Owned, *, action: str = "sign", asked: str = "", words: str = FIRST, **more: str
) -> TestResponse:
    """Fill the page of a new note."""
    address = f"/patients/{person.id}/notes/new{asked}"
    return submit(person.therapist, address, action=action, words=words, **{**WRITTEN, **more})


def notes() -> list[Note]:
    """All notes, oldest first, as they are now."""
    db.session.rollback()
    wanted = select(Note).order_by(Note.id).execution_options(populate_existing=True)
    return list(db.session.scalars(wanted))


def page_of(note: Note) -> str:
    """Where a note is read."""
    return f"/patients/{note.patient_id}/notes/{note.id}"


def test_a_draft_is_its_author_s_alone(person: Owned, sign_in: SignIn) -> None:
    assert write(person, action="draft").status_code == 303
    [draft] = notes()
    assert draft.signed_at is None
    supervisor, all_notes = sign_in("supervisor"), f"/patients/{person.id}/notes"
    assert FIRST in person.therapist.get(all_notes).text
    assert FIRST not in supervisor.get(all_notes).text
    assert supervisor.get(page_of(draft)).status_code == 404
    form = hidden_fields(supervisor.get("/keys").text, "/keys")
    sent = {**form, **WRITTEN, "words": SECOND, "action": "sign"}
    assert supervisor.post(page_of(draft), data=sent).status_code == 404
    assert notes()[0].words == FIRST


def test_a_draft_is_gone_on_with_and_signed(person: Owned, sign_in: SignIn) -> None:
    write(person, action="draft")
    [draft] = notes()
    done = submit(person.therapist, page_of(draft), **WRITTEN, words=SECOND, action="sign")
    assert done.status_code == 303
    [note] = notes()
    assert (note.id, note.words) == (draft.id, SECOND)
    assert note.signed_at is not None
    assert SECOND in sign_in("supervisor").get(page_of(note)).text


def test_a_signed_note_is_amended_and_its_first_words_stay(person: Owned, sign_in: SignIn) -> None:
    write(person)
    [note] = notes()
    supervisor = sign_in("supervisor", name="Jamie Frost")
    assert submit(supervisor, page_of(note), words=SECOND, reason="A wrong word").status_code == 303
    first, amendment = notes()
    assert (first.words, amendment.words, amendment.amends_id) == (FIRST, SECOND, first.id)
    page = person.therapist.get(page_of(note)).text
    assert f'<del class="prose">{FIRST}</del>' in page
    assert page.index(SECOND) < page.index(f'<ins class="prose">{SECOND}</ins>')  # it reads so now
    for told in ("Tue Nov 24, 15:00, Jamie Frost.", "A wrong word", "amended 15:00"):
        assert told in page
    assert "Amended" in person.therapist.get(f"/patients/{person.id}/notes").text
    assert person.therapist.get(page_of(amendment)).status_code == 404  # it is read with its note


def test_of_two_who_amend_the_second_chooses_field_by_field(person: Owned, sign_in: SignIn) -> None:
    write(person)
    supervisor, address = sign_in("supervisor", name="Jamie Frost"), page_of(notes()[0])
    opened = hidden_fields(person.therapist.get(address).text, address)
    assert submit(supervisor, address, words=SECOND, reason="A wrong word").status_code == 303
    mine = {"words": "Slept a little.", "reason": "Too strong"}
    late = person.therapist.post(address, data={**opened, **mine})
    assert late.status_code == 409
    for shown in ("Jamie Frost saved this at 15:00", SECOND, "Slept a little.", "A wrong word", "Too strong"):
        assert shown in late.text
    chosen = {**hidden_fields(late.text, address), **mine, "keep-words": "theirs", "keep-reason": "mine"}
    assert person.therapist.post(address, data=chosen).status_code == 303
    assert [(note.n, note.words, note.reason) for note in notes()] == [
        (0, FIRST, None),
        (1, SECOND, "A wrong word"),
        (2, SECOND, "Too strong"),
    ]


def test_of_two_tabs_the_second_sees_both_and_loses_nothing(person: Owned) -> None:
    write(person, action="draft", words="Began to write")
    address = page_of(notes()[0])
    tabs = [hidden_fields(person.therapist.get(address).text, address) for _ in range(2)]
    sent = [
        person.therapist.post(address, data={**tab, **WRITTEN, "words": words, "action": "draft"})
        for tab, words in zip(tabs, (FIRST, SECOND), strict=True)
    ]
    assert [answer.status_code for answer in sent] == [303, 409]
    assert FIRST in sent[1].text
    assert SECOND in sent[1].text
    again = {**hidden_fields(sent[1].text, address), **WRITTEN, "words": SECOND, "action": "sign"}
    assert person.therapist.post(address, data=again).status_code == 303
    assert [note.words for note in notes()] == [SECOND]


BAD = {
    "nothing": ({"words": ""}, "Enter note"),
    "only blanks": ({"words": " \n "}, "Enter note"),
    "too long": ({"words": "long " * 4_000}, "10,000"),
    "a NUL": ({"words": "one\0two"}, "character"),
    "in the future": ({"happened_on": "2026-11-25"}, "not in the future"),
    "no such day": ({"happened_on": "2026-02-30"}, "day"),
    "no such kind": ({"kind": "seance"}, "kind"),
}


@pytest.mark.parametrize(("changed", "told"), BAD.values(), ids=BAD)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    person: Owned, changed: dict[str, str], told: str
) -> None:
    answer = write(person, **changed)
    assert answer.status_code == 422
    assert told in answer.text
    for word in changed.get("words", FIRST).replace("\0", " ").split()[:3]:
        assert word in answer.text
    assert notes() == []


def test_a_double_click_writes_one_note(person: Owned) -> None:
    address = f"/patients/{person.id}/notes/new"
    form = hidden_fields(person.therapist.get(address).text, address)
    sent = {**form, **WRITTEN, "words": FIRST, "action": "sign"}
    assert [person.therapist.post(address, data=sent).status_code for _ in range(2)] == [303, 303]
    assert len(notes()) == 1


def booked(person: Owned, site: UUID, hour: int, clock: MovedClock) -> UUID:
    """An individual session tomorrow."""
    subjects = (person.therapist_id, site)
    therapist = Actor(
        ActorKind.USER, person.therapist_id, role="therapist", site_id=site, subject_ids=subjects
    )
    with acting(therapist):
        return scheduling.book_individual(
            person.id,
            scheduling.Plan(date(2026, 11, 25), time(hour), 50, None),
            kind="individual",
            therapist_id=person.therapist_id,
            site_id=site,
            at=clock.now(),
        )


def test_a_note_belongs_to_the_person_s_own_session_only(own: Own, site: UUID, clock: MovedClock) -> None:
    mine, other = own(), own(family_name="Reyes")
    own_session, foreign_session = booked(mine, site, 10, clock), booked(other, site, 12, clock)
    for session in (own_session, foreign_session, UUID(int=7), "none"):
        assert write(mine, asked=f"?session={session}").status_code == 303
    assert [note.session_id for note in notes()] == [own_session, None, None, None]
