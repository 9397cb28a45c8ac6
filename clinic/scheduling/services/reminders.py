"""Reminders of sessions: laid out once for each patient, session and planned time; withheld; answered."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, select, update
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core.db import insert_new, transaction
from clinic.core.ids import uuid7
from clinic.core.rules import local
from clinic.messaging import services as messaging
from clinic.messaging.rules.states import State as MessageState
from clinic.messaging.rules.templates import WORDS
from clinic.messaging.rules.timing import Hours, reminder_expires
from clinic.patients.models import Patient
from clinic.patients.rules import MessageKind
from clinic.scheduling.models import ClinicSession, Seat, SessionReminder
from clinic.scheduling.rules import Lead, Reply, State, reminder_at
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level

SUBJECT = "session_reminder"
PURPOSE = "reminder"
HORIZON = timedelta(days=14)


def lay_out(session_ids: Iterable[UUID] | None = None, *, at: datetime) -> int:
    """Make the reminders of sessions within two weeks (of these, or of all), each with its message; how many.

    Running it twice or in parallel changes nothing.
    """
    with transaction() as session:
        made = 0
        for row in session.execute(_without_reminder(session_ids, at)).all():
            made += _make(session, row, at)
        return made


def _without_reminder(session_ids: Iterable[UUID] | None, at: datetime) -> Select[*tuple[object, ...]]:
    there = exists().where(
        SessionReminder.session_id == Seat.session_id,
        SessionReminder.patient_id == Seat.patient_id,
        SessionReminder.session_version == ClinicSession.plan_version,
    )
    wanted = (
        select(
            Seat.session_id, Seat.patient_id, Seat.booked_at, Patient.zone, Patient.language,
            ClinicSession.starts_at, ClinicSession.plan_version, ClinicSession.zone.label("session_zone"),
        )
        .join(ClinicSession, ClinicSession.id == Seat.session_id)
        .join(Patient, Patient.id == Seat.patient_id)
        .where(
            ClinicSession.state == State.PLANNED,
            ClinicSession.starts_at > at,
            ClinicSession.starts_at <= at + HORIZON,
            Patient.deceased_at.is_(None),
            ~there,
        )
        .order_by(ClinicSession.starts_at)
        .limit(500)
    )  # fmt: skip
    return wanted if session_ids is None else wanted.where(Seat.session_id.in_(list(session_ids)))


def _make(session: Session, row: Row[*tuple[object, ...]], at: datetime) -> int:
    decided = configuration.values()
    due = reminder_at(
        row.starts_at,
        row.booked_at,
        zone=row.zone,
        day_before=decided["reminder_day_before_time"],
        least=timedelta(hours=decided["reminder_least_hours"]),
        hours=Hours(decided["quiet_hours_from"], decided["quiet_hours_until"]),
    )
    if due is None:
        return 0
    reminder = {
        "id": uuid7(),
        "session_id": row.session_id,
        "patient_id": row.patient_id,
        "session_version": row.plan_version,
        "lead": Lead.DAY_BEFORE,
        "due_at": due,
    }
    if not insert_new(session, SessionReminder, [reminder]):
        return 0
    there = local(row.starts_at, row.session_zone)
    elsewhere = local(row.starts_at, row.zone).utcoffset() != there.utcoffset()
    messaging.schedule(
        SUBJECT,
        reminder["id"],
        PURPOSE,
        channel=messaging.channel_of(row.patient_id, MessageKind.APPOINTMENTS),
        patient_id=row.patient_id,
        template="session_reminder",
        language=row.language,
        fill_ins={
            "day": WORDS.day(there, row.language),
            "time": f"{there:%H:%M %Z}" if elsewhere else f"{there:%H:%M}",
        },
        not_before=due,
        expires_at=reminder_expires(row.starts_at),
        receipt_by=row.starts_at,
        at=at,
    )
    return 1


def withhold(
    session: Session,
    session_ids: Iterable[UUID],
    reason: str,
    *,
    at: datetime,
    patient_id: UUID | None = None,
) -> None:
    """Take back the reminders of sessions (of one patient, or of all) that have not gone out."""
    of: list[ColumnElement[bool]] = [
        SessionReminder.session_id.in_(list(session_ids)),
        SessionReminder.withheld_at.is_(None),
    ]
    if patient_id is not None:
        of.append(SessionReminder.patient_id == patient_id)
    ended = update(SessionReminder).where(*of).values(withheld_at=at, withheld_reason=reason)
    for reminder_id in session.scalars(ended.returning(SessionReminder.id)).all():
        messaging.withhold(SUBJECT, reminder_id, reason, at=at)


class Held(NamedTuple):
    """A reminder and the session it is about; `session_version` is the plan for which it was made."""

    id: UUID
    withheld_reason: str | None
    session_version: int
    state: State
    plan_version: int
    seated: bool


def hold_all(reminder_ids: Collection[UUID]) -> list[Held]:
    """Reminders as they are now, locked in the order of their ids until the caller's transaction ends.

    What they are about is read after the lock: joined to it, PostgreSQL would show it as it was before.
    """
    mine = SessionReminder.id.in_(reminder_ids)
    locks = select(SessionReminder.id).where(mine).order_by(SessionReminder.id).with_for_update()
    seated = exists().where(
        Seat.session_id == SessionReminder.session_id, Seat.patient_id == SessionReminder.patient_id
    )
    read = select(
        SessionReminder.id, SessionReminder.withheld_reason, SessionReminder.session_version,
        ClinicSession.state, ClinicSession.plan_version, seated,
    ).join(ClinicSession, ClinicSession.id == SessionReminder.session_id)  # fmt: skip
    with transaction() as session:
        session.execute(locks)
        return [Held(*row) for row in session.execute(read.where(mine))]


def settled(reminder_id: UUID, state: MessageState, reason: str | None, *, at: datetime) -> None:
    """Keep how the message ended: what was never sent is withheld with its reason, what failed is work."""
    with transaction() as session:
        if state in (MessageState.SKIPPED, MessageState.CANCELLED):
            mine = (SessionReminder.id == reminder_id, SessionReminder.withheld_at.is_(None))
            ended = {"withheld_at": at, "withheld_reason": reason or state.value}
            session.execute(update(SessionReminder).where(*mine).values(**ended))
        elif state is MessageState.FAILED:
            _raise(session, "messaging.reminder_failed", "The reminder of an appointment did not arrive:",
                   reminder_id, at)  # fmt: skip


def answer(reminder_id: UUID, reply: Reply, *, at: datetime) -> bool:
    """Keep the first reply; a wish to change is work for a person. False if it was answered before."""
    with transaction() as session:
        unanswered = (SessionReminder.id == reminder_id, SessionReminder.reply.is_(None))
        keep = update(SessionReminder).where(*unanswered).values(reply=reply, replied_at=at)
        patient_id = session.scalar(keep.returning(SessionReminder.patient_id))
        if patient_id is None:
            return False
        audit.record(
            "session_reminder.answered", [patient_id], at=at, subject_kind=SUBJECT, subject_id=reminder_id,
            detail=reply,
        )  # fmt: skip
        if reply is Reply.CHANGE:
            _raise(session, "scheduling.change_asked", "Asked by text to change the appointment of",
                   reminder_id, at)  # fmt: skip
        return True


def _raise(session: Session, kind: str, words: str, reminder_id: UUID, at: datetime) -> None:
    wanted = (
        select(
            SessionReminder.patient_id, ClinicSession.starts_at, ClinicSession.zone,
            ClinicSession.therapist_id, ClinicSession.site_id,
        )
        .join(ClinicSession, ClinicSession.id == SessionReminder.session_id)
        .where(SessionReminder.id == reminder_id)
    )  # fmt: skip
    row = session.execute(wanted).one()
    there = local(row.starts_at, row.zone)
    worklist.raise_item(
        kind,
        SUBJECT,
        reminder_id,
        patient_id=row.patient_id,
        owner_id=row.therapist_id,
        site_id=row.site_id,
        level=Level.NONE,
        reason=f"{words} {there:%a %b} {there.day}, {there:%H:%M}",
        due_at=max(at, row.starts_at - timedelta(hours=1)),
        at=at,
    )
