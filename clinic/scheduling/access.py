"""Whose sessions the actor may change, and what the front desk must not learn (reliability 12)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clinic.accounts.rules import Role
from clinic.core import actor


def responsible(therapist_id: UUID, site_id: UUID) -> bool:
    """Whether the actor may open and change a session: who leads it; desk and supervisor of its site."""
    who = actor.get()
    at_site = who.role in (Role.DESK, Role.SUPERVISOR) and site_id == who.site_id
    return at_site or therapist_id in who.stands_for


def programme(row: Mapping[str, Any]) -> dict[str, str]:
    """Kind and title of a session as the actor may read them: the desk sees appointments, no programme."""
    if actor.get().role != Role.DESK:
        return {"kind": row["kind"], "title": row["title"]}
    word = "Group" if row["capacity"] > 1 else "Appointment"
    return {"kind": "", "title": word}
