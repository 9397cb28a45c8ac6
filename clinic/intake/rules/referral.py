"""A call for help: who asks, what is urgent, when it is due (C4.8)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from clinic.core.rules import instant
from clinic.intake.rules.sources import Given, Source
from clinic.intake.rules.waiting import Told


class Urgency(enum.StrEnum):
    """What makes a request urgent; each is asked on the public page in its label's words."""

    OVERDOSE = "overdose"
    SUICIDE = "suicide"
    WITHDRAWAL = "withdrawal"
    PREGNANT = "pregnant"
    NOWHERE = "nowhere"
    RELEASED = "released"

    @property
    def label(self) -> str:
        """In plain words."""
        return _URGENCIES[self]


_URGENCIES = {
    Urgency.OVERDOSE: "An overdose in the last days",
    Urgency.SUICIDE: "Thoughts of suicide or of harming oneself",
    Urgency.WITHDRAWAL: "Very sick from withdrawal now",
    Urgency.PREGNANT: "Pregnant",
    Urgency.NOWHERE: "No safe place to stay tonight",
    Urgency.RELEASED: "Left jail, hospital or detox in the last 4 weeks",
}


@dataclass(frozen=True)
class HelpRequest:
    """What somebody asked. `name` is who asks, `person_name` whom it is about if that is another person.

    `phone` is E.164; at least one of `phone` and `email` is there. `given` is what the source told besides,
    days as YYYY-MM-DD; `language` that in which it was asked.
    """

    source: Source
    name: str
    person_name: str | None
    phone: str | None
    email: str | None
    texts_safe: bool
    voicemail_safe: bool
    urgencies: frozenset[Urgency]
    words: str | None
    pregnant: Told | None = None
    injecting: Told | None = None
    given: Mapping[Given, str] = field(default_factory=dict)
    language: str = "en"

    @property
    def urgent(self) -> bool:
        """Whether anything urgent was named."""
        return bool(self.urgencies)


class State(enum.StrEnum):
    """Where a referral is: waiting, made a patient, or ended without one."""

    OPEN = "open"
    REGISTERED = "registered"
    CLOSED = "closed"


class CloseReason(enum.StrEnum):
    """Why a referral ended without a registration."""

    NOT_WANTED = "not_wanted"
    ELSEWHERE = "elsewhere"
    NOT_REACHED = "not_reached"
    DOUBLE = "double"
    DIED = "died"
    NO_REQUEST = "no_request"

    @property
    def label(self) -> str:
        """In words."""
        return _CLOSE_REASONS[self]


_CLOSE_REASONS = {
    CloseReason.NOT_WANTED: "Declined, or no longer wanted",
    CloseReason.ELSEWHERE: "Referred to another service",
    CloseReason.NOT_REACHED: "Could not be reached",
    CloseReason.DOUBLE: "Asked twice; the other referral stays",
    CloseReason.DIED: "The person has died",
    CloseReason.NO_REQUEST: "Not a call for help: sent by mistake, or advertising",
}


def due_at(
    received_at: datetime, *, urgent: bool, within: timedelta, next_working_day: date, by: time, zone: str
) -> datetime:
    """When an answer is due (C4.8): `within` if urgent, else the next working day at `by` in `zone`."""
    return received_at + within if urgent else instant(next_working_day, by, zone)
