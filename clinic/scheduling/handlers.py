"""What the schedule answers to the rooms below: may a reminder go out, digits by text, tabs and places."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from clinic.accounts.rules import Role
from clinic.consents.registry import Line, Part
from clinic.consents.rules.elements import Category
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.messaging.registry import Decision, InboundText, Verdict
from clinic.messaging.rules.states import State as MessageState
from clinic.patients.registry import Tab
from clinic.patients.rules import MessageKind, Right, born
from clinic.scheduling import queries
from clinic.scheduling.rules import REPLIES, State
from clinic.scheduling.services import reminders
from clinic.web.navigation import Place
from clinic.worklist.rules import WorkKind

BOOKERS = (Role.THERAPIST, Role.SUPERVISOR, Role.DESK)
TABS = (Tab("Appointments", "scheduling.appointments", Right.SCHEDULE, 30),)
PLACES = (
    Place("Schedule", "scheduling.week", BOOKERS),
    Place("Groups", "scheduling.groups", (Role.THERAPIST, Role.SUPERVISOR)),
)


KINDS = {
    "messaging.reminder_failed": WorkKind("Reminder did not arrive", roles=(Role.DESK,)),
    "scheduling.change_asked": WorkKind("Asked to change an appointment", roles=(Role.DESK,)),
    "scheduling.not_laid_out": WorkKind("A date of a group could not be planned", roles=(Role.SUPERVISOR,)),
}


def attendance(patient_id: UUID, now: datetime) -> list[Line]:
    """For a recipient: every session that was signed, latest first, and how the person attended."""
    return [
        (f"{born(row.local_date)}, {row.local_time:%H:%M}", f"{row.title}: {mark.label}")
        for row, mark, _ in queries.of_patient(patient_id, now=now)
        if mark
    ]


PARTS = {Category.ATTENDANCE: Part(Right.SCHEDULE, attendance)}


class SessionReminderSource:
    """The messages of session reminders."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """Send while the session stands as it was planned; the patient must have agreed to appointments."""
        return {row.id: _decided(row) for row in reminders.hold_all(subject_ids)}

    def settled(
        self, subject_id: UUID, *, purpose: str, state: MessageState, reason: str | None, now: datetime
    ) -> None:
        """What was never sent is withheld with its reason; what failed is work."""
        reminders.settled(subject_id, state, reason, at=now)


def _decided(row: reminders.Held) -> Decision:
    if row.withheld_reason is not None:
        return Decision(Verdict.WITHHOLD, row.withheld_reason)
    if row.state is not State.PLANNED:
        return Decision(Verdict.WITHHOLD, "session_cancelled")
    if row.plan_version != row.session_version:
        return Decision(Verdict.WITHHOLD, "session_moved")
    if not row.seated:
        return Decision(Verdict.WITHHOLD, "left_group")
    return Decision(Verdict.SEND, consent_kind=MessageKind.APPOINTMENTS)


def digits(text: InboundText) -> bool:
    """1 confirms and 2 asks to change the one appointment we asked about; anything else is not ours."""
    reply = REPLIES.get(text.digits) if text.digits is not None else None
    if reply is None or len(text.patient_ids) != 1:
        return False
    waiting = queries.expecting_reply(text.patient_ids[0], now=text.received_at)
    if len(waiting) != 1:
        return False
    with actor.acting(Actor(ActorKind.PATIENT_LINK, text.patient_ids[0], name="text")):
        return reminders.answer(waiting[0], reply, at=text.received_at)


SOURCES = {"session_reminder": SessionReminderSource()}
