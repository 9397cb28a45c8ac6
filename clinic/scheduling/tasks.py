"""Periodic jobs of the schedule."""

from clinic.core.periodic import Clock, job
from clinic.scheduling import services
from clinic.scheduling.services import reminders


@job("scheduling.reminders", every=60)
def lay_out_reminders(now: Clock) -> int:
    """Make the reminders of sessions that come within two weeks."""
    return reminders.lay_out(at=now())


@job("scheduling.series", every=3600)
def extend_series(now: Clock) -> int:
    """Lay out the weekly groups as far ahead as the clinic wants."""
    return services.extend(at=now())
