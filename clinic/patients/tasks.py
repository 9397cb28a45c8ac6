"""Periodic work of this room."""

from clinic.core import periodic
from clinic.patients import services


@periodic.job("patients.keys", every=3_600)
def make_up_keys(now: periodic.Clock) -> int:
    """Patients of an older release get the keys by which duplicates are looked up. How many."""
    return services.make_up_keys(now=now())
