"""Who acts when somebody is away: all of it, for that time only, and nobody is left alone."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from clinic.accounts import queries, services
from clinic.accounts.models import Leave
from clinic.accounts.rules import LeavePlan, covered, stand_in
from clinic.core.db import db, transaction
from clinic.core.errors import Refused
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from tests.conftest import MovedClock, SignIn, Staff
from tests.forms import hidden_fields, submit, submit_twice
from tests.race import race

ZONE = "America/New_York"
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # noon in New York
WEEK = {"starts_on": "2026-11-25", "ends_on": "2026-11-27"}
AWAY, BACK = datetime(2026, 11, 25, 5, tzinfo=UTC), datetime(2026, 11, 28, 5, tzinfo=UTC)  # local midnights


def plan(who: UUID, cover: UUID | None, first: int = 25, last: int = 27) -> LeavePlan:
    """Away on these days of November."""
    return LeavePlan(who, cover, date(2026, 11, first), date(2026, 11, last), ZONE)


def ask(browser: FlaskClient, who: UUID, cover: object = "", **days: str) -> Any:
    """Plan a leave on the page."""
    here = f"/administration/hours/{who}"
    return submit(browser, f"{here}/leave", **{**WEEK, **days, "cover_id": str(cover)})


@pytest.fixture
def admitted(patient: Callable[..., UUID], site: UUID, clock: MovedClock) -> Callable[[UUID], UUID]:
    """Opens an episode of a new patient for an owner."""
    clock.set(NOON)

    def admit(owner_id: UUID) -> UUID:
        patient_id = patient()
        contact = NextContact(date(2026, 11, 26), time(10), ZONE, ContactKind.CALL)
        episodes.admit(
            patient_id,
            site_id=site,
            track=Track.OUTPATIENT,
            medication=Medication.NONE,
            owner_id=owner_id,
            next_contact=contact,
            at=clock.now(),
        )
        return patient_id

    return admit


def raise_risk(patient_id: UUID, owner_id: UUID, site: UUID, level: Level, at: datetime) -> UUID:
    """A risk that an owner must answer."""
    return worklist.raise_item(
        "aftercare.risk",
        "check_in",
        uuid4(),
        patient_id=patient_id,
        owner_id=owner_id,
        site_id=site,
        level=level,
        reason="Pull 8 of 10",
        due_at=at + timedelta(hours=4),
        at=at,
    )


def test_the_cover_sees_the_caseload_and_the_work_for_that_time_only(
    sign_in: SignIn, staff: Staff, site: UUID, admitted: Callable[[UUID], UUID], clock: MovedClock
) -> None:
    owner, other = staff("therapist", name="Miriam Okafor"), staff("therapist")
    cover = sign_in("therapist", name="Jonah Feld")
    patient_id = admitted(owner)
    services.plan_leave(plan(owner, cover.user_id), at=NOON)  # type: ignore[attr-defined]
    record = f"/patients/{patient_id}"
    assert cover.get(record).status_code == 404
    clock.set(AWAY)
    item = raise_risk(patient_id, owner, site, Level.HIGH, AWAY)
    episodes.offer(patient_id, other, at=AWAY)
    assert "Miriam Okafor (away, Jonah Feld covers)" in cover.get(record).text
    today = cover.get("/").text
    assert "Owen Whitfield" in today
    assert "Pull 8 of 10" in today
    assert cover.get(f"/work/{item}").status_code == 200
    clock.set(BACK)
    assert cover.get(record).status_code == 404
    assert cover.get(f"/work/{item}").status_code == 404
    assert "Owen Whitfield" not in cover.get("/").text


def test_a_hand_over_to_somebody_away_is_answered_by_the_cover(
    sign_in: SignIn, staff: Staff, admitted: Callable[[UUID], UUID], clock: MovedClock
) -> None:
    away, cover = staff("therapist"), sign_in("therapist")
    patient_id = admitted(staff("supervisor"))
    services.plan_leave(plan(away, cover.user_id), at=NOON)  # type: ignore[attr-defined]
    clock.set(AWAY)
    offer = episodes.offer(patient_id, away, at=AWAY)
    assert "Owen Whitfield" in cover.get("/").text
    answer = submit(cover, "/", to=f"/hand-over/{offer}/accept")
    assert answer.status_code == 303
    assert cover.get(f"/patients/{patient_id}").status_code == 200


def test_nobody_is_offered_to_whom_nobody_acts_for(
    staff: Staff, admitted: Callable[[UUID], UUID], clock: MovedClock
) -> None:
    away, patient_id = staff("therapist"), admitted(staff("supervisor"))
    services.plan_leave(plan(away, None), at=NOON)
    with pytest.raises(Refused, match="nobody covers"):
        episodes.offer(patient_id, away, at=AWAY)


def on_call(browser: FlaskClient, who: UUID, rung: int = 1) -> Any:
    """Put somebody on call over the leave."""
    times = {"local_date": "2026-11-25", "starts": "08:00", "ends_date": "2026-11-26", "ends": "08:00"}
    return submit(browser, "/administration/on-call", user_id=who, rung=rung, **times)


def test_a_double_click_plans_one_leave(sign_in: SignIn, staff: Staff, clock: MovedClock) -> None:
    clock.set(NOON)
    browser = sign_in("administrator")
    submit_twice(browser, f"/administration/hours/{staff('nurse')}/leave", **WEEK, cover_id="")
    assert db.session.query(Leave).count() == 1


def test_pages_go_to_the_cover_and_to_the_cover_s_cover(
    sign_in: SignIn, staff: Staff, clock: MovedClock
) -> None:
    clock.set(NOON)
    browser = sign_in("administrator")
    first = staff("nurse", phone="+12025550143")
    second = staff("nurse", name="Ewa Kowalczyk", phone="+12025550144")
    third = staff("supervisor", name="Jamie Frost", phone="+12025550145")
    assert on_call(browser, first).status_code == 303
    assert ask(browser, first, second).status_code == 303
    during = AWAY + timedelta(hours=10)
    assert [(one.name, one.phone) for one in queries.on_call(during)] == [("Ewa Kowalczyk", "+12025550144")]
    assert ask(browser, second, third).status_code == 303
    assert [(one.user_id, one.phone) for one in queries.on_call(during)] == [(third, "+12025550145")]


def test_leave_without_cover_is_refused_while_anybody_needs_the_person(
    sign_in: SignIn, staff: Staff, admitted: Callable[[UUID], UUID], clock: MovedClock
) -> None:
    browser, owner = sign_in("administrator"), staff("therapist", name="Miriam Okafor")
    supervisor, nurse = staff("supervisor"), staff("nurse")
    admitted(owner)
    on_call(browser, owner)
    answer = ask(browser, owner)
    assert answer.status_code == 422
    assert "Miriam Okafor owns 1 open patient and is on call on these days" in answer.text
    assert ask(browser, owner, nurse).status_code == 422  # a nurse is no therapist
    assert ask(browser, owner, supervisor).status_code == 303
    answer = ask(browser, supervisor)
    assert "covers somebody who is away" in answer.text
    assert ask(browser, nurse).status_code == 303
    assert "away then, and nobody covers" in on_call(browser, nurse, rung=2).text


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"ends_on": "2026-11-24"}, "Enter a last day that is not before the first"),
        ({"starts_on": "2026-11-20", "ends_on": "2026-11-23"}, "that is still to come"),
        ({"starts_on": "2026-02-30"}, "Enter first day away as a date that exists"),
        ({"starts_on": "2026-11-27", "ends_on": "2026-11-30"}, "is away on some of these"),
    ],
)
def test_wrong_days_are_refused_beside_their_field(
    sign_in: SignIn, staff: Staff, clock: MovedClock, days: dict[str, str], words: str
) -> None:
    clock.set(NOON)
    browser, who = sign_in("administrator"), staff("nurse")
    services.plan_leave(plan(who, None), at=NOON)
    answer = ask(browser, who, **days)
    assert answer.status_code == 422
    assert words in answer.text
    assert len(queries.leaves(NOON)) == 1


def test_leave_that_was_ended_is_planned_again_and_says_who_did_what(
    sign_in: SignIn, staff: Staff, clock: MovedClock
) -> None:
    clock.set(NOON)
    browser, who = sign_in("administrator", name="Ada Moss"), staff("nurse", name="Noor Hadi")
    ask(browser, who)
    (leave,) = queries.leaves(NOON)
    assert leave.by == "Ada Moss"
    page = "/administration/hours"
    submit(browser, page, to=f"/administration/leave/{leave.id}/cancel")
    assert queries.leaves(NOON) == []
    assert "Ended by" in browser.get(f"{page}/{who}").text
    assert submit(browser, page, to=f"/administration/leave/{leave.id}/plan-again").location == page
    assert [one.starts_on for one in queries.leaves(NOON)] == [date(2026, 11, 25)]
    assert queries.ended_leaves(NOON) == []
    assert "Ended by" not in browser.get(page).text
    assert db.session.query(Leave).count() == 2  # what was ended stays known


def test_leave_planned_again_after_it_began_has_no_day_that_was_worked(staff: Staff) -> None:
    staff("supervisor")
    leave = services.plan_leave(plan(staff("nurse"), None), at=NOON)
    services.cancel_leave(leave, at=AWAY)
    services.plan_leave_again(leave, at=AWAY + timedelta(days=1))
    [again] = queries.leaves(AWAY + timedelta(days=1))
    assert again.starts_on == date(2026, 11, 26)
    assert queries.ended_leaves(AWAY + timedelta(days=1)) == []


def test_two_who_name_each_other_at_once_are_not_both_away(
    app: Flask, staff: Staff, env: Mapping[str, str]
) -> None:
    one, two = staff("nurse"), staff("nurse")
    acts = [
        partial(services.plan_leave, plan(one, two), at=NOON),
        partial(services.plan_leave, plan(two, one), at=NOON),
    ]
    assert race(env, acts) == ["Invalid", "done"]


def test_the_database_itself_refuses_overlapping_leave(app: Flask, staff: Staff) -> None:
    who = staff("nurse")
    services.plan_leave(plan(who, None), at=NOON)
    more: dict[str, Any] = {"planned_at": NOON, "starts_at": BACK - timedelta(hours=1), "ends_at": BACK}
    with pytest.raises(Exception, match="staff_leave_no_overlap"), transaction() as session:
        session.add(Leave(**vars(plan(who, None)), **more))


def test_whoever_is_back_early_acts_themself(sign_in: SignIn, staff: Staff, clock: MovedClock) -> None:
    clock.set(NOON)
    browser, who, cover = sign_in("administrator"), staff("nurse"), staff("nurse")
    leave = services.plan_leave(plan(who, cover), at=NOON)
    clock.set(AWAY)
    assert queries.covered_by(cover, clock.now()) == (who,)
    page = "/administration/hours"
    assert "Back now" in browser.get(page).text
    assert submit(browser, page, to=f"/administration/leave/{leave}/cancel").status_code == 303
    assert queries.covered_by(cover, clock.now()) == ()
    services.plan_leave(plan(who, cover), at=clock.now())  # the days are free again


def test_a_cover_who_is_disabled_is_followed_by_the_supervisor(staff: Staff, clock: MovedClock) -> None:
    clock.set(NOON)
    who, cover = staff("nurse"), staff("nurse")
    services.plan_leave(plan(who, cover), at=NOON)
    with pytest.raises(Refused, match="another cover first"):
        services.disable_user(cover, at=NOON, real=NOON)
    supervisor = staff("supervisor")
    services.disable_user(cover, at=NOON, real=NOON)
    assert queries.stand_in(who, AWAY) == supervisor


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
HOURS = {f"{day}-{end}": at for day in DAYS for end, at in (("starts", "9:00"), ("ends", "17:00"))}


def test_working_hours_are_versioned_and_can_be_taken_back(
    sign_in: SignIn, staff: Staff, clock: MovedClock
) -> None:
    browser, other, who = sign_in("administrator"), sign_in("administrator"), staff("nurse")
    here = f"/administration/hours/{who}"
    assert submit(browser, here, **HOURS).location == here
    assert "Mon 09:00 to 17:00" in browser.get("/administration/hours").text
    wrong = submit(browser, here, **{**HOURS, "monday-ends": "08:00", "tuesday-starts": ""})
    assert wrong.status_code == 422
    assert "Enter until as a time after from" in wrong.text
    assert "Enter from and until, or leave both empty" in wrong.text
    assert submit(browser, here, **{**HOURS, "monday-starts": "10:00"}, version="0").status_code == 409
    assert submit(other, here, **{**HOURS, "monday-starts": "10:00"}).status_code == 303
    assert submit(browser, here, to=f"{here}/undo", version=1).location == here
    versions = [(one.version, one.hours[0].starts.hour) for one in queries.hours_history(who)]
    assert versions == [(3, 9), (2, 10), (1, 9)]


def test_of_two_who_decide_hours_the_second_chooses_day_by_day(sign_in: SignIn, staff: Staff) -> None:
    browser, other, who = sign_in("administrator"), sign_in("administrator", name="Ben Ode"), staff("nurse")
    here = f"/administration/hours/{who}"
    old = hidden_fields(browser.get(here).text, here)
    submit(other, here, **{**HOURS, "monday-starts": "10:00"})
    mine = {**HOURS, "friday-starts": "", "friday-ends": ""}
    answer = browser.post(here, data={**old, **mine})
    assert answer.status_code == 409
    for words in ("Ben Ode saved this", "10:00, 17:00", "Day off", "keep-monday", "keep-friday"):
        assert words in answer.text
    assert "keep-tuesday" not in answer.text
    again = {**hidden_fields(answer.text, here), **mine, "keep-monday": "theirs", "keep-friday": "mine"}
    assert browser.post(here, data=again).location == here
    days = {one.weekday: one.starts.hour for one in queries.hours_history(who)[0].hours}
    assert days == {0: 10, 1: 9, 2: 9, 3: 9}


PEOPLE = st.sampled_from([UUID(int=number) for number in range(6)])


@given(st.dictionaries(PEOPLE, st.one_of(st.none(), PEOPLE)))
def test_who_acts_is_there_and_acts_for_nobody_twice(away: dict[UUID, UUID | None]) -> None:
    for number in range(6):
        acting = stand_in(UUID(int=number), away)
        assert acting not in away
        if UUID(int=number) in away and acting:
            assert UUID(int=number) in covered(acting, away)
    everybody = [one for number in range(6) for one in covered(UUID(int=number), away)]
    assert len(everybody) == len(set(everybody))


def test_nobody_reads_leave_of_the_past(app: Flask, staff: Staff) -> None:
    services.plan_leave(plan(staff("nurse"), None), at=NOON)
    assert queries.leaves(BACK) == []
    assert db.session.query(Leave).count() == 1
