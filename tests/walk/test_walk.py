"""One person's whole way through the clinic (README.md), on both databases."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.walk import care, intake, phone, work
from tests.walk.house import House
from tests.walk.people import PASSWORD, Person, sign_in

ZONE = ZoneInfo("America/New_York")
STAFF = {
    "coordinator": ("Priya Nair", "Intake coordinator", "+1 202-555-0111"),
    "therapist": ("Miriam Okafor", "Therapist", "+1 202-555-0112"),
    "supervisor": ("Jamie Frost", "Supervisor", "+1 202-555-0113"),
    "prescriber": ("Samir Haddad", "Prescriber", "+1 202-555-0115"),
}
ON_CALL = {"Samir Haddad": "First", "Jamie Frost": "Second"}
FIRST_PHONE, SECOND_PHONE = "12025550115", "12025550113"
WELL = ("8", "Both good", "1", "Nothing")
SAFE = "I am safe, no thoughts of harming myself, no call needed"
People = Callable[..., Person]


def go_to(house: House, day: date, hour: str) -> None:
    """Move the clinic's clock to a local time."""
    house.flask("clock", "set", f"{day.isoformat()}T{hour}")


def open_the_clinic(house: House, admin: Person, monday: date) -> None:
    """The first administrator makes everybody else, the roster and a room, on pages."""
    house.flask(
        "users", "create", "--name", "Ada Moss", "--sign-in-name", "admin", "--password-stdin", typed=PASSWORD
    )
    sign_in(admin, "admin")
    for sign_in_name, (name, role, number) in STAFF.items():
        admin.open("/administration/staff/new")
        admin.fill({"Name": name, "Sign-in name": sign_in_name, "Role": role, "Mobile phone": number})
        admin.fill({"First password": PASSWORD})
        admin.click("Add staff")
        admin.sees(name)
    for name, rung in ON_CALL.items():
        work.put_on_call(admin, name, rung, monday, monday + timedelta(days=7))
    care.add_room(admin)


@dataclass
class Cast:
    """Who takes part, and the record it is about."""

    house: House
    monday: date
    coordinator: Person
    therapist: Person
    patient: Person
    record: str = ""

    def day(self, number: int) -> date:
        """The days after that Monday."""
        return self.monday + timedelta(days=number)


@pytest.mark.long
def test_one_person_goes_the_whole_way(house: House, people: People) -> None:
    today = datetime.now(ZONE).date()
    monday = today + timedelta(days=7 - today.weekday())
    go_to(house, monday, "09:30")
    open_the_clinic(house, people(), monday)
    intake.ask_for_help(people())
    cast = Cast(house, monday, people(), people(), people(phone=True))
    comes_in(cast)
    is_in_care(cast)
    is_asked_and_answers(cast)
    is_at_risk(cast)
    falls_silent(cast)

    ledger = json.loads(house.flask("messages", "ledger", "--json"))
    assert (ledger["unexplained"], ledger["failed"]) == (0, 0)
    assert ledger["answered"] == 4, "a reminder confirmed, three check-ins answered"
    assert house.flask("audit", "verify").startswith("Every row")
    assert len(phone.texts(house, intake.DIGITS)) == 7


def comes_in(cast: Cast) -> None:
    """Steps 2 to 5, on Monday."""
    sign_in(cast.coordinator, "coordinator")
    intake.register(cast.coordinator)
    intake.agree_to_texts(cast.coordinator)
    intake.assess(cast.coordinator, cast.monday)
    intake.place(cast.coordinator)
    intake.admit(cast.coordinator, cast.day(1))
    sign_in(cast.therapist, "therapist")
    intake.accept(cast.therapist)
    cast.record = cast.therapist.record()


def is_in_care(cast: Cast) -> None:
    """Steps 6 to 8, until Wednesday."""
    house, therapist, record = cast.house, cast.therapist, cast.record
    wednesday, thursday, friday = cast.day(2), cast.day(3), cast.day(4)
    care.book(therapist, record, wednesday, "10:00")
    care.refuse_double_booking(therapist, record, wednesday, "10:30")
    care.book(therapist, record, friday, "11:00")
    care.begin_group(therapist, thursday)
    care.cancel(therapist, record, f"{friday:%b} {friday.day}")

    go_to(house, cast.day(1), "10:01")
    reminder = phone.wait_for_text(house, intake.DIGITS, 0, "appointment")
    assert reminder.startswith("Hi Owen.")
    phone.reply(cast.patient, intake.DIGITS, "1")
    work.sees_confirmed(therapist, record)

    go_to(house, wednesday, "11:05")
    phone.wait_for_text(house, intake.DIGITS, 1, "17:00")
    care.attend(therapist)
    care.discharge(therapist, record)


def is_asked_and_answers(cast: Cast) -> None:
    """Steps 9 and 10, on Thursday by link and on Friday by text."""
    go_to(cast.house, cast.day(3), "10:01")
    invite = phone.wait_for_text(cast.house, intake.DIGITS, 2, "/c/")
    phone.answer(cast.patient, invite, (*WELL, "Yes", SAFE))
    assert cast.patient.sees("Thank you", within=10)

    go_to(cast.house, cast.day(4), "10:01")
    phone.wait_for_text(cast.house, intake.DIGITS, 3, "/c/")
    phone.reply(cast.patient, intake.DIGITS, "1")
    work.finds_risk(cast.therapist, "Today 1 of 10")
    work.answers_risk(cast.therapist)


def is_at_risk(cast: Cast) -> None:
    """Step 11: an acute answer on Saturday; who is on call is paged, then the second person."""
    house, saturday = cast.house, cast.day(5)
    go_to(house, saturday, "10:01")
    invite = phone.wait_for_text(house, intake.DIGITS, 4, "/c/")
    phone.answer(cast.patient, invite, (*WELL, "Yes", "I have thoughts of harming myself"))
    cast.patient.sees("Talk to someone now")
    work.finds_risk(cast.therapist, "self-harm now")
    phone.wait_for_text(house, FIRST_PHONE, 0, "Urgent work")
    go_to(house, saturday, "10:08")
    phone.wait_for_text(house, SECOND_PHONE, 0, "Urgent work")
    phone.reply(cast.patient, FIRST_PHONE, "1")
    work.is_acknowledged(cast.therapist, "Samir Haddad")
    work.makes_safe(cast.therapist)
    work.answers_risk(cast.therapist)


def falls_silent(cast: Cast) -> None:
    """Step 11: Sunday's check-in is nudged once and closes as a call; STOP comes back as one too."""
    house, sunday = cast.house, cast.day(6)
    go_to(house, sunday, "10:01")
    phone.wait_for_text(house, intake.DIGITS, 5, "/c/")
    go_to(house, sunday, "14:02")
    phone.wait_for_text(house, intake.DIGITS, 6, "Still open")
    go_to(house, sunday + timedelta(days=1), "09:01")
    work.finds_call(cast.therapist, "No answer to the check-in")
    phone.reply(cast.patient, intake.DIGITS, "STOP")
    work.finds_call(cast.therapist, "no more texts")
