"""The baton: one open episode, an owner and a next contact always, hand-over by offer and acceptance."""

from collections.abc import Callable, Mapping
from datetime import date, time
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from clinic.accounts import services as accounts
from clinic.core import actor, clock
from clinic.core.db import db, transaction
from clinic.core.errors import Missing, Refused, Stale
from clinic.episodes import queries, services
from clinic.episodes.models import Episode, Stay
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track, course, stay_words
from tests.forms import hidden_fields, submit
from tests.race import race

NEXT = NextContact(date(2030, 1, 7), time(10, 0), "America/New_York", ContactKind.VISIT)
Make = Callable[..., UUID]


def admit(
    patient_id: UUID, owner_id: UUID, site: UUID, track: Track = Track.OUTPATIENT
) -> services.Admission:
    return services.admit(
        patient_id,
        site_id=site,
        track=track,
        medication=Medication.AGONIST,
        owner_id=owner_id,
        next_contact=NEXT,
        at=clock.now(),
    )


def test_a_second_admission_is_led_to_the_first(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    person, owner = patient(), staff("coordinator")
    first = admit(person, owner, site)
    second = admit(person, staff("coordinator"), site, Track.DETOX)
    assert (second.episode_id, second.created) == (first.episode_id, False)
    found = queries.open_episode(person, now=clock.now())
    assert found is not None
    assert (found.owner_id, found.track, found.words) == (owner, Track.OUTPATIENT, "Outpatient, week 1")


def test_of_ten_processes_one_opens_the_episode(
    app: Flask, env: Mapping[str, str], site: UUID, staff: Make, patient: Make
) -> None:
    person, owner = patient(), staff("coordinator")
    act = partial(
        services.admit,
        person,
        site_id=site,
        track=Track.DETOX,
        medication=Medication.NONE,
        owner_id=owner,
        next_contact=NEXT,
        at=clock.now(),
    )
    assert race(env, [act] * 10) == ["done"] * 10
    assert db.session.scalar(select(func.count()).select_from(Episode)) == 1
    assert db.session.scalar(select(func.count()).select_from(Stay)) == 1


@pytest.mark.parametrize("missing", ["owner_id", "next_contact_at", "next_contact_kind"])
def test_the_database_refuses_an_open_episode_without_its_baton(
    app: Flask, site: UUID, staff: Make, patient: Make, missing: str
) -> None:
    admit(patient(), staff("coordinator"), site)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Episode).values({missing: None}))


def test_moving_on_adds_a_stay(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    person = patient()
    admit(person, staff("coordinator"), site, Track.DETOX)
    before = queries.open_episode(person, now=clock.now())
    assert before is not None
    move = partial(services.move, person, medication=Medication.AGONIST, next_contact=NEXT, at=clock.now())
    move(track=Track.INPATIENT, version=before.version)
    with pytest.raises(Stale):
        move(track=Track.OUTPATIENT, version=before.version)
    assert [(stay.track, stay.ends_at is None) for _, stay in queries.stays(person)] == [
        (Track.DETOX, False),
        (Track.INPATIENT, True),
    ]


def test_two_stays_are_never_open(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    opened = admit(patient(), staff("coordinator"), site)
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            Stay(
                episode_id=opened.episode_id,
                track=Track.DETOX,
                medication=Medication.NONE,
                starts_at=clock.now(),
            )
        )


def test_until_it_is_accepted_the_giver_keeps_it(
    app: Flask, site: UUID, staff: Make, patient: Make, sign_in: Callable[..., FlaskClient]
) -> None:
    person, giver = patient(), staff("coordinator")
    admit(person, giver, site)
    taker = sign_in("therapist")
    offer_id = services.offer(person, taker.user_id, words="Prefers mornings", at=clock.now())  # type: ignore[attr-defined]

    assert taker.get(f"/patients/{person}").status_code == 404
    assert queries.owner_of(person) == (giver, site)
    page = taker.get("/")
    assert "Prefers mornings" in page.text

    accept = f"/hand-over/{offer_id}/accept"
    fields = hidden_fields(page.text.replace(" formaction=", " x="), "/")
    answer = taker.post(accept, data=fields)
    assert answer.status_code == 303
    assert queries.owner_of(person) == (taker.user_id, site)  # type: ignore[attr-defined]
    assert taker.get(f"/patients/{person}").status_code == 200
    assert taker.post(accept, data=fields).status_code == 303, "a double click is led to the first result"


def test_nobody_else_accepts(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    person, giver = patient(), staff("coordinator")
    admit(person, giver, site)
    offer_id = services.offer(person, staff("therapist"), at=clock.now())
    stranger = actor.Actor(actor.ActorKind.USER, staff("therapist"), role="therapist", site_id=site)
    with actor.acting(stranger), pytest.raises(Missing):
        services.answer_offer(offer_id, accepted=True, at=clock.now())
    assert queries.owner_of(person) == (giver, site)


def test_who_is_disabled_owns_nothing(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    person, owner = patient(), staff("therapist")
    admit(person, owner, site)
    with pytest.raises(Refused, match="supervisor"):
        accounts.disable_user(owner, at=clock.now(), real=clock.now())
    assert queries.owner_of(person) == (owner, site)
    supervisor = staff("supervisor")
    accounts.disable_user(owner, at=clock.now(), real=clock.now())
    assert queries.owner_of(person) == (supervisor, site)


def test_the_giver_offers_on_a_page(
    app: Flask, site: UUID, staff: Make, patient: Make, sign_in: Callable[..., FlaskClient]
) -> None:
    person, taker = patient(), staff("therapist", name="Miriam Okafor")
    giver = sign_in("coordinator")
    admit(person, giver.user_id, site)  # type: ignore[attr-defined]
    nobody = submit(giver, f"/patients/{person}/hand-over", to_id="", words="Call after 16:00")
    assert nobody.status_code == 422
    assert "Call after 16:00" in nobody.text
    made = submit(giver, f"/patients/{person}/hand-over", to_id=str(taker))
    assert made.status_code == 303
    assert [offer.to_name for offer in queries.offers_to([taker], now=clock.now())] == ["Miriam Okafor"]


COURSES = {
    "nothing yet": ([], None, "", ["now", "future", "future", "future", "future"], "Referral."),
    "first stay": (
        [Track.DETOX],
        Track.DETOX,
        "Detox, day 1",
        ["past", "now", "future", "future", "future"],
        "Detox, day 1.",
    ),
    "a level left out": (
        [Track.DETOX, Track.OUTPATIENT],
        Track.OUTPATIENT,
        "Outpatient, week 6",
        ["past", "past", "skipped", "now", "future"],
        "Outpatient, week 6. Before: detox.",
    ),
}


@pytest.mark.parametrize(("tracks", "current", "words", "states", "sentence"), COURSES.values(), ids=COURSES)
def test_the_course_says_in_words_what_it_draws(
    tracks: list[Track], current: Track | None, words: str, states: list[str], sentence: str
) -> None:
    drawn = course(tracks, current, words)
    assert [state for _, state in drawn.segments] == states
    assert drawn.sentence == sentence


def test_days_within_walls_and_weeks_outside() -> None:
    assert stay_words(Track.DETOX, 3) == "Detox, day 3"
    assert stay_words(Track.AFTERCARE, 7) == "Aftercare, week 1"
    assert stay_words(Track.AFTERCARE, 8) == "Aftercare, week 2"


def test_what_a_relation_says_fits_its_sources(app: Flask, site: UUID, staff: Make, patient: Make) -> None:
    """Who may see is written beside the episode and can be told again from it."""
    person, first, second = patient(), staff("coordinator"), staff("therapist")
    admit(person, first, site, Track.INPATIENT)
    offer_id = services.offer(person, second, at=clock.now())
    with actor.acting(actor.Actor(actor.ActorKind.USER, second, role="therapist")):
        services.answer_offer(offer_id, accepted=True, at=clock.now())
    held = db.session.execute(
        text("SELECT kind FROM relation WHERE patient_id = :id AND ends_at IS NULL"),
        {"id": person.hex if db.engine.dialect.name == "sqlite" else person},
    )
    assert sorted(row[0] for row in held) == ["care", "desk", "owner", "supervision", "unit"]
