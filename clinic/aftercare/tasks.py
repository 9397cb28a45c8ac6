"""Periodic jobs: each takes what is due, and may run late, twice or never; the next ring repairs."""

from clinic.aftercare.services import ladder, silence
from clinic.core.periodic import Clock, job


@job("aftercare.materialise", every=3600)
def materialise(now: Clock) -> int:
    """Lay out the check-ins and calls of the days ahead."""
    return silence.materialise_due(now())


@job("aftercare.nudge", every=60)
def nudge(now: Clock) -> int:
    """Remind once."""
    return silence.nudge_due(now())


@job("aftercare.close", every=60)
def close(now: Clock) -> int:
    """Give what nobody answered its outcome and its work."""
    return silence.close_due(now())


@job("aftercare.ladder", every=60)
def climb(now: Clock) -> int:
    """Make work of the next step for whoever stays silent."""
    return ladder.climb(now())


@job("aftercare.calls", every=60)
def calls(now: Clock) -> int:
    """Make the calls of today work."""
    return silence.raise_calls(now())
