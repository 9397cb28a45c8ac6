"""Step 11 and the roster: what comes back to people as work."""

from datetime import date

from tests.walk.house import until
from tests.walk.people import Person

WITHIN = 5.0  # seconds from an answer to the owner's Today
RINGS = 75.0  # seconds: jobs that close and escalate ring every minute


def put_on_call(admin: Person, name: str, rung: str, first: date, last: date) -> None:
    """A shift on the roster."""
    admin.open("/administration/on-call")
    admin.fill({"Person": name, "Start date": first.isoformat(), "Start time": "00:00"})
    admin.fill({"End date": last.isoformat(), "End time": "23:00"})
    admin.choose("Place", rung)
    admin.click("Add shift")
    admin.sees(name)


def sees_confirmed(therapist: Person, record: str) -> None:
    """7. The reply stands beside the appointment."""
    therapist.open(f"{record}/appointments")
    therapist.sees("Confirmed by text")


def finds_risk(therapist: Person, words: str) -> None:
    """11. On the owner's Today within five seconds, with the reason."""
    until(lambda: _today_says(therapist, words), WITHIN, f"{words!r} stands on Today")
    assert therapist.page.get_by_text("Answer first").count() == 1


def finds_call(therapist: Person, words: str) -> None:
    """11. Silence and STOP come back as calls to make."""
    until(lambda: _today_says(therapist, words), RINGS, f"{words!r} stands on Today")


def _today_says(therapist: Person, words: str) -> bool:
    therapist.page.goto(f"{therapist.house.clinic}/")
    return words.lower() in therapist.page.locator("main").inner_text().lower()


def answers_risk(therapist: Person) -> None:
    """11. She calls, records the outcome, closes."""
    therapist.open("/")
    therapist.click("Record answer")
    therapist.choose("How it went", "Reached and talked")
    therapist.fill({"What was said or agreed": "Is safe. A friend is there until tomorrow."})
    therapist.page.get_by_label("Close this item").check()
    therapist.click("Record answer")
    therapist.sees("All risk alerts are answered")


def makes_safe(therapist: Person) -> None:
    """11. Thoughts of self-harm ask for a safety plan, one step from the item: read aloud and signed."""
    therapist.open("/")
    therapist.click("Record answer")
    therapist.click("Safety plan: missing")
    therapist.click("Make the plan")
    therapist.fill({"Warning signs": "I stop answering the phone", "What I can do alone": "Cold water"})
    therapist.choose("Making the place safe", "Talked about, and written here")
    therapist.fill({"What could do harm": "Old pills", "Who keeps it": "My sister takes them today"})
    therapist.choose("The person", "Read aloud and agreed")
    therapist.fill({"Name of the person": "As read aloud"})
    therapist.click("Sign the plan")
    therapist.sees("In force")


def is_acknowledged(therapist: Person, name: str) -> None:
    """11. The page was taken; the item says by whom."""
    therapist.open("/")
    therapist.click("Record answer")
    therapist.sees("Page acknowledged")
    therapist.sees(name)
