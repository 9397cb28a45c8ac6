"""What Today says of safety plans, and of calls for help that wait too long."""

from uuid import uuid4

from flask.testing import FlaskClient

from clinic.safety import services
from clinic.safety.rules import Cause
from tests.cases.conftest import Owned
from tests.conftest import MovedClock, SignIn
from tests.forms import submit
from tests.sweep.test_canary import ASKED


def test_the_supervisor_sees_whose_plan_is_missing_and_so_does_the_owner(
    person: Owned, sign_in: SignIn, clock: MovedClock
) -> None:
    supervisor = sign_in("supervisor")
    assert "Safety plans to make or review" not in supervisor.get("/").text
    services.ask(person.id, Cause.OVERDOSE, uuid4(), at=clock.now())
    page = supervisor.get("/").text
    row = page[page.index("Safety plans to make or review") :]
    for words in ("Owen Whitfield", "Missing", Cause.OVERDOSE.label, "Miriam Okafor"):
        assert words in row, words
    own = person.therapist.get("/").text
    assert "Safety plan missing" in own[own.index("My caseload") :]


def test_work_for_the_evening_says_by_when(person: Owned, clock: MovedClock) -> None:
    services.ask(person.id, Cause.HARM, uuid4(), at=clock.now())  # at 15:00, so until 19:00
    assert "Due by 19:00" in person.therapist.get("/").text
    clock.advance(hours=5)
    late = person.therapist.get("/").text
    assert "Was due by 19:00" in late
    assert "over the 4 h limit" not in late


def test_nothing_is_calm_while_somebody_who_asked_for_help_waits_too_long(
    client: FlaskClient, sign_in: SignIn, clock: MovedClock
) -> None:
    coordinator = sign_in("coordinator")
    assert submit(client, "/help", **ASKED, words="Soon").status_code == 303
    assert "All risk alerts are answered" in coordinator.get("/").text
    clock.advance(days=9)
    page = sign_in("coordinator").get("/").text
    assert "All risk alerts are answered" not in page
    assert "1 person has asked for help and waited longer" in page
