"""The sheet: whom the actor works with, how to reach them, what must not be overlooked, what comes next."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.episodes.queries import CaseRow
from clinic.history import queries as history
from clinic.history.rules import CODE_LABELS, FactKind, allergies
from clinic.patients import queries as patients
from clinic.patients.queries import Person, Reach
from clinic.patients.rules import Right
from clinic.safety import queries as safety
from clinic.safety.rules import State
from clinic.scheduling import queries as scheduling
from clinic.scheduling.queries import SessionRow
from clinic.worklist import queries as worklist
from clinic.worklist.rules import Level

OF_THE_SITE = (Role.SUPERVISOR, Role.DESK, Role.NURSE)  # whose sheet has all sessions of the site
OWN_ONLY = (Role.THERAPIST, Role.PEER)  # whose sheet keeps to who is theirs
DAYS = 3
CALM = (Level.NONE, "")


class Care(NamedTuple):
    """What only those may read who may see the programme."""

    track: str
    medication: str
    allergies: str
    pregnancy: str
    level: Level
    why: str
    plan: State


class Line(NamedTuple):
    """One person. `care` is None for who may not see it; without an open episode there is no next contact."""

    person: Person
    reach: Reach
    care: Care | None
    case: CaseRow | None
    owner: str | None


class Sheet(NamedTuple):
    """Everybody by family name, and the sessions of three days. `whole` is false where the list was cut."""

    as_of: datetime
    lines: list[Line]
    sessions: list[tuple[date, list[SessionRow]]]
    whole: bool

    @property
    def ids(self) -> set[UUID]:
        """Every patient that is shown."""
        seated = {row.patient.id for _, rows in self.sessions for row in rows if row.patient}
        return seated | {line.person.id for line in self.lines}


def sheet(*, now: datetime) -> Sheet:
    """The actor's sheet, in a fixed number of queries bound by the caseload. The caller audits `ids`."""
    who = actor.get()
    cases = episodes.caseload(now=now, owned_by=who.stands_for if who.role in OWN_ONLY else None)
    by_id = {case.patient_id: case for case in cases}
    waiting = patients.caseload(now=now) if who.role == Role.COORDINATOR else []
    ids = {*by_id, *(person.id for person in waiting)}
    people, reach, owners = patients.people(ids, now=now), patients.reach(ids), episodes.owners(ids)
    care = _care(patients.with_right(ids, Right.CLINICAL, now=now), by_id, now)
    lines = [
        Line(people[each], reach[each], care.get(each), by_id.get(each), owners.get(each)) for each in ids
    ]
    whole = len(cases) < episodes.CASELOAD_LIMIT and len(waiting) <= patients.LIST_LIMIT
    return Sheet(now, sorted(lines, key=_by_family_name), _sessions(who, now), whole)


def _by_family_name(line: Line) -> tuple[str, str]:
    return line.person.name.rpartition(" ")[2].casefold(), line.person.name.casefold()


def _care(ids: set[UUID], cases: Mapping[UUID, CaseRow], now: datetime) -> dict[UUID, Care]:
    levels, plans = worklist.levels(ids), safety.standings(ids)
    told = history.told(ids, (FactKind.ALLERGY, FactKind.PREGNANCY))
    made = {}
    for each in ids:
        case, facts = cases.get(each), told.get(each, {})
        pregnancy = facts.get(FactKind.PREGNANCY)
        made[each] = Care(
            case.words if case else "In intake",
            case.medication.label if case else "Not decided",
            allergies(facts.get(FactKind.ALLERGY, ())),
            CODE_LABELS[pregnancy[0][0]] if pregnancy else "Not asked",
            *levels.get(each, CALM),
            plans[each].state if each in plans else State.NONE,
        )
    return made


def _sessions(who: actor.Actor, now: datetime) -> list[tuple[date, list[SessionRow]]]:
    if who.site_id is None:
        return []
    first = local(now, current().zone).date()
    days: Sequence[date] = [first + timedelta(days=n) for n in range(DAYS)]
    therapist_id = None if who.role in OF_THE_SITE else who.id
    rows = scheduling.week(who.site_id, days, therapist_id=therapist_id, now=now)
    return [(day, [row for row in rows if row.local_date == day]) for day in days]
