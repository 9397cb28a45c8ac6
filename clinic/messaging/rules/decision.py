"""What becomes of a claimed message, decided on all that is true under its locks (reliability 3, 4, 7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from clinic.messaging.rules.states import State
from clinic.patients.rules import Channel

WAIT = timedelta(minutes=1)
STOPPED = frozenset({"opted_out", "paused", "deceased", "wrong_contact"})


@dataclass(frozen=True)
class Claim:
    """A message leased to one worker, with what of it never changes."""

    message_id: UUID
    channel: Channel
    patient_id: UUID | None
    staff_id: UUID | None
    subject_kind: str
    subject_id: UUID
    lease_token: UUID


@dataclass(frozen=True)
class Facts:
    """What is true now. `withheld`: the subject's reason against sending. `unreachable`: why no number.

    `opening`: the first moment that the hours allow; None where they leave none.
    """

    now: datetime
    expires_at: datetime
    withheld: str | None
    wait: bool
    unreachable: str | None
    agreed: bool
    superseded: bool
    opening: datetime | None


@dataclass(frozen=True)
class Step:
    """The state a claimed message goes to; `at` is when a message put back may be claimed again."""

    state: State
    reason: str | None = None
    at: datetime | None = None


def decide(facts: Facts) -> Step:
    """Send, put back, skip or cancel, with the reason."""
    if facts.withheld is not None:
        return Step(State.CANCELLED, facts.withheld)
    if facts.unreachable is not None:
        ended = State.CANCELLED if facts.unreachable in STOPPED else State.SKIPPED
        return Step(ended, facts.unreachable)
    if facts.now >= facts.expires_at:
        return Step(State.SKIPPED, "too_late")
    if facts.superseded:
        return Step(State.SKIPPED, "superseded")
    if facts.wait:
        return Step(State.SCHEDULED, at=facts.now + WAIT)
    if not facts.agreed:
        return Step(State.SKIPPED, "not_agreed")
    if facts.opening is None or facts.opening >= facts.expires_at:
        return Step(State.SKIPPED, "quiet_hours")
    if facts.opening > facts.now:
        return Step(State.SCHEDULED, at=facts.opening)
    return Step(State.SENDING)
