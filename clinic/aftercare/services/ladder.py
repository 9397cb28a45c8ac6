"""The ladder of silence: each step becomes work once, on its day, until contact or a decision (C8.8)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from clinic.accounts import queries as accounts
from clinic.aftercare.models import CheckIn, Silence, SilenceStep
from clinic.aftercare.queries import check_ins
from clinic.aftercare.queries import silence as queries
from clinic.aftercare.rules.outcome import NOT_REACHED_WORK
from clinic.aftercare.rules.silence import LATEST_LOOK, Action, Decision, Planned, ladder, planned, words
from clinic.aftercare.rules.windows import EARLY_DAYS
from clinic.aftercare.services.responsible import by_the_evening, responsible
from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.core import actor, periodic
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid, Missing, Refused
from clinic.core.rules import local
from clinic.messaging import queries as messages
from clinic.messaging import services as messaging
from clinic.patients.access import require
from clinic.patients.rules import Channel, MessageKind, Right
from clinic.worklist import services as worklist
from clinic.worklist.models import WorkItem
from clinic.worklist.rules import Event, Level, Outcome

SUBJECT, PURPOSE = "silence_step", "call_me"
WORK: Mapping[Action, str] = {action: f"aftercare.{action}" for action in Action if action is not Action.CALL}
BATCH = 200
ASKED_FOR = timedelta(hours=24)  # a message that asks for a call is useless when the next step comes


def open_silence(session: Session, patient_id: UUID) -> Silence | None:
    """The silence that lasts, locked until the caller's transaction ends."""
    mine = select(Silence).where(Silence.patient_id == patient_id, Silence.ended_at.is_(None))
    return session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def missed_again(session: Session, check_in: CheckIn, now: datetime) -> bool:
    """A further check-in without an answer is a word on the step that is open, no second ladder."""
    silence = open_silence(session, check_in.patient_id)
    if silence is None:
        return False
    newest = queries.newest_item(silence.id)
    if newest is not None:
        note = f"The check-in of day {check_in.day} was not answered either"
        worklist.note_event(newest, Event.RAISED, at=now, note=note)
    return True


def begin(session: Session, check_in: CheckIn, item_id: UUID, now: datetime) -> None:
    """The first call is work already; the steps after it are dated by the clinic's ladder."""
    early = check_in.day <= EARLY_DAYS
    silence = Silence(
        patient_id=check_in.patient_id,
        check_in_id=check_in.id,
        early=early,
        missed_on=check_in.local_date,
        zone=check_in.zone,
        settings_version=configuration.version(),
        began_at=now,
    )
    session.add(silence)
    session.flush()
    first = planned(Action.CALL, local(now, check_in.zone).date(), check_in.zone)
    session.add(_step(silence, 1, first, raised_at=now, item_id=item_id))
    steps = ladder(check_in.local_date, check_in.zone, configuration.value("silence_ladder"), early=early)
    session.add_all(_step(silence, place, step) for place, step in enumerate(steps, 2))


def climb(now: datetime) -> int:
    """Make work of every step whose morning has come. How many were raised."""
    ready = (SilenceStep.raised_at.is_(None), SilenceStep.due_at <= now, Silence.ended_at.is_(None))
    due = select(SilenceStep.id).join(Silence, Silence.id == SilenceStep.silence_id).where(*ready)
    ids = db.session.scalars(due.order_by(SilenceStep.due_at, SilenceStep.id).limit(BATCH)).all()
    return periodic.each(ids, lambda step_id: _climb(step_id, now))


def _climb(step_id: UUID, now: datetime) -> bool:
    with transaction() as session:
        step = session.get_one(SilenceStep, step_id)
        silence = session.get_one(Silence, step.silence_id, with_for_update=True, populate_existing=True)
        step = session.get_one(SilenceStep, step_id, with_for_update=True, populate_existing=True)
        if silence.ended_at is not None or step.raised_at is not None:
            return False
        _close_items(session, silence, Outcome.NOT_NEEDED, now)  # what became of them stands on the new one
        other = _other_channel(silence) if step.action is Action.SECOND_CALL else None
        owner_id, site_id = responsible(silence.patient_id)
        if step.action is Action.REVIEW:
            owner_id = accounts.supervisor_of(site_id)
        step.item_id = worklist.raise_item(
            WORK[step.action],
            SUBJECT,
            step.id,
            patient_id=silence.patient_id,
            owner_id=owner_id,
            site_id=site_id,
            level=Level.NONE,
            reason=words(step.action, queries.known(silence, other, now=now)),
            due_at=by_the_evening(now, silence.zone, early=silence.early),
            at=now,
        )
        step.raised_at = now
        if other is not None:
            messaging.schedule(
                SUBJECT,
                step.id,
                PURPOSE,
                channel=other,
                patient_id=silence.patient_id,
                template="call_me",
                language=check_ins.language_of(silence.patient_id),
                fill_ins={},
                not_before=now,
                expires_at=now + ASKED_FOR,
                at=now,
            )
    return True


def end(patient_id: UUID, reason: str, *, at: datetime, keep: UUID | None = None) -> None:
    """Somebody was in touch, or the search is over: no further step, and its open work is not needed.

    `keep` is an item that a person has in hand. A contact from before the silence ends nothing.
    """
    with transaction() as session:
        silence = open_silence(session, patient_id)
        if silence is None or at < silence.began_at:
            return
        silence.ended_at, silence.ended_reason = at, reason
        _close_items(session, silence, Outcome.NOT_NEEDED, at, keep=keep)
        audit.record("silence.ended", [patient_id], at=at, subject_kind="silence", subject_id=silence.id,
                     detail=reason)  # fmt: skip


def contacted(patient_id: UUID, at: datetime) -> None:
    """Told by the episode of every contact: an answer, a visit, a talk."""
    end(patient_id, "contact", at=at)


def decide(patient_id: UUID, decision: Decision, said: str, look_on: date | None, *, at: datetime) -> None:
    """A supervisor decides how it goes on; all but the end of the search look again on a day.

    Raises Hidden, Missing where no decision waits, Invalid for a day that is none.
    """
    with transaction() as session:
        require(patient_id, Right.AFTERCARE, at)
        silence = open_silence(session, patient_id)
        step = session.scalar(_waiting_review(silence.id).with_for_update()) if silence else None
        if silence is None or step is None:
            raise Missing
        today = local(at, silence.zone).date()
        if decision is not Decision.CLOSE and not (
            look_on and today < look_on <= today + timedelta(days=LATEST_LOOK)
        ):
            raise Invalid("look_on", f"Enter look again on as a day within {LATEST_LOOK} days")
        who = actor.get().id
        if who is None:
            raise Refused("Only a person can decide this.")
        step.decision, step.words, step.decided_by, step.decided_at = decision, said, who, at
        audit.record("silence.decided", [patient_id], at=at, subject_kind=SUBJECT, subject_id=step.id,
                     detail=decision)  # fmt: skip
        _close_items(session, silence, Outcome.DONE, at)
        if decision is Decision.CLOSE or look_on is None:
            end(patient_id, "closed_by_supervisor", at=at)
        else:
            again = planned(Action.REVIEW, look_on, silence.zone)
            session.add(_step(silence, step.position + 1, again))


def lasts(step_id: UUID) -> bool:
    """Whether the silence of a step goes on; it is held until the caller's transaction ends."""
    with transaction() as session:
        step = session.get_one(SilenceStep, step_id)
        silence = session.get_one(Silence, step.silence_id, with_for_update=True, populate_existing=True)
        return silence.ended_at is None


def message_settled(step_id: UUID, why: str, *, at: datetime) -> None:
    """The message that asks for a call did not go out: its item says so."""
    with transaction() as session:
        item_id = session.get_one(SilenceStep, step_id).item_id
        if item_id is not None:
            note = f"The message that asks for a call did not go out ({why.replace('_', ' ')})"
            worklist.note_event(item_id, Event.RAISED, at=at, note=note)


def _close_items(
    session: Session, silence: Silence, outcome: Outcome, at: datetime, *, keep: UUID | None = None
) -> None:
    mine = select(SilenceStep.item_id).where(SilenceStep.silence_id == silence.id)
    items = select(WorkItem.id, WorkItem.kind, WorkItem.subject_kind, WorkItem.subject_id)
    for item in session.execute(items.where(WorkItem.id.in_(mine), WorkItem.closed_at.is_(None))).all():
        if item.id != keep and item.kind != NOT_REACHED_WORK:  # a contact to mend is needed all the same
            worklist.close_for(item.kind, item.subject_kind, item.subject_id, outcome, at=at)


def _other_channel(silence: Silence) -> Channel | None:
    """A channel agreed for messages that ask for a call, by which the check-in did not go out."""
    sent = messages.states("check_in", [silence.check_in_id]).get(silence.check_in_id, [])
    used = {message.channel for message in sent if message.accepted_at is not None}
    ready = messaging.channels_of(silence.patient_id, MessageKind.CALL_ME)
    return next((channel for channel in ready if channel not in used), None)


def _waiting_review(silence_id: UUID) -> Select[SilenceStep]:
    wanted = select(SilenceStep).where(SilenceStep.silence_id == silence_id, SilenceStep.decision.is_(None))
    return wanted.where(SilenceStep.action == Action.REVIEW, SilenceStep.raised_at.is_not(None))


def _step(
    silence: Silence, position: int, step: Planned, raised_at: datetime | None = None,
    item_id: UUID | None = None,
) -> SilenceStep:  # fmt: skip
    return SilenceStep(
        silence_id=silence.id,
        position=position,
        action=step.action,
        local_date=step.on,
        due_at=step.due_at,
        raised_at=raised_at,
        item_id=item_id,
    )
