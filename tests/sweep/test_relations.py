"""Who may see whom is rebuilt from what the rooms keep: nobody sees more, nobody less (reliability 12)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from clinic.accounts.models import User
from clinic.core import clock
from clinic.core.db import db
from clinic.demo.services.acting import as_staff
from clinic.episodes import services as episodes
from clinic.episodes.models import Episode, HandOver, Stay
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.intake.access import clinicians
from clinic.intake.models import Placement, PlacementDecision, Referral
from clinic.intake.rules.decision import DecisionState
from clinic.patients.models import Patient, Relation
from clinic.patients.rules import RelationKind
from clinic.scheduling.models import Enrolment, Series
from clinic.scheduling.services import groups

Seen = tuple[UUID, RelationKind, UUID]  # patient, why, staff user or site


def kept() -> list[Seen]:
    """What stands in `relation` now."""
    db.session.rollback()
    open_now = select(Relation.patient_id, Relation.kind, Relation.subject_id).where(
        Relation.ends_at.is_(None)
    )
    return sorted(map(tuple, db.session.execute(open_now)), key=str)  # type: ignore[arg-type]


def rebuilt() -> list[Seen]:
    """The same from the sources."""
    return sorted({*_of_the_site(), *_of_episodes(), *_of_groups(), *_of_placements()}, key=str)


def _of_the_site() -> Iterator[Seen]:
    """The desk sees everybody; intake sees whom nobody accepted since they were registered or asked again."""
    answered = select(Episode.patient_id, func.max(HandOver.answered_at)).join(
        HandOver, HandOver.episode_id == Episode.id
    )
    accepted = answered.where(HandOver.answer == "accepted").group_by(Episode.patient_id)
    ended = select(Referral.patient_id, func.max(Referral.ended_at)).group_by(Referral.patient_id)
    taken, asked = _times(accepted), _times(ended)
    for row in db.session.execute(select(Patient.id, Patient.site_id, Patient.registered_at)):
        yield row.id, RelationKind.DESK, row.site_id
        if row.id not in taken or taken[row.id] < asked.get(row.id, row.registered_at):
            yield row.id, RelationKind.INTAKE, row.site_id


def _times(wanted: Any) -> dict[UUID, datetime]:
    return dict(iter(db.session.execute(wanted)))


def _of_episodes() -> Iterator[Seen]:
    """An episode's owner, its supervisors and clinicians; the unit while somebody is within its walls."""
    wanted = select(Episode.patient_id, Episode.owner_id, Episode.site_id, Stay.track)
    wanted = wanted.join(Stay, Stay.episode_id == Episode.id).where(Stay.ends_at.is_(None))
    for row in db.session.execute(wanted.where(Episode.closed_at.is_(None))):
        yield row.patient_id, RelationKind.OWNER, row.owner_id
        yield row.patient_id, RelationKind.SUPERVISION, row.site_id
        yield row.patient_id, RelationKind.CARE, row.site_id
        if row.track in (Track.DETOX, Track.INPATIENT):
            yield row.patient_id, RelationKind.UNIT, row.site_id


def _of_groups() -> Iterator[Seen]:
    """Who leads a group sees its members."""
    wanted = select(Enrolment.patient_id, Series.therapist_id).join(Series, Series.id == Enrolment.series_id)
    for patient_id, therapist_id in db.session.execute(wanted.where(Enrolment.until.is_(None))):
        yield patient_id, RelationKind.GROUP, therapist_id


def _of_placements() -> Iterator[Seen]:
    """A placement that waits is seen by the clinicians of the site of whoever decided."""
    waiting = select(Placement.patient_id, User.site_id).join(
        PlacementDecision, PlacementDecision.placement_id == Placement.id
    )
    waiting = waiting.join(User, User.id == PlacementDecision.decided_by)
    roles = clinicians()
    for patient_id, site_id in db.session.execute(
        waiting.where(PlacementDecision.state == DecisionState.PROPOSED)
    ):
        staff = select(User.id).where(
            User.site_id == site_id, User.role.in_(roles), User.disabled_at.is_(None)
        )
        for user_id in db.session.scalars(staff):
            yield patient_id, RelationKind.COUNTERSIGN, user_id


def test_relations_are_rebuilt_from_their_sources(demo: Flask) -> None:
    assert {kind for _, kind, _ in kept()} == set(RelationKind)
    assert kept() == rebuilt()


def test_who_leaves_one_group_of_two_is_still_seen_by_who_leads_the_other(demo: Flask) -> None:
    both = list(db.session.execute(select(Series.id, Series.therapist_id, Series.site_id)))
    leader = next(row for row in both if sum(other.therapist_id == row.therapist_id for other in both) > 1)
    led = [row.id for row in both if row.therapist_id == leader.therapist_id]
    mine = select(Relation.patient_id).where(
        Relation.kind == RelationKind.OWNER, Relation.subject_id == leader.therapist_id
    )
    patient_id = db.session.scalars(mine.where(Relation.ends_at.is_(None))).first()
    assert patient_id is not None
    with as_staff(leader.therapist_id, "therapist", leader.site_id):
        for series_id in led:
            groups.enrol(series_id, patient_id, at=clock.now())
        groups.leave(led[0], patient_id, at=clock.now())
    assert (patient_id, RelationKind.GROUP, leader.therapist_id) in kept()
    assert kept() == rebuilt()


def test_readmission_leaves_nobody_of_the_earlier_episode_behind(demo: Flask) -> None:
    within = select(Episode).join(Stay, Stay.episode_id == Episode.id).where(Stay.track == Track.DETOX)
    earlier = db.session.scalars(within.where(Stay.ends_at.is_(None)).order_by(Episode.id)).first()
    assert earlier is not None
    staff = {role.value: user_id for user_id, role in db.session.execute(select(User.id, User.role))}
    now = clock.now()
    with as_staff(staff["supervisor"], "supervisor", earlier.site_id):
        episodes.close(earlier.patient_id, "readmission", at=now)
        episodes.admit(
            earlier.patient_id,
            site_id=earlier.site_id,
            track=Track.OUTPATIENT,
            medication=Medication.NONE,
            owner_id=staff["coordinator"],
            next_contact=NextContact(now.date() + timedelta(days=2), time(10), "UTC", ContactKind.CALL),
            at=now,
        )
    assert (earlier.patient_id, RelationKind.OWNER, staff["coordinator"]) in kept()
    assert kept() == rebuilt()
