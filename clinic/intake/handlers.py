"""What intake adds to the rooms below: work from a scale's flag, kinds of work, its place and tabs."""

from datetime import timedelta

from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.episodes import queries as episodes
from clinic.instruments.registry import Flagged
from clinic.intake.queries import referrals
from clinic.intake.queries.assessments import site_of
from clinic.patients.registry import Tab
from clinic.patients.rules import Right
from clinic.web.navigation import Place
from clinic.worklist import services as worklist
from clinic.worklist.rules import Level, WorkKind

FLAG = "suicide_risk_followup"
WITHIN = timedelta(hours=4)  # the same day (PHQ-9 item 9, C8.12); C8.6 for high risk
REASON = (
    "PHQ-9 item 9 above zero: thoughts of death or self-harm. Assess suicide risk today "
    "and make a safety plan with the person."
)


def thoughts_of_suicide(told: Flagged) -> None:
    """Work for the owner, or for who recorded the answer, in the transaction that keeps the answer."""
    if FLAG not in told.flags:
        return
    owned = episodes.owner_of(told.patient_id)
    owner_id, site_id = owned or (actor.get().id, site_of(told.patient_id))
    worklist.raise_item(
        "intake.safety", "administration", told.administration_id, patient_id=told.patient_id,
        owner_id=owner_id, site_id=site_id, level=Level.HIGH, reason=REASON, due_at=told.at + WITHIN,
        at=told.at,
    )  # fmt: skip


def unanswered() -> int:
    """Referrals that nobody reached yet, for who answers them."""
    return referrals.count_waiting() if actor.get().role in (Role.COORDINATOR, Role.SUPERVISOR) else 0


KINDS = {
    "intake.safety": WorkKind("Thoughts of suicide", risk=True, roles=(Role.COORDINATOR,)),
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
