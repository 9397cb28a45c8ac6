"""The invented clinic: the same for the same seed, in every state of the chain, never beside real users."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from clinic.accounts.models import User
from clinic.aftercare.models import CheckIn, CheckInPlan
from clinic.aftercare.rules.terms import Slot
from clinic.core import clock
from clinic.core.db import db
from clinic.core.rules import instant, local
from clinic.demo.rules.stories import STORIES
from clinic.demo.services.clinic import PASSWORD, STAFF
from clinic.episodes.models import Episode, HandOver, Stay
from clinic.episodes.rules import Track
from clinic.intake.models import Assessment, PlacementDecision, Referral
from clinic.patients.models import Patient
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level
from tests import databases
from tests.conftest import ENV, opened
from tests.forms import submit
from tests.messaging.provider import running

ZONE = "America/New_York"


def go_to(hour: int) -> None:
    """Tomorrow at this hour: the demo was loaded at whatever time it is now."""
    tomorrow = local(clock.now(), ZONE).date() + timedelta(days=1)
    clock.move_to(instant(tomorrow, time(hour), ZONE))


def run(app: Flask, *words: str) -> Any:
    """A `flask` command."""
    done = app.test_cli_runner().invoke(args=words)
    db.session.rollback()
    return done


def count(*wanted: Any) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(*wanted)) or 0


def clinic() -> dict[str, object]:
    """Who is there and how far they are: what one seed decides."""
    names = select(Patient.family_name, Patient.given_name, Patient.pronouns).order_by(Patient.id)
    tracks = select(Stay.track, func.count()).where(Stay.ends_at.is_(None)).group_by(Stay.track)
    referrals = select(Referral.state, func.count()).group_by(Referral.state)
    decisions = select(PlacementDecision.state, func.count()).group_by(PlacementDecision.state)
    return {
        "names": sorted(map(tuple, db.session.execute(names))),
        "tracks": dict(iter(db.session.execute(tracks))),
        "referrals": dict(iter(db.session.execute(referrals))),
        "decisions": dict(iter(db.session.execute(decisions))),
        "staff": sorted(db.session.scalars(select(User.name))),
    }


def test_the_same_seed_gives_the_same_clinic(
    demo_templates: Mapping[str, Callable[[], str]], worker_name: str, state: Path
) -> None:
    other = databases.created(databases.made(f"clinic_{worker_name}_seed"))
    env = {**ENV, "CLINIC_STATE_FOLDER": str(state)}
    with opened({**env, "DATABASE_URL": demo_templates["sqlite"]()}):
        first = clinic()
    with opened({**env, "DATABASE_URL": other}) as fresh:
        go_to(16)  # who they are hangs on neither the database nor the day nor the hour
        done = run(fresh, "demo", "load", "--seed", "1")
        assert done.exit_code == 0, done.output
        assert PASSWORD in done.output
        second = clinic()
    assert first == second


def test_it_is_loaded_into_an_empty_clinic_only(demo: Flask) -> None:
    before = clinic()
    again = run(demo, "demo", "load")
    assert again.exit_code != 0
    assert "There are users already" in again.output
    assert clinic() == before


def test_it_does_not_go_into_a_production_database(env: Mapping[str, str]) -> None:
    production = {
        **env,
        "CLINIC_ENV": "production",
        "CLINIC_PUBLIC_URL": "https://clinic.example",
        "CLINIC_SMS_URL": "https://sms.example",
        "CLINIC_PASSWORD_COST": "full",
    }
    with opened(production) as app:
        for words in (("demo", "load"), ("demo", "due", "1")):
            done = run(app, *words)
            assert done.exit_code != 0
            assert "production" in done.output
        assert count(User) == 0


def test_every_state_of_the_chain_is_there(demo: Flask) -> None:
    assert 55 <= len(STORIES) <= 65
    assert count(Patient) + count(Referral) >= 60
    assert {role for _, _, role in STAFF} == set(db.session.scalars(select(User.role)))
    states = set(db.session.scalars(select(Referral.state)))
    assert {"open", "registered"} <= {state.value for state in states}
    assert (
        count(
            Assessment,
        )
        > count(PlacementDecision)
        > count(Episode)
        > 30
    )
    assert None in set(db.session.scalars(select(Assessment.signed_at)))
    decided = {state.value for state in db.session.scalars(select(PlacementDecision.state))}
    assert {"proposed", "standing"} <= decided
    assert set(db.session.scalars(select(Stay.track).where(Stay.ends_at.is_(None)))) == set(Track)
    assert {None, "accepted"} <= set(db.session.scalars(select(HandOver.answer)))
    ends = Counter(db.session.scalars(select(CheckIn.outcome)))
    assert {"answered", "did_not_answer", None} <= {end and end.value for end in ends}
    risks = select(WorkItem.level).where(WorkItem.closed_at.is_(None), WorkItem.kind == "aftercare.risk")
    assert {Level.ACUTE, Level.HIGH} <= set(db.session.scalars(risks))


def test_its_trail_holds(demo: Flask) -> None:
    done = run(demo, "audit", "verify")
    assert done.exit_code == 0, done.output


def test_everybody_can_sign_in(demo: Flask) -> None:
    for sign_in_name, _, _ in STAFF:
        browser = demo.test_client()
        assert submit(browser, "/sign-in", sign_in_name=sign_in_name, password=PASSWORD).status_code == 303
        assert browser.get("/").status_code == 200


def asked_now() -> list[tuple[object, ...]]:
    """Open check-ins that were made due by command: (check-in, patient)."""
    wanted = select(CheckIn.id, CheckIn.patient_id).where(
        CheckIn.slot == Slot.EXTRA, CheckIn.due_at <= clock.now(), CheckIn.outcome.is_(None)
    )
    return [tuple(row) for row in db.session.execute(wanted)]


def test_check_ins_are_made_due_sent_and_explained(
    demo_template: Callable[[], str], env: Mapping[str, str], state: Path
) -> None:
    state.mkdir()
    with (
        running(state) as provider,
        opened({**env, "DATABASE_URL": demo_template(), "CLINIC_SMS_URL": provider.url}) as app,
    ):
        first = run(app, "demo", "due", "5")  # moves on to the opening first, should this test run at night
        assert first.exit_code == 0, first.output
        made = asked_now()
        assert len(made) == len({patient for _, patient in made}) == 5
        before = len(provider.taken())
        assert run(app, "messages", "pump", "--until-idle").exit_code == 0
        assert len(provider.taken()) >= before + 5
        told = run(app, "messages", "ledger", "--json")
        numbers = json.loads(told.output)
        assert (told.exit_code, numbers["unexplained"]) == (0, 0), told.output
        assert numbers["due"] == sum(numbers[kind] for kind in numbers if kind not in ("due", "reasons"))


def test_at_night_the_clock_is_moved_on_and_that_is_said(demo: Flask) -> None:
    go_to(23)
    done = run(demo, "demo", "due", "5")
    assert done.exit_code == 0, done.output
    assert re.search(r"clock was moved on by \d+ h \d\d min", done.output)
    assert local(clock.now(), ZONE).hour == 9
    assert len(asked_now()) == 5


def test_patients_are_added_where_there_are_too_few(demo: Flask) -> None:
    go_to(12)
    plans = count(CheckInPlan)
    done = run(demo, "demo", "due", str(plans + 4))
    assert done.exit_code == 0, done.output
    added = re.search(r"(\d+) invented patients were added", done.output)
    assert added is not None
    assert count(CheckInPlan) == plans + int(added[1])
    made = asked_now()
    assert len(made) == len({patient for _, patient in made}) == plans + 4


def test_without_anybody_to_own_them_none_are_added(runner: FlaskCliRunner) -> None:
    go_to(12)
    done = runner.invoke(args=["demo", "due", "1"])
    assert done.exit_code != 0
    assert "therapist" in (done.output + str(done.exception))
