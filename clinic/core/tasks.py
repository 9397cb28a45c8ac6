"""The one task: a bell. What is due stands in tables."""

from celery import shared_task

from clinic.core import clock, periodic, throttle


@shared_task(name="core.ring", soft_time_limit=50, time_limit=60)
def ring(job: str) -> None:
    """Run one periodic job. May come twice, late or never: the next ring repairs."""
    periodic.run(job, clock.now)


@periodic.job("core.forget_floods", every=3600)
def forget_floods(_: periodic.Clock) -> int:
    """Counts of floods are not kept longer than a day."""
    return throttle.forget()
