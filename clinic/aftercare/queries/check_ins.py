"""Reading one check-in: what was answered, what it asks, whether its links live."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, select

from clinic.aftercare.models import CheckIn, CheckInAnswer
from clinic.aftercare.rules.outcome import Outcome
from clinic.aftercare.rules.questions import RATHER_NOT, Asked, PageCode
from clinic.aftercare.rules.windows import link_dies_at
from clinic.core.db import db
from clinic.episodes.models import Episode, Stay
from clinic.episodes.rules import Medication
from clinic.messaging.models import Message
from clinic.messaging.rules.states import State
from clinic.patients.models import Patient
from clinic.patients.rules import Channel
from clinic.scheduling.models import ClinicSession, SessionReminder
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Level

RISK, ANSWER = "aftercare.risk", "check_in_answer"  # kind of work; its subject after the first was closed
SUPPORT_EVERY = 7  # days, C8.5 page W


class OpenCheckIn(NamedTuple):
    """A check-in whose links live, for the patient's page. `seen`: number of each page's newest answer.

    `level` is the worst that was said, None before the first answer.
    """

    id: UUID
    patient_id: UUID
    zone: str
    level: Level | None
    answers: dict[PageCode, str]
    seen: dict[PageCode, int]
    asked: Asked


def open_check_in(check_in_id: UUID, *, now: datetime) -> OpenCheckIn | None:
    """The check-in if it may still be answered at `now`."""
    found = db.session.get(CheckIn, check_in_id, populate_existing=True)
    if found is None or found.outcome not in (None, Outcome.ANSWERED):
        return None
    if not found.due_at <= now < link_dies_at(found.closes_at, found.completed_at):
        return None
    rows = _newest(check_in_id)
    given = {page: value for page, (_, value) in rows.items()}
    seen = {page: n for page, (n, _) in rows.items()}
    return OpenCheckIn(found.id, found.patient_id, found.zone, found.level, given, seen, asked(found))


def answers(check_in_id: UUID) -> dict[PageCode, str]:
    """The current answer of each page that has one."""
    return {page: value for page, (_, value) in _newest(check_in_id).items()}


def count(check_in_id: UUID, page: PageCode) -> int:
    """How many answers a page was given; the number of the newest."""
    mine = (CheckInAnswer.check_in_id == check_in_id, CheckInAnswer.page == page)
    return db.session.scalar(select(func.count()).where(*mine)) or 0


def asked(check_in: CheckIn) -> Asked:
    """Which follow-ups it has: 4b while on a medicine; W a week after discharge or after the last W."""
    stay = (
        exists()
        .where(Episode.patient_id == check_in.patient_id, Episode.closed_at.is_(None))
        .where(Stay.episode_id == Episode.id, Stay.ends_at.is_(None), Stay.medication != Medication.NONE)
    )
    within_a_week = (
        exists()
        .where(CheckIn.patient_id == check_in.patient_id, CheckIn.id != check_in.id)
        .where(CheckIn.local_date > check_in.local_date - timedelta(days=SUPPORT_EVERY))
        .where(CheckIn.due_at < check_in.due_at)
        .where(CheckInAnswer.check_in_id == CheckIn.id, CheckInAnswer.page == PageCode.SUPPORT)
    )
    on_medicine, answered_lately = db.session.execute(select(stay, within_a_week)).one()
    return Asked(bool(on_medicine), support=check_in.day >= SUPPORT_EVERY and not answered_lately)


def last_pull(check_in: CheckIn) -> int | None:
    """The pull (0 to 10) of the newest earlier check-in that told it."""
    earlier = (
        select(CheckInAnswer.check_in_id, CheckInAnswer.id, CheckInAnswer.value_sealed)
        .join(CheckIn, CheckIn.id == CheckInAnswer.check_in_id)
        .where(CheckIn.patient_id == check_in.patient_id, CheckIn.due_at < check_in.due_at)
        .where(CheckInAnswer.page == PageCode.PULL)
        .order_by(CheckIn.due_at.desc(), CheckInAnswer.n.desc())
        .limit(20)
    )
    read: set[UUID] = set()
    for row in db.session.execute(earlier):
        value = CheckInAnswer.value.reveal(row.id, row.value_sealed)
        if row.check_in_id not in read and value != RATHER_NOT:
            return int(value)
        read.add(row.check_in_id)  # what was said first and taken back counts no more
    return None


class RiskItem(NamedTuple):
    """The work that a check-in made."""

    id: UUID
    level: Level
    closed_at: datetime | None


def risk_item(check_in_id: UUID) -> RiskItem | None:
    """The newest risk item of a check-in: its own, or that of an answer given after it was closed."""
    answers = select(CheckInAnswer.id).where(CheckInAnswer.check_in_id == check_in_id)
    wanted = (
        select(WorkItem.id, WorkItem.level, WorkItem.closed_at)
        .where(WorkItem.kind == RISK)
        .where((WorkItem.subject_id == check_in_id) | WorkItem.subject_id.in_(answers))
        .order_by(WorkItem.raised_at.desc(), WorkItem.id.desc())
    )
    row = db.session.execute(wanted.limit(1)).first()
    return RiskItem(*row) if row else None


def waiting_for_digits(patient_id: UUID, *, now: datetime) -> list[UUID]:
    """Check-ins of a patient whose item 1 a text may answer at `now`."""
    live = (
        select(CheckIn.id, CheckIn.closes_at, CheckIn.completed_at)
        .where(CheckIn.patient_id == patient_id, CheckIn.due_at <= now, CheckIn.closes_at > now)
        .where(CheckIn.outcome.is_(None) | (CheckIn.outcome == Outcome.ANSWERED))
    )
    return [row.id for row in db.session.execute(live) if now < link_dies_at(row.closes_at, row.completed_at)]


def reminders_waiting(patient_id: UUID, *, now: datetime) -> int:
    """How many reminders of sessions went out to a patient and still wait for 1 or 2."""
    waiting = (
        select(func.count())
        .select_from(SessionReminder)
        .join(ClinicSession, ClinicSession.id == SessionReminder.session_id)
        .where(SessionReminder.patient_id == patient_id, ClinicSession.starts_at > now)
        .where(SessionReminder.reply.is_(None), SessionReminder.withheld_at.is_(None))
        .where(
            exists()
            .where(Message.subject_kind == "session_reminder", Message.subject_id == SessionReminder.id)
            .where(Message.state.in_((State.ACCEPTED, State.DELIVERED, State.UNKNOWN)))
            .where(Message.channel == Channel.SMS)  # nobody replies with a digit to an e-mail
        )
    )
    return db.session.scalar(waiting) or 0


def language_of(patient_id: UUID) -> str:
    """In which language a patient is written to."""
    return db.session.scalars(select(Patient.language).where(Patient.id == patient_id)).one()


def site_of(patient_id: UUID) -> UUID:
    """The site where a patient is registered."""
    return db.session.scalars(select(Patient.site_id).where(Patient.id == patient_id)).one()


def _newest(check_in_id: UUID) -> dict[PageCode, tuple[int, str]]:
    rows = db.session.execute(
        select(CheckInAnswer.id, CheckInAnswer.page, CheckInAnswer.n, CheckInAnswer.value_sealed)
        .where(CheckInAnswer.check_in_id == check_in_id)
        .order_by(CheckInAnswer.n)
    )
    return {row.page: (row.n, CheckInAnswer.value.reveal(row.id, row.value_sealed)) for row in rows}
