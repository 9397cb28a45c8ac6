"""Everybody in aftercare whom the actor may see."""

from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import select

from clinic.aftercare.models import CheckInPlan
from clinic.aftercare.queries.plans import Last, last_due
from clinic.aftercare.rules.outcome import Outcome
from clinic.core.db import db
from clinic.core.rules import local
from clinic.patients import queries as patients
from clinic.patients.access import listed
from clinic.patients.queries import Person
from clinic.patients.rules import Right
from clinic.worklist import queries as worklist
from clinic.worklist.rules import Level

LIMIT = 500


class AftercareRow(NamedTuple):
    """One person in aftercare. `day` counts from the discharge."""

    person: Person
    day: int
    local_time: time
    zone: str
    discharged_on: date
    last: Last | None
    level: Level
    reason: str

    @property
    def missed(self) -> bool:
        """Whether the last check-in ended without an answer."""
        return bool(self.last and self.last.outcome in (Outcome.DID_NOT_ANSWER, Outcome.NOT_REACHED))


def in_aftercare(*, now: datetime) -> list[AftercareRow]:
    """Open risk first, then missed ones, then the newest discharges; a fixed number of queries."""
    columns = (CheckInPlan.patient_id, CheckInPlan.local_time, CheckInPlan.zone, CheckInPlan.discharged_on)
    mine = listed(CheckInPlan.patient_id, Right.AFTERCARE, now=now)
    wanted = select(*columns).where(CheckInPlan.ended_at.is_(None), mine)
    rows = db.session.execute(wanted.order_by(CheckInPlan.discharged_on.desc()).limit(LIMIT)).all()
    ids = [row.patient_id for row in rows]
    people, risks, last = patients.people(ids, now=now), worklist.levels(ids), last_due(ids, now=now)
    found = []
    for row in rows:
        level, reason = risks.get(row.patient_id, (Level.NONE, ""))
        day = (local(now, row.zone).date() - row.discharged_on).days
        found.append(
            AftercareRow(
                people[row.patient_id],
                day,
                row.local_time,
                row.zone,
                row.discharged_on,
                last.get(row.patient_id),
                level,
                reason,
            )
        )
    return sorted(found, key=lambda row: (row.level.rank, not row.missed))
