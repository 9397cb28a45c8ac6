"""Who acts on a person's aftercare, and by when."""

from datetime import datetime
from uuid import UUID

from clinic.aftercare.queries import check_ins
from clinic.aftercare.rules.windows import DAY_ENDS
from clinic.configuration import queries as configuration
from clinic.core.rules import instant, local
from clinic.episodes import queries as episodes


def responsible(patient_id: UUID) -> tuple[UUID | None, UUID]:
    """(owner, site) of the open episode; without one the patient's site, whose supervisor sees it."""
    return episodes.owner_of(patient_id) or (None, check_ins.site_of(patient_id))


def by_the_evening(now: datetime, zone: str, *, early: bool) -> datetime:
    """In weeks 0 to 4 the same day, or now where the day is over; later the next working day."""
    today = local(now, zone).date()
    on = today if early else configuration.next_working_day(today)
    return max(now, instant(on, DAY_ENDS, zone))
