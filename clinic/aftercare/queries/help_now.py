"""What the help page may truthfully say: which numbers, and who was told (C8.6, P5.4)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clinic.accounts import queries as accounts
from clinic.aftercare.queries import check_ins
from clinic.configuration import queries as configuration
from clinic.messaging import queries as messages


class Numbers(NamedTuple):
    """Whom to call; each None where nobody set it."""

    emergency: str | None
    crisis: str | None
    clinic: str | None


class Told(NamedTuple):
    """Whether a person is on call, within how many minutes one calls, and when somebody confirmed a page."""

    on_call: bool
    minutes: int
    confirmed_at: datetime | None


def numbers() -> Numbers:
    """The numbers of the installation's country, never guessed for another."""
    lines = configuration.crisis_lines()
    crisis = next((line.number for line in lines if not line.emergency), None)
    return Numbers(configuration.emergency_number(), crisis, configuration.value("clinic_phone"))


def told(check_in_id: UUID | None, *, now: datetime) -> Told:
    """What is true at `now` of a check-in, or of nobody's."""
    on_call = any(person.phone for person in accounts.on_call(now))
    item = check_ins.risk_item(check_in_id) if check_in_id else None
    page = messages.acknowledged(item.id) if item else None
    minutes: int = configuration.value("response_acute_minutes")
    return Told(on_call, minutes, page.acknowledged_at if page else None)
