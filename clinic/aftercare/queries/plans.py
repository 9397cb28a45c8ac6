"""Reading a person's aftercare for staff; the caller has opened the record."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select

from clinic.accounts import queries as accounts
from clinic.aftercare.models import (
    CheckIn,
    CheckInAnswer,
    CheckInPlan,
    Discharge,
    PlannedCall,
    RelapsePlan,
)
from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.questions import Asked, Item, PageCode, items, page
from clinic.aftercare.rules.risk import Judgement, Thresholds, judge
from clinic.aftercare.rules.terms import PART_LABELS, Naloxone, Parts, Reason
from clinic.configuration import queries as configuration
from clinic.core.db import db, read
from clinic.messaging import queries as messages
from clinic.patients.rules import Channel
from clinic.web.amendments import Amendment, Change, changed
from clinic.web.filters import phone
from clinic.worklist.rules import Level

BY = {Channel.SMS: "", Channel.EMAIL: " by email"}  # texts are the usual
SHOWN = 60  # check-ins on the page of one person


class Written(NamedTuple):
    """One version of a relapse-prevention plan; `parts` as C8.9 names them."""

    n: int
    parts: Mapping[str, Any]
    written_at: datetime
    author: str
    reason: str | None


class PlanRow(NamedTuple):
    """The check-in plan in force."""

    id: UUID
    version: int
    discharged_on: date
    local_time: time
    zone: str
    paused_until: date | None


class Coming(NamedTuple):
    """A check-in or call that is ahead, by local date and time."""

    on: date
    at: time
    zone: str
    due_at: datetime


class Summary(NamedTuple):
    """How many of the check-ins that were due, cancelled ones aside, are answered; when the
    relapse-prevention plan was last written, its version None before; when the next check-in is due."""

    answered: int
    asked: int
    plan_version: int | None
    plan_written_at: datetime | None
    next_due_at: datetime | None


class CheckInRow(NamedTuple):
    """One check-in that was due, as its line tells it. `said` are question and answer of each page."""

    id: UUID
    day: int
    due_at: datetime
    closes_at: datetime
    answered_at: datetime | None
    complete: bool
    outcome: Outcome | None
    reason: str | None
    level: Level
    judgement: Judgement
    known: Mapping[Item, str]
    said: list[tuple[str, str]]
    message: str


class DischargeRow(NamedTuple):
    """The latest discharge."""

    reason: Reason
    naloxone: Naloxone
    naloxone_expires_on: date | None
    medication: str
    medication_note: str | None
    appointment_on: date | None
    appointment_at: time | None
    appointment_place: str | None
    discharged_at: datetime


def written(patient_id: UUID) -> Written | None:
    """The newest version of a person's plan."""
    return next(iter(_written(patient_id, limit=1)), None)


def versions(patient_id: UUID) -> list[Written]:
    """All versions of a person's plan, the newest first."""
    return _written(patient_id)


def _written(patient_id: UUID, limit: int | None = None) -> list[Written]:
    mine = select(RelapsePlan).where(RelapsePlan.patient_id == patient_id)
    rows = db.session.scalars(mine.order_by(RelapsePlan.n.desc()).limit(limit)).all()
    names = accounts.names({row.written_by for row in rows})
    return [Written(row.n, row.parts, row.written_at, names[row.written_by], row.reason) for row in rows]


def revisions(all_versions: list[Written]) -> list[Amendment]:
    """What each version of a plan changed in the one before, oldest first; `all_versions` newest first."""
    oldest_first = all_versions[::-1]
    return [
        Amendment(after.written_at, after.author, after.reason or "", _changes(before.parts, after.parts))
        for before, after in pairwise(oldest_first)
    ]


def _changes(before: Parts, after: Parts) -> list[Change]:
    words = [
        (label, "\n".join(before[name]) or "Empty", "\n".join(after[name]) or "Empty")
        for name, label in PART_LABELS.items()
    ]
    return changed([*words, ("Who I call", _people(before), _people(after))])


def _people(parts: Parts) -> str:
    """Name, number and whether we may call, a person a line."""
    lines = [
        ", ".join(
            filter(
                None,
                (
                    one["name"],
                    phone(one["phone"]) if one["phone"] else "",
                    "we may call" if one["may_call"] else "",
                ),
            )
        )
        for one in parts["people"]
    ]
    return "\n".join(lines) or "Nobody"


def plan(patient_id: UUID) -> PlanRow | None:
    """The check-in plan in force."""
    wanted = PlanRow._fields
    columns = [getattr(CheckInPlan, name) for name in wanted]
    mine = (CheckInPlan.patient_id == patient_id, CheckInPlan.ended_at.is_(None))
    row = db.session.execute(select(*columns).where(*mine)).one_or_none()
    return PlanRow(*row) if row else None


# Built once, as the one below: building them costs more than asking.
_NEXT = (
    select(CheckIn.local_date, CheckIn.local_time, CheckIn.zone, CheckIn.due_at)
    .where(
        CheckIn.patient_id == bindparam("patient_id"),
        CheckIn.outcome.is_(None),
        CheckIn.due_at > bindparam("now"),
    )
    .order_by(CheckIn.due_at)
    .limit(1)
)
_SUMMARY = select(
    func.count(CheckIn.answered_at),
    func.count(),
    *(
        select(column)
        .where(RelapsePlan.patient_id == bindparam("patient_id"))
        .order_by(RelapsePlan.n.desc())
        .limit(1)
        .scalar_subquery()
        for column in (RelapsePlan.n, RelapsePlan.written_at)
    ),
    _NEXT.with_only_columns(CheckIn.due_at).scalar_subquery(),
).where(
    CheckIn.patient_id == bindparam("patient_id"),
    CheckIn.due_at <= bindparam("now"),
    CheckIn.outcome.is_distinct_from(Outcome.CANCELLED),
)


def next_check_in(patient_id: UUID, *, now: datetime) -> Coming | None:
    """The next check-in that is not due yet."""
    row = read(_NEXT, {"patient_id": patient_id, "now": now}).first()
    return Coming(*row) if row else None


def calls_ahead(patient_id: UUID, *, now: datetime) -> list[date]:
    """The days of the next planned calls, three at most."""
    ahead = (
        PlannedCall.patient_id == patient_id,
        PlannedCall.cancelled_at.is_(None),
        PlannedCall.due_at > now,
    )
    days = select(PlannedCall.local_date).where(*ahead).order_by(PlannedCall.due_at).limit(3)
    return list(db.session.scalars(days))


def discharge(patient_id: UUID) -> DischargeRow | None:
    """The latest discharge of a person."""
    mine = select(Discharge).where(Discharge.patient_id == patient_id)
    row = db.session.scalar(mine.order_by(Discharge.discharged_at.desc(), Discharge.id.desc()).limit(1))
    return DischargeRow(*(getattr(row, name) for name in DischargeRow._fields)) if row else None


def summary(patient_id: UUID, *, now: datetime) -> Summary:
    """How a person's check-ins are answered, and the newest version of their plan."""
    return Summary(*read(_SUMMARY, {"patient_id": patient_id, "now": now}).one())


def check_ins(patient_id: UUID, *, now: datetime) -> list[CheckInRow]:
    """The last SHOWN check-ins that were due, newest first."""
    due = (CheckIn.patient_id == patient_id, CheckIn.due_at <= now)
    standing = CheckIn.outcome.is_distinct_from(Outcome.CANCELLED)
    newest = select(CheckIn).where(*due, standing).order_by(CheckIn.due_at.desc(), CheckIn.id).limit(SHOWN)
    rows = db.session.scalars(newest).all()
    ids = [row.id for row in rows]
    given, sent = _answers(ids), messages.states("check_in", ids)
    limits = Thresholds(**{name: configuration.value(name) for name in Thresholds.__dataclass_fields__})
    shown: list[CheckInRow] = []
    last_pull: int | None = None
    for row in reversed(rows):
        answers = given.get(row.id, {})
        known = items(answers, _asked(answers))
        judgement = judge(known, known, last_pull=last_pull, limits=limits)
        last_pull = int(known[Item.PULL]) if Item.PULL in known else last_pull
        shown.append(_row(row, answers, known, judgement, sent.get(row.id, [])))
    return shown[::-1]


def _asked(answers: Mapping[PageCode, str]) -> Asked:
    """Follow-ups that were answered were asked."""
    return Asked(on_medicine=PageCode.MEDICINE in answers, support=PageCode.SUPPORT in answers)


def _row(
    row: CheckIn,
    answers: Mapping[PageCode, str],
    known: Mapping[Item, str],
    judgement: Judgement,
    sent: Iterable[messages.MessageState],
) -> CheckInRow:
    return CheckInRow(
        row.id,
        row.day,
        row.due_at,
        row.closes_at,
        row.answered_at,
        row.completed_at is not None,
        row.outcome,
        row.outcome_reason,
        row.level or Level.NONE,
        judgement,
        known,
        [_words(code, answers) for code in PageCode if code in answers],
        ", ".join(map(_told, sent)) or "No message",
    )


def _told(message: messages.MessageState) -> str:
    return f"{message.purpose} {message.state}{BY[message.channel]}"


def _words(code: PageCode, answers: Mapping[PageCode, str]) -> tuple[str, str]:
    shown = page(code, answers)
    chosen = next((choice.label for choice in shown.choices if choice.value == answers[code]), "Not answered")
    return shown.question, chosen


def _answers(ids: Iterable[UUID]) -> dict[UUID, dict[PageCode, str]]:
    columns = (
        CheckInAnswer.check_in_id,
        CheckInAnswer.id,
        CheckInAnswer.page,
        CheckInAnswer.value_sealed,
    )
    wanted = select(*columns).where(CheckInAnswer.check_in_id.in_(list(ids))).order_by(CheckInAnswer.n)
    found: dict[UUID, dict[PageCode, str]] = {}
    for row in db.session.execute(wanted):
        value = CheckInAnswer.value.reveal(row.id, row.value_sealed)
        found.setdefault(row.check_in_id, {})[row.page] = value
    return found


class Last(NamedTuple):
    """The last check-in of a person that was due."""

    due_at: datetime
    outcome: Outcome | None


def last_due(patient_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Last]:
    """The newest check-in that was due of each person, in one query."""
    due = (CheckIn.patient_id.in_(list(patient_ids)), CheckIn.due_at <= now)
    standing = CheckIn.outcome.is_distinct_from(Outcome.CANCELLED)
    newest = (
        select(CheckIn.patient_id, func.max(CheckIn.due_at).label("due_at"))
        .where(*due, standing)
        .group_by(CheckIn.patient_id)
        .subquery()
    )
    same = and_(CheckIn.patient_id == newest.c.patient_id, CheckIn.due_at == newest.c.due_at)
    rows = select(CheckIn.patient_id, CheckIn.due_at, CheckIn.outcome).join(newest, same).where(standing)
    return {row.patient_id: Last(row.due_at, row.outcome) for row in db.session.execute(rows)}
