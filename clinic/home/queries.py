"""What stands on Today."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.cases import queries as cases
from clinic.core import actor
from clinic.core.rules import local
from clinic.episodes import queries as episodes
from clinic.episodes.rules import Track
from clinic.intake.queries.waiting import Waiting
from clinic.intake.services import referrals
from clinic.patients import access as patients
from clinic.safety import queries as safety_queries
from clinic.safety import rules as safety
from clinic.scheduling import queries as scheduling
from clinic.scheduling.queries import SessionRow
from clinic.worklist import queries as worklist
from clinic.worklist.rules import Level

WITH_CASELOAD = (Role.THERAPIST, Role.SUPERVISOR, Role.PRESCRIBER, Role.NURSE, Role.PEER, Role.COORDINATOR)
LEADERS = (Role.THERAPIST, Role.SUPERVISOR, Role.PRESCRIBER, Role.PEER)
OWN_ONLY = (Role.THERAPIST, Role.PEER, Role.COORDINATOR)


@dataclass(frozen=True)
class CaseLine:
    """A line of the caseload with the person's open risk."""

    case: episodes.CaseRow
    level: Level
    why: str
    plan: safety.State

    @property
    def rank(self) -> tuple[int, datetime]:
        """Highest risk first, then the next contact."""
        return self.level.rank, self.case.next_contact_at


@dataclass(frozen=True)
class Today:
    """One person's day, as of `now`."""

    now: datetime

    risks: list[worklist.Work]
    work: list[worklist.Work]
    last_answered: worklist.Work | None
    offers: list[episodes.Offer]
    lines: list[CaseLine]
    counts: dict[Track, int]
    shown: Track | None
    drafts: int
    sessions: list[SessionRow] | None
    on_call: list[accounts.OnCall] | None
    asked: list[Waiting]
    places: dict[UUID, str]
    plans_due: list[safety_queries.Due]

    @property
    def overdue_asked(self) -> int:
        """How many calls for help wait longer than their limit: while there are any, nothing is calm."""
        return sum(row.due_at < self.now for row in self.asked)


def today(*, now: datetime, zone: str, track: Track | None = None) -> Today:
    """Everything for the actor, audited as one reading. A fixed number of queries."""
    who = actor.get()
    assert who.id is not None
    risks, work = worklist.waiting(now=now)
    lines = _caseload(who, now)
    offers = episodes.offers_to(who.stands_for, now=now)
    counts = {step: sum(line.case.track is step for line in lines) for step in Track}
    shown = [line for line in lines if track is None or line.case.track is track]
    plans_due = safety_queries.due(now=now) if who.role == Role.SUPERVISOR else []
    waiting = {item.patient_id for item in (*risks, *work) if item.patient_id}
    patients.listing(
        "today.opened",
        {
            *waiting,
            *(line.case.patient_id for line in shown),
            *(offer.patient_id for offer in offers),
            *(due.person.id for due in plans_due),
        },
        now=now,
    )
    places = {key: words for key, (_, words) in episodes.tracks_now(waiting, now=now).items()}
    return Today(
        now=now,
        risks=risks,
        work=[item for item in work if local(item.raised_at, zone).date() <= local(now, zone).date()],
        last_answered=worklist.last_answered(now=now) if not risks else None,
        offers=offers,
        lines=sorted(shown, key=lambda line: line.rank),
        counts=counts,
        shown=track,
        drafts=len(cases.drafts()),
        sessions=_sessions(who, now, zone),
        on_call=accounts.on_call(now) if who.role == Role.ADMINISTRATOR else None,
        asked=_asked(who, now),
        places=places,
        plans_due=plans_due,
    )


def _asked(who: actor.Actor, now: datetime) -> list[Waiting]:
    """The coordinator's calls for help that nobody has reached yet, urgent first."""
    if who.role != Role.COORDINATOR:
        return []
    return referrals.unreached(now=now)


def _sessions(who: actor.Actor, now: datetime, zone: str) -> list[SessionRow] | None:
    """The actor's own sessions of the day; the desk's are all of the site; None for who has neither."""
    day = local(now, zone).date()
    if who.role == Role.DESK and who.site_id:
        return scheduling.week(who.site_id, [day], now=now)
    if who.role in LEADERS and who.id:
        return scheduling.today(who.id, day, now=now)
    return None


def _caseload(who: actor.Actor, now: datetime) -> list[CaseLine]:
    if who.role not in WITH_CASELOAD:
        return []
    rows = episodes.caseload(now=now, owned_by=who.stands_for if who.role in OWN_ONLY else None)
    ids = [row.patient_id for row in rows]
    levels, plans = worklist.levels(ids), safety_queries.standings(ids)
    nothing, no_plan = (Level.NONE, ""), safety_queries.Standing(safety.State.NONE)
    return [
        CaseLine(row, *levels.get(row.patient_id, nothing), plans.get(row.patient_id, no_plan).state)
        for row in rows
    ]
