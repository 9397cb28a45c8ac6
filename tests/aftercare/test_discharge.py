"""The discharge page: what it needs, and what it opens in one transaction."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select

from clinic.aftercare.models import CheckIn, CheckInPlan, Discharge, PlannedCall, RelapsePlan
from clinic.core.db import db
from clinic.episodes import queries as episodes
from clinic.episodes.rules import ContactKind, Track
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.messaging.models import Message
from clinic.worklist.models import WorkItem
from tests.aftercare.conftest import DISCHARGE, Person
from tests.conftest import MovedClock
from tests.forms import hidden_fields, submit


def test_discharge_opens_aftercare_with_check_ins_and_calls(discharged: Person, clock: MovedClock) -> None:
    episode = episodes.open_episode(discharged.id, now=clock.now())
    assert episode is not None
    assert episode.track is Track.AFTERCARE
    assert (episode.next_contact.on, episode.next_contact.kind) == (date(2026, 11, 25), ContactKind.CALL)
    days = db.session.scalars(select(CheckIn.day).order_by(CheckIn.due_at)).all()
    assert days == list(range(1, 15))
    assert db.session.scalars(select(PlannedCall.day).order_by(PlannedCall.day)).all() == [1, 3, 7, 14]
    invites = db.session.execute(select(Message.purpose, Message.not_before)).all()
    assert len(invites) == 14
    assert {row.purpose for row in invites} == {"invite"}
    kept = db.session.scalars(select(Discharge)).one()
    assert (kept.reason, kept.naloxone, kept.naloxone_expires_on) == ("completed", "given", date(2028, 5, 31))
    naloxone = history.current(discharged.id, FactKind.NALOXONE)
    assert naloxone is not None
    assert naloxone.code == "given"


def test_the_page_shows_when_people_die(person: Person) -> None:
    page = person.therapist.get(f"/patients/{person.id}/discharge")
    assert "3 to 8 times" in page.text
    assert "never lowers the risk" in page.text


MISSING = {
    "reason": ({"reason": ""}, "Choose reason"),
    "naloxone": ({"naloxone": ""}, "Choose naloxone"),
    "its expiry": ({"naloxone_expires_on": ""}, "Enter when the naloxone expires"),
    "an impossible expiry": ({"naloxone_expires_on": "2028-02-30"}, "as a date that exists"),
    "triggers": ({"triggers": ""}, "Enter what pulls"),
    "a reachable number": ({"person_1_phone": "555"}, "with area code"),
    "a name for a number": ({"person_1_name": ""}, "Enter first safe person"),
    "both parts of an appointment": ({"appointment_at": ""}, "Enter time of the appointment, or leave both"),
    "an appointment ahead": ({"appointment_on": "2026-11-01"}, "today or later"),
    "a check-in time in the day": ({"check_in_time": "08:00"}, "from 09:00 to before 20:00"),
    "and before the evening": ({"check_in_time": "20:00"}, "from 09:00 to before 20:00"),
    "a zone of the list": ({"zone": "Mars/Olympus"}, "from the list"),
    "text that can be kept": ({"coping": "a\x00b"}, "coping"),
    "text that is short enough": ({"triggers": "x" * 20_000}, "Shorten what pulls to 5,000 characters"),
}


@pytest.mark.parametrize(("changed", "words"), MISSING.values(), ids=MISSING)
def test_what_does_not_fit_is_named_and_nothing_is_lost_or_changed(
    person: Person, changed: dict[str, str], words: str
) -> None:
    answer = person.discharge(**changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ada Obi, sponsor" in answer.text or "person_1_name" in changed
    assert db.session.scalar(select(func.count()).select_from(CheckInPlan)) == 0


def test_naloxone_declined_needs_no_expiry(person: Person) -> None:
    assert person.discharge(naloxone="declined", naloxone_expires_on="").status_code == 303


def test_who_left_is_discharged_without_a_plan_that_could_not_be_asked(person: Person) -> None:
    gone = {**dict.fromkeys(("triggers", "signs", "coping", "lapse"), ""), "reason": "left_against_advice"}
    refused = person.discharge(**gone, naloxone="")
    assert refused.status_code == 422
    assert "Enter what pulls" not in refused.text
    assert person.discharge(**gone).status_code == 303
    page = person.therapist.get(f"/patients/{person.id}/aftercare").text
    assert "Ada Obi" in page
    assert "What pulls me" not in page


def test_a_second_discharge_is_led_to_the_first(discharged: Person) -> None:
    answer = discharged.therapist.get(f"/patients/{discharged.id}/discharge", follow_redirects=True)
    assert "was discharged already" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Discharge)) == 1


def test_a_double_click_discharges_once(person: Person) -> None:
    url = f"/patients/{person.id}/discharge"
    data = {**hidden_fields(person.therapist.get(url).text, url), **DISCHARGE}
    assert [person.therapist.post(url, data=data).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count()).select_from(RelapsePlan)) == 1


def test_somebody_elses_patient_is_not_there(
    person: Person, sign_in: Callable[..., FlaskClient], clock: MovedClock
) -> None:
    other = sign_in("therapist")
    for path in ("discharge", "aftercare", "aftercare/plan", "aftercare/check-ins", "aftercare/card"):
        assert other.get(f"/patients/{person.id}/{path}").status_code == 404


def test_the_plan_page_shows_the_plan_and_what_comes_next(discharged: Person) -> None:
    page = discharged.therapist.get(f"/patients/{discharged.id}/aftercare").text
    for words in (
        "Payday",
        "Ada Obi, sponsor",
        "(202) 555-0133",
        "version 1",
        "Wed Nov 25, 10:00",
        "Given today",
    ):
        assert words in page
    card = discharged.therapist.get(f"/patients/{discharged.id}/aftercare/card").text
    assert "Walk to the river" in card


def test_of_two_who_discharge_the_second_loses_no_word(person: Person) -> None:
    url, plan = f"/patients/{person.id}/discharge", f"/patients/{person.id}/aftercare/plan"
    opened = hidden_fields(person.therapist.get(url).text, url)
    assert person.discharge().status_code == 303
    mine = {**DISCHARGE, "triggers": "My cousin’s calls", "medication_note": "Next dose from Dr. Reyes"}
    late = person.therapist.post(url, data={**opened, **mine})
    assert late.status_code == 409
    for words in ("was discharged already", "My cousin’s calls", "Payday", "Next dose from Dr. Reyes"):
        assert words in late.text
    chosen = {**hidden_fields(late.text, plan), **mine, "reason": "Both of us asked"}
    assert person.therapist.post(plan, data=chosen).status_code == 303
    assert "My cousin’s calls" in person.therapist.get(f"/patients/{person.id}/aftercare").text


def test_a_revised_plan_is_the_next_version_and_of_two_at_once_the_second_chooses(discharged: Person) -> None:
    url, therapist = f"/patients/{discharged.id}/aftercare/plan", discharged.therapist
    page = therapist.get(url).text
    theirs = {**DISCHARGE, "triggers": "Bad sleep", "signs": "Quiet", "reason": "Told on Monday"}
    assert submit(therapist, url, **theirs).status_code == 303
    mine = {**DISCHARGE, "triggers": "My cousin’s calls", "reason": "Told on Tuesday"}
    late = therapist.post(url, data={**hidden_fields(page, url), **mine})
    assert late.status_code == 409
    for words in ("My cousin’s calls", "Bad sleep", "Told on Monday", "saved this at"):
        assert words in late.text
    chosen = {**hidden_fields(late.text, url), **mine, "keep-triggers": "mine", "keep-signs": "theirs"}
    assert therapist.post(url, data=chosen).status_code == 303
    versions = db.session.scalars(select(RelapsePlan).order_by(RelapsePlan.n)).all()
    assert [(row.n, row.reason) for row in versions] == [
        (1, None),
        (2, "Told on Monday"),
        (3, "Told on Tuesday"),
    ]
    assert (versions[2].parts["triggers"], versions[2].parts["signs"]) == (["My cousin’s calls"], ["Quiet"])
    told = therapist.get(f"{url}/versions").text
    for words in (
        '<del class="prose">Bad sleep</del>',
        '<ins class="prose">My cousin’s calls</ins>',
        "Told on Tuesday",
    ):
        assert words in told


def test_of_two_new_times_the_second_chooses(discharged: Person) -> None:
    url = f"/patients/{discharged.id}/aftercare/check-ins"
    opened = hidden_fields(discharged.therapist.get(url).text, url)
    submit(discharged.therapist, url, check_in_time="18:30", zone="America/Chicago")
    mine = {"check_in_time": "11:00", "zone": "America/New_York"}
    late = discharged.therapist.post(url, data={**opened, **mine})
    assert late.status_code == 409
    chosen = {**hidden_fields(late.text, url), **mine, "keep-zone": "theirs"}
    assert discharged.therapist.post(url, data=chosen).status_code == 303
    plan = db.session.scalars(select(CheckInPlan)).one()
    assert (plan.local_time, plan.zone) == (time(11), "America/Chicago")


def test_a_new_time_moves_what_was_not_asked_yet(discharged: Person, clock: MovedClock) -> None:
    clock.advance(days=1)  # the check-in of day 1 is open
    url = f"/patients/{discharged.id}/aftercare/check-ins"
    assert submit(discharged.therapist, url, check_in_time="07:00", zone="America/Chicago").status_code == 422
    assert submit(discharged.therapist, url, check_in_time="18:30", zone="America/Chicago").status_code == 303
    standing = select(CheckIn.day, CheckIn.due_at).where(CheckIn.outcome.is_(None)).order_by(CheckIn.due_at)
    rows = db.session.execute(standing).all()
    assert [row.day for row in rows] == list(range(1, 15))
    assert rows[1].due_at - rows[0].due_at == timedelta(hours=33, minutes=30)
    cancelled = select(CheckIn.id).where(CheckIn.outcome == "cancelled")
    messages = select(Message.state).where(Message.subject_id.in_(cancelled))
    assert set(db.session.scalars(messages)) == {"cancelled"}


def test_planned_calls_become_work_on_their_morning(
    discharged: Person, clock: MovedClock, runner: FlaskCliRunner
) -> None:
    runner.invoke(args=["messages", "pump"], catch_exceptions=False)
    assert db.session.scalar(select(func.count()).where(WorkItem.kind == "aftercare.call")) == 0
    clock.advance(hours=18, minutes=1)  # 09:01 on day 1
    runner.invoke(args=["messages", "pump"])
    db.session.rollback()
    item = db.session.scalars(select(WorkItem).where(WorkItem.kind == "aftercare.call")).one()
    assert (item.reason, item.owner_id) == ("Planned call, day 1 after discharge", discharged.therapist_id)
