"""Roles, and what is planned and entered about staff."""

import enum
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID


class Role(enum.StrEnum):
    """What a member of staff does here (reliability 12). Flags such as charge nurse are not roles."""

    COORDINATOR = "coordinator"
    NURSE = "nurse"
    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    SUPERVISOR = "supervisor"
    DESK = "desk"
    PRIVACY = "privacy"
    ADMINISTRATOR = "administrator"
    PEER = "peer"

    @property
    def label(self) -> str:
        """The role in words for people."""
        return LABELS[self]


LABELS = {
    Role.COORDINATOR: "Intake coordinator",
    Role.NURSE: "Nurse",
    Role.THERAPIST: "Therapist",
    Role.PRESCRIBER: "Prescriber",
    Role.SUPERVISOR: "Supervisor",
    Role.DESK: "Front desk",
    Role.PRIVACY: "Privacy officer",
    Role.ADMINISTRATOR: "Administrator",
    Role.PEER: "Peer worker",
}
WITHOUT_PATIENTS = frozenset({Role.DESK, Role.PRIVACY, Role.ADMINISTRATOR})  # own no episode (reliability 12)
CLINICIANS = frozenset({Role.PRESCRIBER, Role.SUPERVISOR})  # who countersigns a placement (C4.7)
RUNGS = (1, 2, 3)  # on-call order: first, second, third (C8.6)


@dataclass(frozen=True)
class StaffDetails:
    """What an administrator enters about a member of staff. `phone` is E.164, `flags` of `User.FLAGS`."""

    name: str
    sign_in_name: str
    role: Role
    site_id: UUID
    phone: str | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShiftPlan:
    """An on-call shift as planned, on the clocks of `zone` (IANA name)."""

    user_id: UUID
    rung: int
    local_date: date
    starts: time
    ends_date: date
    ends: time
    zone: str
