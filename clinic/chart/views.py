"""The overview of one patient: what each room knows, as far as the reader's rights go. Read only."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.chart.queries import overview as chart_of
from clinic.core.clock import now
from clinic.patients import queries as patients
from clinic.patients.access import opening
from clinic.patients.rules import READERS, Channel, Right
from clinic.web.policy import allow

bp = Blueprint(
    "chart", __name__, template_folder="templates", static_folder="static", static_url_path="/chart"
)


@bp.get("/patients/<uuid:patient_id>")
@allow(*READERS)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """One page of the whole chart."""
    record = opening(patient_id, Right.DEMOGRAPHICS, now=now())
    return render_template(
        "chart/overview.html",
        record=record,
        tab="chart.overview",
        chart=chart_of(record),
        supporters=patients.supporters(patient_id),
        permission=patients.permission(patient_id, Channel.SMS),
        phone=patients.phone_of(patient_id),
        rights=Right,
    )
