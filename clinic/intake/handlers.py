"""What intake adds to the rooms below: work from a scale's flag, kinds of work, its place and tabs."""

from datetime import timedelta

from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core import actor
from clinic.episodes import queries as episodes
from clinic.instruments.registry import Flagged
from clinic.intake.queries import referrals
from clinic.intake.queries.assessments import site_of
from clinic.intake.rules.alarms import ITEM_9, UNANSWERED, Alarm, alarm
from clinic.patients.registry import Tab
from clinic.patients.rules import Right
from clinic.web.navigation import Place
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level, Outcome, WorkKind


def thoughts_of_suicide(told: Flagged) -> None:
    """Work for the owner, or for who recorded the answer, in the transaction that keeps the answer.

    An item 9 without an answer is work too (phq9.toml), from when somebody meant to complete the form.
    """
    scale, flag = ITEM_9
    if found := alarm(told.instrument_id, told.flags):
        _raise("intake.safety", found, told)
    if told.instrument_id != scale:
        return
    if flag not in told.open:
        worklist.close_for(
            "intake.item_open", "administration", told.administration_id, Outcome.DONE, at=told.at
        )
    elif told.finished:
        _raise("intake.item_open", UNANSWERED, told)


def _raise(kind: str, found: Alarm, told: Flagged) -> None:
    owned = episodes.owner_of(told.patient_id)
    owner_id, site_id = owned or (actor.get().id, site_of(told.patient_id))
    within = timedelta(hours=configuration.value("response_high_hours"))
    if found.level is Level.ACUTE:
        within = timedelta(minutes=configuration.value("response_acute_minutes"))
    worklist.raise_item(
        kind, "administration", told.administration_id, patient_id=told.patient_id, owner_id=owner_id,
        site_id=site_id, level=found.level, reason=found.reason, due_at=told.at + within, at=told.at,
    )  # fmt: skip


def unanswered() -> int:
    """Referrals that nobody reached yet, for who answers them."""
    return referrals.count_waiting() if actor.get().role in (Role.COORDINATOR, Role.SUPERVISOR) else 0


KINDS = {
    "intake.safety": WorkKind("Thoughts of suicide", risk=True, roles=(Role.COORDINATOR,)),
    "intake.item_open": WorkKind("Question not answered", risk=True, roles=(Role.COORDINATOR,)),
    "intake.countersign": WorkKind(
        "Placement to countersign",
        roles=(Role.PRESCRIBER, Role.SUPERVISOR),
        endpoint="intake.countersign",
        endpoint_id="subject_id",
    ),
}
PLACES = (
    Place("Intake", "intake.referrals", (Role.COORDINATOR, Role.SUPERVISOR, Role.PRESCRIBER), unanswered),
)
TABS = (
    Tab("Assessment", "intake.assessment", Right.INTAKE, 20),
    Tab("Level of care", "intake.placement", Right.INTAKE, 30),
)
