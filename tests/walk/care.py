"""Steps 6 to 8: sessions, a group, attendance, a signed note; then discharge."""

from datetime import date

from tests.walk.people import Person


def add_room(admin: Person) -> None:
    """A room to meet in."""
    admin.open("/administration/rooms")
    admin.fill({"Name of the room": "Room 1", "Holds": "12"})
    admin.click("Add room")
    admin.sees("Room 1")


def book(therapist: Person, record: str, day: date, hour: str) -> None:
    """6. An individual session."""
    therapist.open(f"{record}/appointments/new")
    _choose_kind(therapist, "Individual session (CBT)")
    therapist.fill({"Date": day.isoformat(), "Time": hour, "Length": "50", "Room": "Room 1"})
    therapist.click("Book session")
    therapist.sees("Booked:")


def _choose_kind(therapist: Person, kind: str) -> None:
    kinds = therapist.page.get_by_label("Kind of session")
    if kinds.count():
        kinds.select_option(label=kind)


def refuse_double_booking(therapist: Person, record: str, day: date, hour: str) -> None:
    """6. The same hour again is refused beside the field, with everything typed still there."""
    therapist.open(f"{record}/appointments/new")
    _choose_kind(therapist, "Individual session (CBT)")
    therapist.fill({"Date": day.isoformat(), "Time": hour, "Length": "50", "Room": "Room 1"})
    therapist.click("Book session")
    therapist.sees("The session was not booked")
    assert therapist.page.get_by_label("Date").first.input_value() == day.isoformat()


def begin_group(therapist: Person, first: date) -> None:
    """6. A weekly relapse-prevention group, twelve weeks ahead; the person gets a seat in all of them."""
    therapist.open("/groups/new")
    therapist.fill({"Name of the group": "Relapse prevention"})
    therapist.fill({"Kind of group": "Relapse-prevention skills group", "Places": "12"})
    therapist.fill({"Date": first.isoformat(), "Time": "17:00", "Length": "90", "Room": "Room 1"})
    therapist.click("Begin group")
    therapist.sees("Laid out for the coming weeks")
    therapist.fill({"Patient": "Owen Whitfield"})
    therapist.click("Book a place")
    therapist.sees("A place is booked in every session to come")


def cancel(therapist: Person, record: str, day_words: str) -> None:
    """7. A session that does not take place sends nothing."""
    therapist.open(f"{record}/appointments")
    therapist.click(day_words, exact=False)
    therapist.click("Cancel session")
    therapist.choose("Reason", "The person asked for it")
    therapist.click("Cancel session")
    therapist.sees("No reminder goes out")


def attend(therapist: Person) -> None:
    """6. Attendance of the session that is over, then a signed note."""
    therapist.open("/")
    therapist.click("Record", exact=False)
    therapist.click("Sign and close session")
    therapist.click("Write note", exact=False)
    therapist.fill({"Note": "Worked on evenings. Agreed on two people to call."})
    therapist.click("Sign note")
    therapist.sees("Note signed")


def discharge(therapist: Person, record: str) -> None:
    """8. Relapse-prevention plan, naloxone, aftercare stay, check-in plan."""
    therapist.open(f"{record}/discharge")
    therapist.choose("Reason", "Completed")
    therapist.choose("Naloxone", "Given today")
    therapist.fill({"Expiry of the naloxone": "2029-01-01"})
    therapist.choose("Medication at discharge", "Methadone or buprenorphine")
    therapist.fill(
        {
            "What pulls": "Payday\nBeing alone after 21:00",
            "First signs": "I stop cooking",
            "What helps, in order": "Walk to the river\nCall Ada",
            "First safe person": "Ada, sponsor",
            "If it happens": "Never alone\nCome back the same day",
            "Check-in time": "10:00",
        }
    )
    therapist.click("Discharge to aftercare")
    therapist.sees("Aftercare, week 1")
