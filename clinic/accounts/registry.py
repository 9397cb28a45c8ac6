"""What upper rooms tell accounts; filled by `clinic.app`."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Site(NamedTuple):
    """A place where staff work; `zone` is an IANA name."""

    id: UUID
    name: str
    zone: str


class Slots:
    """Where sites come from. `first_site` makes the clinic's first one, inside the caller's transaction."""

    sites: Callable[[], list[Site]]
    first_site: Callable[[datetime], UUID]
    clinic_name: Callable[[], str]


slots = Slots()

# Told in the transaction that disables somebody or takes their patients away by a new role: (user id, now).
# Hand everything owned to the supervisor.
on_disable: list[Callable[[UUID, datetime], None]] = []

# How many open patients somebody owns: whoever owns one is never away without a cover.
owned: list[Callable[[UUID], int]] = []
