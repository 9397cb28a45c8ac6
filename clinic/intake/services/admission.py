"""Admission: from a placement that stands to an open episode."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from clinic.audit import services as audit
from clinic.core import actor
from clinic.core.db import transaction
from clinic.core.errors import Invalid, Refused
from clinic.episodes import queries as episode_queries
from clinic.episodes import services as episodes
from clinic.episodes.rules import Medication, NextContact, Track
from clinic.episodes.services import Admission
from clinic.intake.models import PlacementDecision
from clinic.intake.queries import assessments, placements
from clinic.intake.queries.placements import Decided
from clinic.intake.rules.decision import DecisionState, Naloxone
from clinic.intake.services import naloxone
from clinic.patients.access import require
from clinic.patients.rules import Right

READMISSION = "readmission"


@dataclass(frozen=True)
class Admit:
    """What is asked at admission: the next dated contact, naloxone (C5.2), to whom the episode is offered."""

    next_contact: NextContact
    naloxone: Naloxone
    offer_to: UUID | None = None


def admit(patient_id: UUID, wanted: Admit, *, at: datetime) -> Admission:
    """Open the episode with its first stay; whoever admits owns it until the offer is accepted.

    Of two people the second is led to the first one's. Raises Refused before a countersign or without a
    decision, Invalid for a next contact in the past or naloxone that cannot be, Hidden.
    """
    with transaction() as session:
        require(patient_id, Right.INTAKE, at)
        owner_id, site_id = actor.get().id, actor.get().site_id
        if owner_id is None or site_id is None:
            raise Refused("Sign in to admit.")
        standing = _standing(patient_id)
        # Of two admissions at one moment the second waits here, and then finds the first one's episode.
        wanted_row = select(PlacementDecision).where(PlacementDecision.id == standing.id)
        decision = session.scalars(
            wanted_row.with_for_update().execution_options(populate_existing=True)
        ).one()
        if decision.episode_id is not None or decision.state is not DecisionState.STANDING:
            return _led_to(patient_id, at)
        if wanted.next_contact.moment <= at:
            raise Invalid("on", "Enter a next contact that is not in the past")
        _close_earlier(patient_id, decision.decided_at, at)
        admission = episodes.admit(
            patient_id, site_id=site_id, track=Track(standing.plan.track.value),
            medication=Medication(standing.plan.medication.value if standing.plan.medication else "none"),
            owner_id=owner_id, next_contact=wanted.next_contact, at=at,
        )  # fmt: skip
        if admission.created:
            decision.episode_id = admission.episode_id
            naloxone.record(patient_id, wanted.naloxone, "admission", admission.episode_id, at=at)
            if wanted.offer_to and wanted.offer_to != owner_id:
                episodes.offer(patient_id, wanted.offer_to, at=at)
            audit.record(
                "placement.admitted",
                [patient_id],
                at=at,
                subject_kind="placement_decision",
                subject_id=decision.id,
            )
    return admission


def _standing(patient_id: UUID) -> Decided:
    sheet = assessments.to_decide(patient_id)
    recommended = placements.of_assessment(sheet.id) if sheet else None
    found = placements.current(recommended.id) if recommended else None
    if found is None:
        raise Refused("Decide on a level of care first.")
    if found.state is not DecisionState.STANDING:
        raise Refused("No admission before a clinician has countersigned.")
    if found.plan.track.value not in set(Track):
        raise Refused("This person goes to emergency or hospital care first. Assess again afterwards.")
    return found


def _close_earlier(patient_id: UUID, decided_at: datetime, at: datetime) -> None:
    """Re-admission closes the old episode and opens the new one at once: the baton is never on the floor."""
    episode = episode_queries.open_episode(patient_id, now=at)
    if episode and episode.opened_at < decided_at:
        episodes.close(patient_id, READMISSION, at=at)


def _led_to(patient_id: UUID, at: datetime) -> Admission:
    episode = episode_queries.open_episode(patient_id, now=at)
    if episode is None:
        raise Refused("The person was admitted and discharged on this decision. Begin a new assessment.")
    return Admission(episode.id, created=False)
