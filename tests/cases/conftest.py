"""People in outpatient care and the browser of the therapist who owns their episodes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from tests.conftest import MovedClock, SignIn

NEW_YORK = "America/New_York"
TUESDAY = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # 15:00 in New York


@dataclass(frozen=True)
class Owned:
    """A patient, and whose browser it is that owns the episode."""

    id: UUID
    therapist: FlaskClient
    therapist_id: UUID


Own = Callable[..., Owned]


@pytest.fixture
def own(clock: MovedClock, patient: Callable[..., UUID], sign_in: SignIn, site: UUID) -> Own:
    """Makes another person on the caseload of one therapist."""
    clock.set(TUESDAY)
    therapist = sign_in("therapist", name="Miriam Okafor")
    therapist_id: UUID = therapist.user_id  # type: ignore[attr-defined]

    def make(**given: object) -> Owned:
        patient_id = patient(**given)
        episodes.admit(
            patient_id,
            site_id=site,
            track=Track.OUTPATIENT,
            medication=Medication.NONE,
            owner_id=therapist_id,
            next_contact=NextContact(date(2026, 11, 25), time(10), NEW_YORK, ContactKind.SESSION),
            at=clock.now(),
        )
        return Owned(patient_id, therapist, therapist_id)

    return make


@pytest.fixture
def person(own: Own) -> Owned:
    """One person."""
    return own()
