"""The next session of a person in care is the next contact of the episode: nobody has to enter it twice."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.episodes import queries as episode_queries
from clinic.episodes import services as episodes
from clinic.episodes.rules import ContactKind, NextContact, Track
from clinic.scheduling.models import ClinicSession, Seat
from clinic.scheduling.rules import State


def plan_next(session: Session, patient_ids: Iterable[UUID], *, at: datetime) -> None:
    """Let the open episodes of these patients look ahead to their next session.

    Without one the contact planned before stays: it falls due, and is asked about. In aftercare the check-ins
    are the next contacts.
    """
    session.flush()
    for patient_id in patient_ids:
        episode = episode_queries.open_episode(patient_id, now=at)
        if episode is None or episode.track is Track.AFTERCARE:
            continue
        planned = (
            select(ClinicSession.local_date, ClinicSession.local_time, ClinicSession.zone)
            .join(Seat, Seat.session_id == ClinicSession.id)
            .where(Seat.patient_id == patient_id, ClinicSession.state == State.PLANNED)
            .where(ClinicSession.starts_at > at)
            .order_by(ClinicSession.starts_at)
            .limit(1)
        )
        following = session.execute(planned).one_or_none()
        if following:
            contact = NextContact(*following, ContactKind.SESSION)
            episodes.plan_contact(patient_id, contact, at=at)
