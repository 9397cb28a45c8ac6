"""One person's whole way through the clinic (README.md), on both databases."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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


def test_one_person_goes_the_whole_way(house: House, people: People) -> None:
    today = datetime.now(ZONE).date()
    monday = today + timedelta(days=7 - today.weekday())
    tuesday, wednesday, thursday, friday, saturday, sunday = (monday + timedelta(days=n) for n in range(1, 7))
    go_to(house, monday, "09:30")
    open_the_clinic(house, people(), monday)

    intake.ask_for_help(people())
    coordinator, therapist, patient = people(), people(), people(phone=True)
    sign_in(coordinator, "coordinator")
    intake.register(coordinator)
    intake.agree_to_texts(coordinator)
    intake.assess(coordinator, monday)
    intake.place(coordinator)
    intake.admit(coordinator, tuesday)
    sign_in(therapist, "therapist")
    intake.accept(therapist)
    record = therapist.record()

    care.book(therapist, record, wednesday, "10:00")
    care.refuse_double_booking(therapist, record, wednesday, "10:30")
    care.book(therapist, record, friday, "11:00")
    care.begin_group(therapist, thursday)
    care.cancel(therapist, record, f"{friday:%b} {friday.day}")

    go_to(house, tuesday, "10:01")
    reminder = phone.wait_for_text(house, intake.DIGITS, 0, "appointment")
    assert reminder.startswith("Hi Owen.")
    phone.reply(patient, intake.DIGITS, "1")
    work.sees_confirmed(therapist, record)

    go_to(house, wednesday, "11:05")
    phone.wait_for_text(house, intake.DIGITS, 1, "17:00")
    care.attend(therapist)
    care.discharge(therapist, record)

    go_to(house, thursday, "10:01")
    invite = phone.wait_for_text(house, intake.DIGITS, 2, "/c/")
    phone.answer(patient, invite, (*WELL, "Yes", SAFE))
    assert patient.sees("Thank you", within=10)

    go_to(house, friday, "10:01")
    phone.wait_for_text(house, intake.DIGITS, 3, "/c/")
    phone.reply(patient, intake.DIGITS, "1")
    work.finds_risk(therapist, "Today 1 of 10")
    work.answers_risk(therapist)

    go_to(house, saturday, "10:01")
    invite = phone.wait_for_text(house, intake.DIGITS, 4, "/c/")
    phone.answer(patient, invite, (*WELL, "Yes", "I have thoughts of harming myself"))
    patient.sees("Talk to someone now")
    work.finds_risk(therapist, "self-harm now")
    phone.wait_for_text(house, FIRST_PHONE, 0, "Urgent work")
    go_to(house, saturday, "10:08")
    phone.wait_for_text(house, SECOND_PHONE, 0, "Urgent work")
    phone.reply(patient, FIRST_PHONE, "1")
    work.is_acknowledged(therapist, "Samir Haddad")
    work.answers_risk(therapist)

    go_to(house, sunday, "10:01")
    phone.wait_for_text(house, intake.DIGITS, 5, "/c/")
    go_to(house, sunday, "14:02")
    phone.wait_for_text(house, intake.DIGITS, 6, "Still open")
    go_to(house, sunday + timedelta(days=1), "09:01")
    work.finds_call(therapist, "No answer to the check-in")
    phone.reply(patient, intake.DIGITS, "STOP")
    work.finds_call(therapist, "no more texts")

    ledger = json.loads(house.flask("messages", "ledger", "--json"))
    assert (ledger["unexplained"], ledger["failed"]) == (0, 0)
    assert ledger["answered"] == 4, "a reminder confirmed, three check-ins answered"
    assert house.flask("audit", "verify").startswith("Every row")
    assert len(phone.texts(house, intake.DIGITS)) == 7
