"""Invented patients of a US clinic in every state of the chain, relative to now: about sixty, or many."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

import phonenumbers

from clinic.core.db import transaction
from clinic.core.errors import Refused
from clinic.core.rules import local
from clinic.demo.rules.people import Invented, numbers, people
from clinic.demo.rules.stories import PAST, STORIES, WAITING, Ending, Stage, Story
from clinic.demo.services import aftercare, bulk, care, clinic, intake
from clinic.demo.services.clinic import Clinic
from clinic.episodes import services as episodes
from clinic.episodes.rules import Track

FIRST_AREA = 202


def load(
    zone: str,
    *,
    seed: int,
    now: datetime,
    told: Callable[[int, int], None],
    patients: int | None = None,
) -> int:
    """Fill an empty database with every story, or with so many `patients`; how many people there are.

    Every story is told in one transaction; more patients are copied from them, site by site. `told` hears
    (done, all). Raises Refused beside users.
    """
    if clinic.in_use():
        raise Refused("There are users already. The demo is for an empty database only.")
    chance = Random(seed)
    # A chance of their own: who they are must not hang on how many check-ins came until this hour.
    newcomers = people(Random(seed), local(now, zone).date(), cycle(numbers(area_codes())))
    with transaction():
        house = clinic.build(zone, now)
        for place, story in enumerate(STORIES, 1):
            _tell(house, next(newcomers), story, _therapist(place), chance, now)
            told(place, patients or len(STORIES))
        care.sign_past_sessions(house, chance, now=now)
        for call in WAITING:
            intake.wait(house, next(newcomers), call, chance, now=now)
        care.look_ahead(house, now=now)
        past = [
            _tell_to_its_end(house, next(newcomers), story, _therapist(place), chance, now)
            for place, story in enumerate(PAST if patients else (), 1)
        ]
    if patients:
        bulk.grow(patients, past, newcomers, chance, told)
    return patients or len(STORIES)


def _therapist(place: int) -> str:
    return "therapist2" if place % 3 == 0 else "therapist"


def area_codes() -> Iterator[int]:
    """Area codes in which the fictional range is valid, the capital's first."""
    yield FIRST_AREA
    for area in range(201, 990):
        number = phonenumbers.PhoneNumber(country_code=1, national_number=area * 10**7 + 5550121)
        if area != FIRST_AREA and phonenumbers.is_valid_number(number):
            yield area


def _tell_to_its_end(
    house: Clinic, person: Invented, story: Story, therapist: str, chance: Random, now: datetime
) -> UUID:
    """Somebody who came and went, with all work done."""
    ended = now - timedelta(days=story.ended)
    patient_id = _tell(house, person, story, therapist, chance, ended)
    assert patient_id is not None
    aftercare.do_work(house, patient_id, therapist, until=ended)
    with house.acting(therapist):
        episodes.close(patient_id, "left" if story.stage is Stage.IN_CARE else "completed", at=ended)
    return patient_id


def _tell(
    house: Clinic, person: Invented, story: Story, therapist: str, chance: Random, now: datetime
) -> UUID | None:
    """All that happened to a person up to `now`; gives the patient's id, None for who only asked for help."""
    days = sum(length for _, length in story.stays)
    admitted = _at_hour(house, now - timedelta(days=days - (0 if _left(story) else 1)), time(11))
    admitted = min(admitted, now - timedelta(hours=2))
    asked = now - timedelta(hours=story.hours_ago) if story.hours_ago else admitted - timedelta(hours=20)
    referral_id = intake.ask(house, person, story, chance, at=asked)
    if story.stage is Stage.ASKED:
        return None
    if story.stage is Stage.CALLED:
        intake.call(house, referral_id, at=asked + timedelta(minutes=50))
        return None
    texts = story.ending is not Ending.NO_TEXTS
    patient_id = intake.register(house, person, referral_id, texts=texts, at=asked + timedelta(hours=1))
    intake.assess(house, patient_id, story, chance, at=asked + timedelta(hours=2))
    if story.stage in (Stage.REGISTERED, Stage.ASSESSED):
        return patient_id
    intake.decide(house, patient_id, story, at=asked + timedelta(hours=3))
    if story.stage in (Stage.PROPOSED, Stage.PLACED):
        return patient_id
    intake.admit(house, patient_id, therapist, story, at=admitted)
    if story.stage is not Stage.OFFERED:
        _care(house, patient_id, story, therapist, chance, admitted, now)
    return patient_id


def _left(story: Story) -> bool:
    return any(track is Track.AFTERCARE for track, _ in story.stays)


def _care(
    house: Clinic,
    patient_id: UUID,
    story: Story,
    therapist: str,
    chance: Random,
    admitted: datetime,
    now: datetime,
) -> None:
    starts = [admitted]
    for _, length in story.stays[:-1]:
        starts.append(_at_hour(house, starts[-1] + timedelta(days=length), time(14)))
    first_track = story.stays[0][0]
    if first_track is Track.OUTPATIENT:
        _outpatient(house, patient_id, therapist, chance, starts[0] + timedelta(hours=2), now, story)
    for (track, _), at in zip(story.stays[1:], starts[1:], strict=True):
        if track is Track.AFTERCARE:
            aftercare.leave(house, patient_id, therapist, at=at)
            if story.ending in (Ending.ACUTE, Ending.HIGH):
                aftercare.make_safe(house, patient_id, therapist, at=at)
            aftercare.live(house, patient_id, therapist, story.ending, chance, now=now)
        else:
            care.move(house, patient_id, track, at=at)
            if track is Track.OUTPATIENT:
                _outpatient(house, patient_id, therapist, chance, at, now, story)


def _outpatient(
    house: Clinic,
    patient_id: UUID,
    therapist: str,
    chance: Random,
    since: datetime,
    now: datetime,
    story: Story,
) -> None:
    """Weekly sessions with notes, the group, a scale now and then; and the sessions of the days ahead."""
    ends = now - timedelta(days=story.stays[-1][1]) if _left(story) else now
    if not story.ended and chance.random() < 0.7:
        care.join_group(house, patient_id, therapist, at=since)
    at, total = since + timedelta(days=2), 15
    while at < ends:
        care.note(house, patient_id, therapist, chance, at=at)
        care.scale(house, patient_id, therapist, total, at=at)
        at, total = at + timedelta(days=7), max(4, total - chance.randint(1, 3))
    if not _left(story):
        for ahead in (chance.randint(0, 2), chance.randint(3, 7)):
            on = local(now, house.zone).date() + timedelta(days=ahead)
            if on.weekday() < 5:
                care.book(house, patient_id, therapist, on, chance, at=now - timedelta(days=1))


def _at_hour(house: Clinic, moment: datetime, hour: time) -> datetime:
    return care.at_local(local(moment, house.zone).date(), hour, house.zone)
