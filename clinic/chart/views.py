"""The overview of one patient: what each room knows, as far as the reader's rights go. Read only."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.core.clock import now
from clinic.patients.access import opening
from clinic.patients.rules import Right
from clinic.web.policy import allow

bp = Blueprint("chart", __name__, template_folder="templates", url_prefix="/patients/<uuid:patient_id>")

READERS = (
    Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR, Role.DESK, Role.PEER,
)  # fmt: skip


@bp.get("")
@allow(*READERS)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """One page of the whole chart."""
    record = opening(patient_id, Right.DEMOGRAPHICS, now=now())
    return render_template("chart/overview.html", record=record, tab="chart.overview")
