"""Today: risk first, the day's sessions, the caseload by risk; what each role sees of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.core.db import db
from clinic.episodes import services as episodes
from clinic.episodes.models import Episode
from clinic.episodes.rules import Track
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level
from tests.cases.conftest import Own, Owned
from tests.cases.test_move import move
from tests.cases.test_notes import booked
from tests.conftest import MovedClock, SignIn
from tests.forms import submit
from tests.sweep.walk import counted

REASON = "Pull of 9 today, up from 2"


def risk(person: Owned, site: UUID, clock: MovedClock, level: Level, reason: str = REASON) -> UUID:
    """A check-in that shows risk, on its owner's list."""
    return worklist.raise_item(
        "aftercare.risk", "test", uuid4(), patient_id=person.id, owner_id=person.therapist_id, site_id=site,
        level=level, reason=reason, due_at=clock.now() + timedelta(hours=1), at=clock.now(),
    )  # fmt: skip


def order(page: str, *words: str) -> bool:
    """Whether words stand on a page in this order."""
    places = [page.index(word) for word in words]
    return places == sorted(places)


def test_risk_comes_first_and_the_caseload_by_risk(own: Own, site: UUID, clock: MovedClock) -> None:
    calm, worse, worst = own(family_name="Abara"), own(family_name="Nowak"), own(family_name="Zhou")
    risk(worse, site, clock, Level.MODERATE, "Slept two nights badly")
    risk(worst, site, clock, Level.HIGH)
    page = calm.therapist.get("/").text
    assert order(page, "Answer first", REASON, "Slept two nights badly", "My caseload")
    caseload = page[page.index("My caseload") :]
    assert order(caseload, "Zhou", "Nowak", "Abara")


def test_answered_risk_leaves_the_page(person: Owned, site: UUID, clock: MovedClock) -> None:
    item = f"/work/{risk(person, site, clock, Level.HIGH)}"
    done = submit(person.therapist, item, outcome="reached", note="Is at a friend's place.", close="y")
    assert done.status_code == 303
    page = person.therapist.get("/").text
    assert REASON not in page
    assert "All risk alerts are answered" in page


def test_the_day_s_sessions_by_the_hour(own: Own, site: UUID, clock: MovedClock) -> None:
    late, early = own(family_name="Abara"), own(family_name="Zhou")
    booked(late, site, 14, clock)
    booked(early, site, 9, clock)
    today = late.therapist.get("/").text
    assert "No sessions today" in today
    clock.advance(hours=17)  # 08:00 on the next day
    tomorrow = late.therapist.get("/").text
    sessions = tomorrow[tomorrow.index("2 today") :]
    assert order(sessions, "09:00", "Zhou", "14:00", "Abara")


def test_as_many_statements_for_thirty_as_for_three(own: Own, site: UUID, clock: MovedClock) -> None:
    sent = []
    for more in (3, 27):
        for _ in range(more):
            person = own()
            risk(person, site, clock, Level.HIGH)
        db.session.remove()
        with counted() as statements:
            assert person.therapist.get("/").status_code == 200
        sent.append(len(statements))
    assert sent[0] == sent[1]


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_the_giver_keeps_the_episode_until_it_is_accepted(
    person: Owned, sign_in: SignIn, clock: MovedClock, answer: str
) -> None:
    taker = sign_in("therapist", name="Jonah Feld")
    taker_id: UUID = taker.user_id  # type: ignore[attr-defined]
    offer_id = episodes.offer(person.id, taker_id, words="Prefers mornings.", at=clock.now())
    page = taker.get("/").text
    assert order(page, "Offered to you", "Whitfield", "Prefers mornings.")
    assert taker.get(f"/patients/{person.id}").status_code == 404  # an offer opens no record
    done = submit(taker, "/", to=f"/hand-over/{offer_id}/{answer}")
    assert done.status_code == 303
    db.session.rollback()
    owner = db.session.scalars(select(Episode.owner_id)).one()
    took = answer == "accept"
    assert owner == (taker_id if took else person.therapist_id)
    assert taker.get(f"/patients/{person.id}").status_code == (200 if took else 404)
    assert person.therapist.get(f"/patients/{person.id}").status_code == (404 if took else 200)
    assert "Offered to you" not in taker.get("/").text


# Role: what of the two people stands on its Today: (of the one within walls, of the outpatient).
SEEN = {
    "nurse": (True, False),
    "prescriber": (True, True),
    "supervisor": (True, True),
    "peer": (False, False),
    "coordinator": (False, False),
    "privacy": (False, False),
    "administrator": (False, False),
}


@pytest.mark.parametrize(("role", "seen"), SEEN.items(), ids=SEEN)
def test_each_role_sees_its_own(own: Own, sign_in: SignIn, role: str, seen: tuple[bool, bool]) -> None:
    within = own(family_name="Abara")
    own(family_name="Zhou")
    move(within.therapist, within, track=Track.DETOX.value)
    page = sign_in(role).get("/").text
    assert ("Abara" in page, "Zhou" in page) == seen


def test_the_desk_sees_appointments_and_no_programme(
    person: Owned, site: UUID, clock: MovedClock, sign_in: SignIn
) -> None:
    booked(person, site, 9, clock)
    clock.advance(hours=17)
    page = sign_in("desk").get("/").text
    assert "Whitfield" in page
    assert "Appointment" in page
    assert "Individual" not in page
    assert "Outpatient" not in page


def test_the_administrator_is_told_that_nobody_is_on_call(sign_in: SignIn) -> None:
    assert "Nobody is on call now" in sign_in("administrator").get("/").text


def test_whom_today_showed_is_in_the_trail(person: Owned) -> None:
    assert person.therapist.get("/").status_code == 200
    db.session.rollback()
    read = select(AuditEntry.patient_ids).where(AuditEntry.action == "today.opened")
    assert db.session.scalars(read).all() == [[str(person.id)]]
