"""Contact points, and people close to the patient."""

import enum
from dataclasses import dataclass
from datetime import date


class PointKind(enum.StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"


class Topic(enum.StrEnum):
    """What somebody close may be told."""

    ATTENDANCE = "attendance"
    APPOINTMENTS = "appointments"
    PROGRESS = "progress"
    MEDICATION = "medication"
    CRISIS = "crisis"
    CONTACT = "contact"

    @property
    def label(self) -> str:
        """As a page says it."""
        return _TOPICS[self]


_TOPICS = {
    Topic.ATTENDANCE: "Whether the person came",
    Topic.APPOINTMENTS: "Appointments",
    Topic.PROGRESS: "How it is going",
    Topic.MEDICATION: "Medication",
    Topic.CRISIS: "A crisis",
    Topic.CONTACT: "That we cannot reach the person",
}


@dataclass(frozen=True)
class NewSupporter:
    """Somebody close and what they may be told; `phone` E.164."""

    name: str
    relationship: str
    phone: str | None
    may_be_told: frozenset[Topic]
    agreed_until: date | None
