"""Use cases of the engine."""

from clinic.messaging.services.outbox import (
    LinkedMessage,
    schedule,
    subject_of,
    withhold,
    withhold_patient,
)

__all__ = ["LinkedMessage", "schedule", "subject_of", "withhold", "withhold_patient"]
