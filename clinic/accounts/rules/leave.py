"""Who acts for somebody who is away, and weekly working hours. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from clinic.accounts.rules.staff import WITHOUT_PATIENTS, Role

Away = Mapping[UUID, UUID | None]  # who is away now, and who covers; None where nobody has to


@dataclass(frozen=True)
class LeavePlan:
    """Somebody is away from one local day to another, both included, on the clocks of `zone` (IANA name)."""

    user_id: UUID
    cover_id: UUID | None
    starts_on: date
    ends_on: date
    zone: str


@dataclass(frozen=True)
class DayHours:
    """When somebody works on one weekday (0 is Monday), local time."""

    weekday: int
    starts: time
    ends: time


def stand_in(user_id: UUID, away: Away) -> UUID | None:
    """Who acts for this person now: themself unless away, else the cover, or the cover's cover."""
    who: UUID | None = user_id
    for _ in away:
        who = away.get(who, who) if who else None
    return None if who in away else who


def covered(user_id: UUID, away: Away) -> tuple[UUID, ...]:
    """For whom this person acts now, not counting themself."""
    return tuple(one for one in away if one != user_id and stand_in(one, away) == user_id)


def may_cover(role: Role, of: Role) -> bool:
    """Whether a person of `role` has the rights to stand in for one of the role `of`."""
    return role is of or (role is Role.SUPERVISOR and of not in WITHOUT_PATIENTS)
