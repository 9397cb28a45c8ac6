"""The words of discharge and plans, as closed lists."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from clinic.accounts.rules import Role
from clinic.episodes.rules import Medication

STAFF = (Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR, Role.NURSE)  # whose roles can gain Right.AFTERCARE
Parts = Mapping[str, Any]  # of a relapse-prevention plan: lists of lines, and people
PART_LABELS = {  # C8.9, in the person's words
    "triggers": "What pulls me",
    "signs": "First signs",
    "coping": "What I do, in this order",
    "lapse": "If it happens",
}


class Reason(enum.StrEnum):
    """Why a stay ended. Our own words; codes of reports are derived by table (C9.2, C9.3)."""

    COMPLETED = "completed"
    LEFT_AGAINST_ADVICE = "left_against_advice"
    ENDED_BY_CLINIC = "ended_by_clinic"
    TRANSFERRED = "transferred"
    INCARCERATED = "incarcerated"
    OTHER = "other"


# C9.2 REASON. A death is not a discharge to aftercare, so code 6 has no word here.
TEDS_REASON = {
    Reason.COMPLETED: 1,
    Reason.LEFT_AGAINST_ADVICE: 2,
    Reason.ENDED_BY_CLINIC: 3,
    Reason.TRANSFERRED: 4,
    Reason.INCARCERATED: 5,
    Reason.OTHER: 7,
}

REASON_LABELS = {
    Reason.COMPLETED: "Completed",
    Reason.LEFT_AGAINST_ADVICE: "Left against advice or did not return",
    Reason.ENDED_BY_CLINIC: "Ended by the clinic",
    Reason.TRANSFERRED: "Transferred to another program",
    Reason.INCARCERATED: "Jail or prison",
    Reason.OTHER: "Other",
}


class Naloxone(enum.StrEnum):
    """What C5.2 asks at every discharge."""

    GIVEN = "given"
    DECLINED = "declined"
    HAS = "has"


NALOXONE_LABELS = {
    Naloxone.GIVEN: "Given today",
    Naloxone.DECLINED: "Offered and declined",
    Naloxone.HAS: "Already has it",
}


class Slot(enum.StrEnum):
    """Which check-in of a day: the planned one, or one more asked for by a person."""

    PLANNED = "planned"
    EXTRA = "extra"


class Via(enum.StrEnum):
    """How an answer came."""

    LINK = "link"
    TEXT = "text"


# C5.1: the risk clock from discharge, in days after it; shown on discharge pages.
RISK_CLOCK = ((14, "highest"), (28, "very high"), (84, "high"))


def clock_word(day: int) -> str:
    """How high the risk of dying is on a day after discharge, by C5.1; "raised" after week 12."""
    return next((word for last, word in RISK_CLOCK if day <= last), "raised")


@dataclass(frozen=True)
class NewDischarge:
    """What the discharge page asks. Times are local in `zone` (IANA name); `parts` are C8.9."""

    reason: Reason
    naloxone: Naloxone
    naloxone_expires_on: date | None
    medication: Medication
    medication_note: str | None
    appointment_on: date | None
    appointment_at: time | None
    appointment_place: str | None
    check_in_time: time
    zone: str
    parts: Parts


ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def zone_choices(own: str) -> dict[str, str]:
    """The zones to choose from: those of the country, and the person's own where it is another."""
    return {zone: zone.replace("_", " ") for zone in (own, *ZONES)}
