"""What the safety plan answers to the rooms below: flags, moves, banner, lists, and the work it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import get_template_attribute
from markupsafe import Markup

from clinic.accounts.rules import Role
from clinic.episodes.rules import Track
from clinic.instruments.registry import Flagged
from clinic.patients.registry import BannerPart, ListColumn
from clinic.patients.rules import Right
from clinic.safety import queries, services
from clinic.safety.rules import Cause, State
from clinic.worklist import registry as worklist
from clinic.worklist.rules import Beside, WorkKind

# (scale, flag) that asks for a safety plan (C8.12).
FLAGS = {
    ("phq9", "suicide_risk_followup"): Cause.PHQ9,
    ("cssrs_screener", "any_positive"): Cause.CSSRS,
}


def flagged(told: Flagged) -> None:
    """A scale says that somebody thinks of dying, in the transaction that keeps the answer."""
    for flag in told.flags:
        if cause := FLAGS.get((told.instrument_id, flag)):
            services.ask(told.patient_id, cause, told.administration_id, at=told.at)


def moved(stay_id: UUID, patient_id: UUID, track: Track, at: datetime) -> None:
    """Another level of care, or the discharge: the plan is looked at again."""
    cause = Cause.DISCHARGE if track is Track.AFTERCARE else Cause.LEVEL_OF_CARE
    services.review(patient_id, cause, stay_id, at=at)


def beside(kind: str, patient_id: UUID) -> Beside | None:
    """The plan belongs beside every risk and its own work: without it neither is closed unexplained."""
    if kind != services.KIND and not worklist.kinds[kind].risk:
        return None
    state = queries.standing(patient_id).state
    missing = "a safety plan" if state is State.MISSING else None
    return Beside(f"Safety plan: {state.label.lower()}", "safety.plan", missing)


def banner(patient_id: UUID, _: datetime) -> Markup:
    """One step to the plan, and how it stands."""
    link: Markup = get_template_attribute("safety/macros.html", "standing_link")(
        patient_id, queries.standing(patient_id)
    )
    return link


def cells(patient_ids: Sequence[UUID], _: datetime) -> Mapping[UUID, Markup | str]:
    """For a list: whose plan is missing or to be reviewed."""
    draw = get_template_attribute("safety/macros.html", "standing_tag")
    return {patient_id: draw(found.state) for patient_id, found in queries.standings(patient_ids).items()}


BANNER = (BannerPart(Right.CLINICAL, banner, "Safety plan"),)
LIST_COLUMNS = (ListColumn("Safety plan", Right.CLINICAL, cells),)
KINDS = {
    services.KIND: WorkKind("Safety plan", roles=(Role.COORDINATOR, Role.SUPERVISOR), endpoint="safety.plan")
}
