"""Use cases of the engine."""

from clinic.messaging.services.outbox import (
    LinkedMessage,
    schedule,
    subject_of,
    withhold,
    withhold_patient,
)
from clinic.messaging.services.paging import acknowledge, page

__all__ = ["LinkedMessage", "acknowledge", "page", "schedule", "subject_of", "withhold", "withhold_patient"]
