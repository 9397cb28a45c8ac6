"""What is told with a consent, the notice it carries, and that nothing is told after it was taken back."""

import csv
import io

from sqlalchemy import select

from clinic.configuration import services as configuring
from clinic.consents.models import ConsentEnd, Disclosure
from clinic.consents.rules.statements import SHORT
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import db
from clinic.episodes import services as episodes
from tests.cases.conftest import Owned
from tests.conftest import MovedClock
from tests.consents.conftest import active, address, id_of, share
from tests.forms import submit, submit_twice


def told() -> list[Disclosure]:
    """Every disclosure that was kept."""
    db.session.rollback()
    return list(db.session.scalars(select(Disclosure).order_by(Disclosure.disclosed_at)))


def test_the_sheet_and_the_table_carry_notice_scope_and_consent(person: Owned) -> None:
    page = active(person)
    answer = share(person.therapist, page, categories=["demographics", "admission"])
    assert answer.status_code == 303
    sheet = person.therapist.get(answer.location).text
    article = sheet[sheet.index("<article") : sheet.index("</article>")]
    for words in (
        SHORT.words,
        "Dana Reyes, county probation",
        "Owen Whitfield",
        "Outpatient",
        "Monitoring by a court",
        "After Mar 1, 2027",
        "Nov 24, 2026, 15:00",  # what leaves the house says the year
        str(id_of(page)),
    ):
        assert words in article, words
    file = person.therapist.get(f"{answer.location}/table.csv")
    rows = list(csv.reader(io.StringIO(file.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[-1] == ["Notice", SHORT.version, SHORT.words]
    assert ["Consent", "Number", str(id_of(page))] in rows
    assert ["Name, date of birth and record number", "Name", "Owen Whitfield"] in rows
    [kept] = told()
    assert (kept.categories, kept.notice_version) == (["demographics", "admission"], SHORT.version)
    assert kept.recipient == "Dana Reyes, county probation"
    accounting = person.therapist.get(f"/patients/{person.id}/disclosures").text
    for words in ("Dana Reyes", "Admission and level of care", "Miriam Okafor", SHORT.version):
        assert words in accounting, words


def test_a_name_that_a_spreadsheet_would_run_is_harmless_in_the_table(person: Owned) -> None:
    sheet = share(person.therapist, active(person, names="=1+1")).location
    text = person.therapist.get(f"{sheet}/table.csv").get_data(as_text=True)
    assert "Shared,With,'=1+1" in text


def test_two_clicks_are_one_disclosure(person: Owned) -> None:
    page = active(person)
    submit_twice(
        person.therapist, f"{page}/disclose", recipient="0", purpose="monitoring", categories=["admission"]
    )
    assert len(told()) == 1


def test_the_paper_of_the_consent_carries_the_notice(person: Owned) -> None:
    paper = person.therapist.get(f"{active(person)}/paper").text
    for words in (SHORT.words, "Signed by", "I can take this consent back at any time"):
        assert words in paper, words


def test_a_class_of_recipients_asks_who_exactly(person: Owned) -> None:
    page = active(
        person, kind="tpo", categories=["everything"], groups=["providers"], names="", expires="none"
    )
    asked = {"purpose": "treatment", "categories": ["admission"]}
    refused = share(person.therapist, page, **asked)
    assert (refused.status_code, "does not name this recipient" in refused.text) == (422, True)
    answer = share(person.therapist, page, name="Dr. Amy Lund", **asked)
    assert answer.status_code == 303
    sheet = person.therapist.get(answer.location).text
    assert "Dr. Amy Lund" in sheet


def test_what_no_room_brings_together_says_so_and_is_not_kept_as_told(person: Owned) -> None:
    page = active(person, categories=["admission", "medication"])
    assert "does not bring this part together yet" in person.therapist.get(page).text
    assert share(person.therapist, page, categories=["admission", "medication"]).status_code == 422
    assert told() == []


def test_a_part_outside_of_the_scope_is_not_told(person: Owned) -> None:
    refused = share(person.therapist, active(person), categories=["medication"])
    assert refused.status_code == 422
    assert told() == []


def test_with_the_long_notice_chosen_and_not_loaded_nothing_is_told(person: Owned, clock: MovedClock) -> None:
    page = active(person)
    configuring.set_value("redisclosure_long", True, at=clock.now())
    refused = share(person.therapist, page)
    assert (refused.status_code, "its words are not loaded" in refused.text) == (422, True)
    assert "its words are not loaded" in person.therapist.get(f"{page}/paper").text
    assert told() == []
    configuring.set_value("redisclosure_long_words", "Words of the eCFR", at=clock.now())
    configuring.set_value("redisclosure_long_source", "eCFR of Nov 20, 2026", at=clock.now())
    answer = share(person.therapist, page)
    assert "Words of the eCFR" in person.therapist.get(answer.location).text
    assert told()[0].notice_version == "long, eCFR of Nov 20, 2026"


def test_taken_back_by_word_counts_at_once_and_asks_for_the_note(person: Owned) -> None:
    page = active(person)
    sheet = share(person.therapist, page).location
    assert submit(person.therapist, f"{page}/end", kind="oral").status_code == 303
    shown = person.therapist.get(page).text
    assert "Ask for the note in writing" in shown
    refused = share(person.therapist, page)
    assert (refused.status_code, "has taken the consent back" in refused.text) == (422, True)
    assert person.therapist.get(f"{sheet}/table.csv").status_code == 409
    assert "not to be handed out again" in person.therapist.get(sheet).text
    assert submit(person.therapist, f"{page}/end", kind="written").status_code == 303
    assert "Ask for the note in writing" not in person.therapist.get(page).text
    db.session.rollback()
    assert sorted(db.session.scalars(select(ConsentEnd.kind))) == ["oral", "written"]
    assert len(told()) == 1
    assert "Ended" in person.therapist.get(address(person)).text


def test_after_its_last_day_nothing_is_told(person: Owned, clock: MovedClock) -> None:
    page = active(person, expires_on="2026-11-25")
    clock.advance(hours=34)  # past midnight in New York
    refused = share(person.therapist, page)
    assert (refused.status_code, "The consent has ended" in refused.text) == (422, True)


def test_the_end_of_treatment_ends_what_was_to_hold_until_then(person: Owned, clock: MovedClock) -> None:
    until_then, to_a_day = active(person, expires="treatment_end"), active(person)
    who = Actor(ActorKind.USER, person.therapist_id, role="therapist", subject_ids=(person.therapist_id,))
    with actor.acting(who):
        episodes.close(person.id, "completed", at=clock.now())
    db.session.rollback()
    assert db.session.scalars(select(ConsentEnd.consent_id)).all() == [id_of(until_then)]
    assert id_of(to_a_day) != id_of(until_then)
