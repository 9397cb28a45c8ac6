"""Sites: their history, and what is planned there when their clocks change (P7.1)."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.accounts import queries as accounts
from clinic.accounts import services as staffing
from clinic.accounts.rules import LeavePlan, Role, ShiftPlan
from clinic.configuration import queries, services
from clinic.configuration.rules import SiteFacts
from clinic.core.db import db
from clinic.core.errors import Invalid
from clinic.demo.services.acting import as_staff
from clinic.scheduling.models import Booking, ClinicSession
from clinic.scheduling.services import groups
from tests.conftest import MovedClock, SignIn, Staff
from tests.forms import hidden_fields, submit

SITES = "/administration/sites"
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    """An administrator's browser."""
    return sign_in("administrator", name="Ada Moss")


FACTS = {"name": "Hilltop", "zone": "Europe/Dublin", "phone": "(202) 555-0143", "address": "1 Hill Road"}


def test_a_site_is_added_changed_and_taken_back(browser: FlaskClient, site: UUID) -> None:
    assert submit(browser, SITES, **FACTS).location == SITES
    assert submit(browser, SITES, **FACTS).status_code == 422  # the name is taken
    page = browser.get(SITES).text
    assert "Hilltop" in page
    here = f"{SITES}/{site}"
    assert submit(browser, here, **{**FACTS, "name": "Riverbank"}, reason="New sign").location == here
    page = browser.get(here).text
    for words in ("Riverbank", "New sign", "Ada Moss", "1 Hill Road", "Undo", "(202) 555-0143"):
        assert words in page
    assert submit(browser, here, to=f"{here}/undo", version=1).location == here
    assert queries.site(site).name == "Riverside"
    assert [one.version for one in queries.site_history(site)] == [3, 2, 1]


def test_of_two_who_change_a_site_the_second_sees_both(
    browser: FlaskClient, sign_in: SignIn, site: UUID
) -> None:
    other, here = sign_in("administrator", name="Ben Ode"), f"{SITES}/{site}"
    old = hidden_fields(browser.get(here).text, here)
    submit(other, here, **{**FACTS, "name": "Theirs"}, reason="b")
    answer = browser.post(here, data={**old, **FACTS, "name": "Mine", "reason": "a"})
    assert answer.status_code == 409
    for words in ("Ben Ode saved this", 'value="Mine"', "Theirs"):
        assert words in answer.text
    chosen = {"name": "Mine", "phone": "", "reason": "a", "keep-name": "mine", "keep-phone": "theirs"}
    again = {**hidden_fields(answer.text, here), **FACTS, **chosen}
    assert browser.post(here, data=again).status_code == 303
    assert (queries.site(site).name, queries.site(site).phone) == ("Mine", "+12025550143")


def move(site: UUID, zone: str) -> None:
    """Give the site other clocks."""
    version = queries.site_history(site)[0].version
    services.change_site(site, SiteFacts("Riverside", zone), version=version, reason="Moved", at=NOW)


def test_another_zone_keeps_local_times_over_both_changes_of_the_clocks(
    staff: Staff, site: UUID, clock: MovedClock
) -> None:
    clock.set(NOW)
    nurse, cover, leader = staff("nurse"), staff("nurse"), staff("therapist")
    night = ShiftPlan(nurse, 1, date(2027, 3, 13), time(20), date(2027, 3, 14), time(8), NEW_YORK)
    for on, until in ((13, 14), (14, 15)):
        plan = {**vars(night), "local_date": date(2027, 3, on), "ends_date": date(2027, 3, until)}
        staffing.add_shift(ShiftPlan(**{**plan, "ends": time(20)}), at=NOW)
    leave = LeavePlan(nurse, cover, date(2027, 11, 6), date(2027, 11, 7), NEW_YORK)
    staffing.plan_leave(leave, at=NOW)
    with as_staff(leader, Role.THERAPIST, site):
        group = groups.NewSeries(
            kind="process", title="Mondays", therapist_id=leader, room_id=None, first_on=date(2027, 3, 8),
            at=time(9), minutes=90, capacity=8,
        )  # fmt: skip
        groups.create_series(group, site_id=site, at=NOW)
    move(site, LOS_ANGELES)
    hours = [(one.starts_at.hour, one.ends_at.hour) for one in accounts.shifts(NOW)]
    assert hours == [(4, 3), (3, 3)]  # 20:00 to 20:00 in Los Angeles; clocks go forward in the first night
    away = accounts.leaves(NOW)[0]
    assert away.starts_at == datetime(2027, 11, 6, 7, tzinfo=UTC)
    assert accounts.away(datetime(2027, 11, 8, 7, 59, tzinfo=UTC)) == {nurse: cover}
    assert accounts.away(datetime(2027, 11, 8, 8, tzinfo=UTC)) == {}
    rows = db.session.execute(
        select(ClinicSession.zone, ClinicSession.local_time, ClinicSession.starts_at, Booking.starts_at)
        .join(Booking, Booking.session_id == ClinicSession.id)
        .order_by(ClinicSession.starts_at)
    ).all()
    assert {(zone, at) for zone, at, *_ in rows} == {(LOS_ANGELES, time(9))}
    assert [starts.hour for _, _, starts, _ in rows][:2] == [17, 16]  # Mar 8 before, Mar 15 after the change
    assert all(starts == booked for *_, starts, booked in rows)
    move(site, NEW_YORK)
    assert [one.starts_at.hour for one in accounts.shifts(NOW)] == [1, 0]


def test_a_zone_in_which_somebody_would_be_in_two_places_is_refused_whole(
    staff: Staff, site: UUID, clock: MovedClock
) -> None:
    clock.set(NOW)
    leader = staff("therapist")
    far = services.create_site("Hilltop", zone=NEW_YORK, at=NOW)
    for place, at in ((site, time(9)), (far, time(12))):
        with as_staff(leader, Role.SUPERVISOR, place):
            group = groups.NewSeries(
                kind="process", title="Mondays", therapist_id=leader, room_id=None,
                first_on=date(2027, 3, 8), at=at, minutes=60, capacity=8,
            )  # fmt: skip
            groups.create_series(group, site_id=place, at=NOW)
    with pytest.raises(Invalid, match="would overlap elsewhere"):
        move(site, LOS_ANGELES)
    assert queries.site(site).zone == NEW_YORK
    assert set(db.session.scalars(select(ClinicSession.zone))) == {NEW_YORK}
