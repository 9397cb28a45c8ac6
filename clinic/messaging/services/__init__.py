"""Use cases of the engine."""

from clinic.messaging.services.outbox import (
    LinkedMessage,
    channel_of,
    channels_of,
    schedule,
    subject_of,
    withhold,
    withhold_patient,
)
from clinic.messaging.services.paging import acknowledge, page

__all__ = [
    "LinkedMessage",
    "acknowledge",
    "channel_of",
    "channels_of",
    "page",
    "schedule",
    "subject_of",
    "withhold",
    "withhold_patient",
]
