"""Who is on call when."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clinic.accounts import queries, services
from clinic.accounts.rules import ShiftPlan
from clinic.core.errors import Invalid
from clinic.core.sealed import blind_index
from tests.conftest import MovedClock, SignIn, Staff
from tests.forms import hidden_fields, submit

ROSTER = "/administration/on-call"
NEW_YORK = "America/New_York"
BEFORE = datetime(2026, 10, 1, tzinfo=UTC)


def plan(
    user_id: UUID, *, rung: int = 1, zone: str = NEW_YORK, on: date, starts: str, ends_on: date, ends: str
) -> ShiftPlan:
    """A shift as typed."""
    return ShiftPlan(user_id, rung, on, time.fromisoformat(starts), ends_on, time.fromisoformat(ends), zone)


def test_the_page_plans_a_shift_and_shows_who_is_on_call(
    sign_in: SignIn, staff: Staff, clock: MovedClock
) -> None:
    clock.set(datetime(2026, 11, 24, 15, tzinfo=UTC))  # 10:00 in New York
    browser = sign_in("administrator")
    first = staff("therapist", name="Miriam Okafor", phone="+12025550143")
    second = staff("supervisor", name="Jamie Frost")
    assert "Nobody is on call now." in browser.get(ROSTER).text
    times = {"local_date": "2026-11-24", "starts": "8:00", "ends_date": "2026-11-25", "ends": "08:00"}
    assert submit(browser, ROSTER, user_id=first, rung=1, **times).location == ROSTER
    assert submit(browser, ROSTER, user_id=second, rung=2, **times).location == ROSTER
    page = browser.get(ROSTER).text
    assert "Nobody is on call now." not in page
    for words in ("Miriam Okafor", "(202) 555-0143", "Tue Nov 24, 08:00", "Wed Nov 25, 08:00", "No phone"):
        assert words in page
    assert "Jamie Frost is on call and cannot be paged" in page
    now = clock.now()
    assert [(one.user_id, one.rung, one.phone) for one in queries.on_call(now)] == [
        (first, 1, "+12025550143"),
        (second, 2, None),
    ]
    assert queries.user_by_phone_index(blind_index("+12025550143")) == first
    assert queries.user_by_phone_index(blind_index("+12025550144")) is None


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        ({"user_id": ""}, "Choose person"),
        ({"rung": "4"}, "Choose place from the list"),
        ({"starts": "25:00"}, "Enter start time as hours and minutes from 00:00 to 23:59"),
        ({"ends_date": "2026-11-24", "ends": "07:59"}, "Enter an end that is after the start"),
        ({"local_date": "2026-02-30"}, "Enter start date as a date that exists"),
        ({"local_date": "2020-01-01", "ends_date": "2020-01-02"}, "Enter an end that is still to come"),
    ],
)
def test_bad_input_says_what_is_wanted(
    sign_in: SignIn, staff: Staff, clock: MovedClock, wrong: dict[str, str], wanted: str
) -> None:
    clock.set(datetime(2026, 11, 24, 15, tzinfo=UTC))
    browser = sign_in("administrator")
    times = {"local_date": "2026-11-24", "starts": "08:00", "ends_date": "2026-11-25", "ends": "08:00"}
    data: dict[str, Any] = {"user_id": staff("therapist"), "rung": "1", **times, **wrong}
    answer = submit(browser, ROSTER, **data)
    assert answer.status_code == 422
    assert wanted in answer.text
    assert queries.shifts(clock.now()) == []


DST = {
    "clocks go back in the night: an hour more": (date(2026, 10, 31), date(2026, 11, 1), 25),
    "clocks go forward in the night: an hour less": (date(2027, 3, 13), date(2027, 3, 14), 23),
    "an ordinary night": (date(2026, 11, 24), date(2026, 11, 25), 24),
}


@pytest.mark.parametrize(("on", "until", "hours"), DST.values(), ids=DST)
def test_a_shift_keeps_local_time_through_the_change(staff: Staff, on: date, until: date, hours: int) -> None:
    services.add_shift(plan(staff("nurse"), on=on, starts="08:00", ends_on=until, ends="08:00"), at=BEFORE)
    (shift,) = queries.shifts(BEFORE)
    assert shift.ends_at - shift.starts_at == timedelta(hours=hours)
    assert queries.on_call(shift.starts_at)[0].name == "Nurse 1"
    assert queries.on_call(shift.ends_at - timedelta(microseconds=1)) != []
    assert queries.on_call(shift.ends_at) == []


def test_a_time_that_does_not_exist_is_refused(staff: Staff) -> None:
    night = date(2027, 3, 14)
    shift = plan(staff("nurse"), on=night, starts="02:30", ends_on=night, ends="08:00")
    with pytest.raises(Invalid, match="02:30 does not exist on that day") as refused:
        services.add_shift(shift, at=BEFORE)
    assert refused.value.field == "starts"


def test_one_person_per_place_at_a_time(staff: Staff) -> None:
    at_place = partial(plan, on=date(2026, 11, 24), ends_on=date(2026, 11, 24), starts="08:00", ends="20:00")
    one, other = staff("nurse"), staff("nurse")
    shift = services.add_shift(at_place(one), at=BEFORE)
    with pytest.raises(Invalid, match="Somebody is on call in this place then"):
        services.add_shift(at_place(other, starts="19:59", ends="23:00"), at=BEFORE)
    services.add_shift(at_place(other, starts="20:00", ends="23:00"), at=BEFORE)
    services.add_shift(at_place(other, rung=2), at=BEFORE)
    services.cancel_shift(shift, at=BEFORE)
    services.add_shift(at_place(other), at=BEFORE)


def test_a_shift_taken_off_counts_no_more(sign_in: SignIn, staff: Staff, clock: MovedClock) -> None:
    clock.set(datetime(2026, 11, 24, 15, tzinfo=UTC))
    browser = sign_in("administrator")
    today = date(2026, 11, 24)
    shift = services.add_shift(
        plan(staff("nurse"), on=today, starts="08:00", ends_on=today, ends="20:00"), at=BEFORE
    )
    assert submit(browser, ROSTER, to=f"{ROSTER}/{shift}/cancel").location == ROSTER
    assert queries.on_call(clock.now()) == []
    assert queries.shifts(clock.now()) == []


def test_a_shift_taken_off_is_put_back_where_its_place_is_free(
    sign_in: SignIn, staff: Staff, clock: MovedClock
) -> None:
    clock.set(datetime(2026, 11, 24, 15, tzinfo=UTC))
    browser, today = sign_in("administrator", name="Ada Moss"), date(2026, 11, 24)
    at_place = partial(plan, on=today, starts="08:00", ends_on=today, ends="20:00")
    shift = services.add_shift(at_place(staff("nurse", name="Noor Hadi")), at=BEFORE)
    submit(browser, ROSTER, to=f"{ROSTER}/{shift}/cancel")
    page = browser.get(ROSTER).text
    assert "Taken off by" in page
    assert "Ada Moss" in page.partition("Taken off by")[2]
    other = services.add_shift(at_place(staff("nurse")), at=BEFORE)
    back = f"{ROSTER}/{shift}/put-back"
    assert submit(browser, ROSTER, to=back).location == ROSTER
    assert "Nothing was changed. Choose other times. Somebody is on call" in browser.get(ROSTER).text
    services.cancel_shift(other, at=clock.now())
    clock.set(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))
    submit(browser, ROSTER, to=back)
    assert queries.on_call(datetime(2026, 11, 24, 16, tzinfo=UTC)) == []  # nobody was; nothing says so later
    assert [one.name for one in queries.on_call(clock.now())] == ["Noor Hadi"]
    assert [one.by for one in queries.shifts(clock.now())] == ["Ada Moss"]
    assert [one.id for one in queries.taken_off(clock.now())] == [other]
    assert browser.post(back, data=hidden_fields(browser.get(ROSTER).text, ROSTER)).status_code == 303
    assert len(queries.shifts(clock.now())) == 1


def test_whoever_leaves_is_off_the_roster(staff: Staff) -> None:
    staff("administrator")
    user_id, today = staff("nurse"), date(2026, 11, 24)
    shift = plan(user_id, on=today, starts="08:00", ends_on=today, ends="20:00")
    services.add_shift(shift, at=BEFORE)
    services.disable_user(user_id, at=BEFORE, real=BEFORE)
    assert queries.shifts(BEFORE) == []
    with pytest.raises(Invalid, match="Choose somebody who still works here"):
        services.add_shift(shift, at=BEFORE)


def test_the_page_is_the_administrators(client: FlaskClient) -> None:
    assert client.get(ROSTER).status_code == 303
