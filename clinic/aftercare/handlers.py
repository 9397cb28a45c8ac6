"""What aftercare answers to the rooms below: may a check-in's message go out, and digits by text."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from clinic.accounts.rules import Role
from clinic.aftercare.models import CheckIn
from clinic.aftercare.queries import check_ins
from clinic.aftercare.queries import plans as plan_queries
from clinic.aftercare.rules.outcome import NO_ANSWER_WORK, NOT_REACHED_WORK
from clinic.aftercare.rules.questions import PageCode
from clinic.aftercare.rules.replies import Way, read
from clinic.aftercare.rules.silence import Action
from clinic.aftercare.rules.terms import STAFF, Via
from clinic.aftercare.rules.windows import EARLY_DAYS
from clinic.aftercare.services import answers, ladder, plans, silence, wishes
from clinic.aftercare.services.responsible import by_the_evening
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.core.rules import local
from clinic.messaging.registry import Decision, InboundText, MessageSource, Verdict
from clinic.messaging.rules.states import State
from clinic.messaging.services import reading
from clinic.patients.registry import Tab
from clinic.patients.rules import MessageKind, Right
from clinic.web.navigation import Place
from clinic.worklist.rules import CONTACT, WorkKind


class CheckInSource:
    """The messages of check-ins."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """Send while it waits for an answer; the patient must have agreed to check-ins."""
        return {check_in.id: _decided(check_in, now) for check_in in plans.hold_all(subject_ids)}

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """A text that failed for good is work now; everything else is read at the close."""
        if state is State.FAILED:
            silence.did_not_arrive(subject_id, reason or "failed", at=now)


class SilenceStepSource:
    """The messages that ask somebody silent for a call."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """Send while the silence lasts; the patient must have agreed to such messages."""
        ask, over = (
            Decision(Verdict.SEND, consent_kind=MessageKind.CALL_ME),
            Decision(Verdict.WITHHOLD, "contact"),
        )
        return {step_id: ask if ladder.lasts(step_id) else over for step_id in sorted(subject_ids)}

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """What did not go out is told to whoever calls."""
        if state in (State.FAILED, State.SKIPPED):
            ladder.message_settled(subject_id, reason or state.value, at=now)


def _decided(check_in: CheckIn, now: datetime) -> Decision:
    if check_in.outcome is not None or now >= check_in.closes_at:
        return Decision(Verdict.WITHHOLD, str(check_in.outcome_reason or check_in.outcome or "closed"))
    return Decision(Verdict.SEND, consent_kind=MessageKind.CHECK_INS)


def reached(item_id: UUID, patient_id: UUID | None, outcome: str, at: datetime) -> None:
    """Somebody talked with the person: the silence is over, the item in hand is closed by whoever has it."""
    if patient_id is not None and outcome in CONTACT:
        ladder.end(patient_id, "reached", at=at, keep=item_id)


def call_by(patient_id: UUID, at: datetime) -> datetime | None:
    """In weeks 0 to 4 somebody who stopped messages is called the same day (P3.2)."""
    plan = plan_queries.plan(patient_id)
    if plan is None or (local(at, plan.zone).date() - plan.discharged_on).days > EARLY_DAYS:
        return None
    return by_the_evening(at, plan.zone, early=True)


def digits(text: InboundText) -> bool:
    """0 to 10 answers the first question of the one open check-in; two open messages go to a person."""
    if text.digits is None or len(text.patient_ids) != 1:
        return False
    patient_id, now = text.patient_ids[0], text.received_at
    waiting = check_ins.waiting_for_digits(patient_id, now=now)
    reply = read(text.digits, 1, len(waiting), check_ins.reminders_waiting(patient_id, now=now))
    if reply is Way.NOT_OURS:
        return False
    if reply is Way.PERSON:
        return reading.to_person(text)
    with actor.acting(Actor(ActorKind.PATIENT_LINK, waiting[0], name="text")):
        seen = check_ins.count(waiting[0], PageCode.TODAY)
        answers.record_answer(waiting[0], PageCode.TODAY, str(text.digits), seen=seen, via=Via.TEXT, at=now)
    return True


PLACES = (Place("Aftercare", "aftercare.overview", STAFF, section="aftercare"),)
TABS = (Tab("Aftercare", "aftercare.plan", Right.AFTERCARE, 60),)
SOURCES: dict[str, MessageSource] = {plans.SUBJECT: CheckInSource(), ladder.SUBJECT: SilenceStepSource()}
KINDS = {
    check_ins.RISK: WorkKind("Check-in shows risk", risk=True, roles=(Role.SUPERVISOR,)),
    NO_ANSWER_WORK: WorkKind("No answer to a check-in", roles=(Role.SUPERVISOR,)),
    NOT_REACHED_WORK: WorkKind("Check-in did not arrive", roles=(Role.SUPERVISOR, Role.DESK)),
    silence.CALL: WorkKind("Planned call", roles=(Role.SUPERVISOR,)),
    wishes.PAUSED: WorkKind("Paused check-ins", roles=(Role.SUPERVISOR,)),
    ladder.WORK[Action.SECOND_CALL]: WorkKind("Still silent: second call", roles=(Role.SUPERVISOR,)),
    ladder.WORK[Action.SUPPORT_PERSON]: WorkKind("Still silent: support person", roles=(Role.SUPERVISOR,)),
    ladder.WORK[Action.LETTER]: WorkKind("Still silent: letter", roles=(Role.SUPERVISOR,)),
    ladder.WORK[Action.REVIEW]: WorkKind(
        "Still silent: decide", roles=(Role.SUPERVISOR,), endpoint="aftercare.review"
    ),
}
