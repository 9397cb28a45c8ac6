"""The sheet for when the program does not answer: who is on it, what each role reads, and what it costs."""

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient, FlaskCliRunner
from playwright.sync_api import Browser
from sqlalchemy import select

from clinic.app import create_app
from clinic.audit.models import AuditEntry
from clinic.core import actor, clock, periodic
from clinic.core.db import db
from clinic.downtime.queries import Sheet
from clinic.safety import services as safety
from clinic.safety.rules import Cause
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from tests.cases.conftest import Own, Owned, own, person
from tests.cases.test_notes import booked
from tests.conftest import MovedClock, SignIn
from tests.forms import submit
from tests.safety.test_paper import SHEET, printed
from tests.sweep.walk import counted

__all__ = ["own", "person"]
PAGE = "/downtime-sheet"
CLINICAL = ("Outpatient, week 1", "Penicillin", "Pull 9 of 10", "Safety plan missing")


@pytest.fixture
def troubled(own: Own, site: UUID, clock: MovedClock) -> Owned:
    """Somebody with a number, an allergy, an open risk, no safety plan, and a session tomorrow."""
    one = own(family_name="Zhou", given_name="Ana", phone="+12025550142", may_voicemail=True)
    allergy = {"code": "known", "detail": "Penicillin", "on": "2026-11-24"}
    assert submit(one.therapist, f"/patients/{one.id}/history/allergy", **allergy).status_code == 303
    worklist.raise_item(
        "aftercare.risk", "test", uuid4(), patient_id=one.id, owner_id=one.therapist_id, site_id=site,
        level=Level.HIGH, reason="Pull 9 of 10", due_at=clock.now(), at=clock.now(),
    )  # fmt: skip
    safety.ask(one.id, Cause.HARM, uuid4(), at=clock.now())
    booked(one, site, 9, clock)
    return one


def test_the_therapist_prints_the_own_caseload_by_family_name(troubled: Owned, own: Own) -> None:
    own(family_name="Abara", given_name="Ben")
    page = troubled.therapist.get(PAGE).text
    assert page.index("Ben Abara") < page.index("Ana Zhou")
    for words in (
        *CLINICAL, "As of Tue Nov 24, 15:00", "2 people", "(202) 555-0142", "Voicemail. No texts",
        "born May 3, 1992", "Pregnancy: not asked", "No medication", "Miriam Okafor", "09:00 to",
    ):  # fmt: skip
        assert words in page, words
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "downtime.opened"))
    assert str(troubled.id) in entry.patient_ids


def test_the_desk_reads_whom_to_call_and_nothing_of_the_programme(troubled: Owned, sign_in: SignIn) -> None:
    page = sign_in("desk").get(PAGE).text
    assert "Ana Zhou" in page
    assert "(202) 555-0142" in page
    for words in CLINICAL:
        assert words not in page, words


def test_each_sees_whom_their_work_is_with(troubled: Owned, sign_in: SignIn) -> None:
    assert "Penicillin" in sign_in("supervisor").get(PAGE).text
    assert "Outpatient, week 1" in sign_in("coordinator").get(PAGE).text  # until the hand-over
    for role in ("nurse", "therapist"):
        assert "Ana Zhou" not in sign_in(role).get(PAGE).text, role


def test_the_prescriber_has_the_site_and_the_peer_only_who_is_theirs(
    troubled: Owned, sign_in: SignIn
) -> None:
    page = sign_in("prescriber").get(PAGE).text
    for words in CLINICAL:
        assert words in page, words
    peer = sign_in("peer").get(PAGE)
    assert peer.status_code == 200
    assert "Ana Zhou" not in peer.text


@pytest.mark.parametrize("role", ["privacy", "administrator"])
def test_who_has_no_patients_has_no_sheet(sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get(PAGE).status_code == 403


def test_a_sheet_that_was_cut_says_so_where_it_begins_and_where_it_ends(app: Flask) -> None:
    with app.test_request_context():
        text = get_template_attribute("downtime/parts.html", "the_sheet")(Sheet(clock.now(), [], [], False))
    assert "Not everybody is on this sheet" in text.partition("<table")[0]
    assert "not everybody is on it" in text.partition("</table>")[2]


def test_intake_has_who_waits_without_an_episode(sign_in: SignIn, patient: Own) -> None:
    coordinator = sign_in("coordinator")
    patient(family_name="Newcomer")
    page = coordinator.get(PAGE).text
    for words in ("Owen Newcomer", "In intake", "None planned", "No owner yet"):
        assert words in page, words


def test_as_many_statements_for_twelve_as_for_two(own: Own) -> None:
    sent = []
    for more in (2, 10):
        for _ in range(more):
            one = own()
        with counted() as statements:
            assert one.therapist.get(PAGE).status_code == 200
        sent.append(len(statements))
    assert sent[0] == sent[1]


def written(folder: Path) -> Path:
    """The one file in a folder."""
    [path] = folder.iterdir()
    return path


def test_the_command_writes_a_file_for_this_user_alone_and_it_is_a_disclosure(
    troubled: Owned, runner: FlaskCliRunner, tmp_path: Path, site: UUID
) -> None:
    folder = tmp_path / "sheets"
    done = runner.invoke(args=["downtime", "write", str(folder)])
    assert done.exit_code == 0, done.output
    path = written(folder)
    assert str(path) in done.output
    assert path.name.startswith("downtime-riverside-")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    for words in (*CLINICAL, "As of Tue Nov 24, 15:00", "Ana Zhou", "<style>"):
        assert words in text, words
    assert "http" not in text
    db.session.rollback()
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "downtime.written"))
    assert (entry.actor_kind, entry.subject_id) == (actor.ActorKind.COMMAND, site)
    assert str(troubled.id) in entry.patient_ids


def test_it_is_written_by_itself_only_where_a_folder_is_set(
    troubled: Owned, env: dict[str, str], tmp_path: Path
) -> None:
    job = periodic.jobs["downtime.write"]
    assert job.run(clock.now) == 0
    folder = tmp_path / "sheets"
    with create_app({**env, "CLINIC_DOWNTIME_FOLDER": str(folder)}).app_context():
        assert job.run(clock.now) == 1
        assert job.run(clock.now) == 0  # it is fresh
    assert "Ana Zhou" in written(folder).read_text()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_thirty_people_are_printed_on_a_few_sheets(own: Own, browser: Browser, client: FlaskClient) -> None:
    for n in range(30):
        one = own(family_name=f"Person {n}")
    assert 2 <= len(SHEET.findall(printed(browser, one.therapist, PAGE))) <= 5
