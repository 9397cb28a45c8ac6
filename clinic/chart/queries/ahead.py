"""What is planned for a patient."""

from collections.abc import Sequence

from clinic.aftercare.queries.plans import Summary
from clinic.chart.rules import Moment
from clinic.episodes.queries import EpisodeRow
from clinic.patients.access import OpenRecord
from clinic.patients.rules import Right
from clinic.scheduling import queries as scheduling

NEXT_SHOWN = 5


def contact(episode: EpisodeRow | None) -> list[Moment]:
    """The next contact that the owner promised."""
    return [Moment(episode.next_contact.moment, episode.next_contact.kind.label)] if episode else []


def sessions(record: OpenRecord) -> list[Moment]:
    """Planned sessions; the desk reads 'Appointment'."""
    if Right.SCHEDULE not in record.rights:
        return []
    rows = scheduling.coming(record.id, limit=NEXT_SHOWN, now=record.opened_at)
    return [Moment(row.starts_at, f"{row.title}, {row.therapist}") for row in rows]


def check_in(known: Summary | None) -> list[Moment]:
    """The next check-in by text."""
    return [Moment(known.next_due_at, "Check-in by text")] if known and known.next_due_at else []


def soonest(planned: Sequence[Moment]) -> list[Moment]:
    """Soonest first; of two at one moment the one named last, for a promised contact is often a session."""
    return sorted({one.at: one for one in planned}.values(), key=lambda one: one.at)[:NEXT_SHOWN]
