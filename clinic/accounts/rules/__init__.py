"""Roles, limits of a sign-in, and what a password must be. Pure."""

from clinic.accounts.rules.passwords import LONGEST, SHORTEST, normal, refusal
from clinic.accounts.rules.sign_in import (
    ABSOLUTE,
    DRAFT_KEPT_FOR,
    FORGOTTEN_AFTER,
    FREE_ATTEMPTS,
    IDLE,
    KEPT_FOR,
    LONGEST_DELAY,
    SEEN_EVERY,
    Counted,
    End,
    cookie_name,
    delay,
    device,
    ended,
    is_local,
)
from clinic.accounts.rules.staff import CLINICIANS, RUNGS, WITHOUT_PATIENTS, Role, ShiftPlan, StaffDetails

__all__ = [
    "ABSOLUTE",
    "CLINICIANS",
    "DRAFT_KEPT_FOR",
    "FORGOTTEN_AFTER",
    "FREE_ATTEMPTS",
    "IDLE",
    "KEPT_FOR",
    "LONGEST",
    "LONGEST_DELAY",
    "RUNGS",
    "SEEN_EVERY",
    "SHORTEST",
    "WITHOUT_PATIENTS",
    "Counted",
    "End",
    "Role",
    "ShiftPlan",
    "StaffDetails",
    "cookie_name",
    "delay",
    "device",
    "ended",
    "is_local",
    "normal",
    "refusal",
]
