"""What was found: every scale of a patient, one result with its answers and its way, the signature."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.core import clock
from clinic.instruments import queries, services
from clinic.instruments.rules import context_words, running
from clinic.instruments.views.blueprint import STAFF, bp
from clinic.patients.access import opening
from clinic.patients.rules import Right
from clinic.web.forms import Form
from clinic.web.once import pressed
from clinic.web.policy import allow


@bp.get("/patients/<uuid:patient_id>/instruments")
@allow(*STAFF)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """Every scale: what is to be done, what was found, and a way to begin one."""
    now = clock.now()
    record = opening(patient_id, Right.CLINICAL, now=now)
    found = queries.standings(patient_id, now=now)
    sheets = {
        "To do": [one for one in found if one.to_do],
        "Taken": [one for one in found if one.latest and not one.to_do],
        "Not taken yet": [one for one in found if not one.latest and not one.to_do],
    }
    retired = queries.retired(patient_id)
    return render_template("instruments/overview.html", record=record, sheets=sheets, retired=retired)


@bp.get("/patients/<uuid:patient_id>/administrations/<uuid:administration_id>")
@allow(*STAFF)
def result(patient_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """A completed form: scores, bands, flags, every answer, the time before, the way so far."""
    record = opening(patient_id, Right.CLINICAL, now=clock.now())
    row = queries.one(patient_id, administration_id)
    if row.instrument_id not in queries.all_instruments():
        names = accounts.names([row.recorded_by])
        return render_template("instruments/retired.html", record=record, row=row, names=names)
    instrument = queries.as_recorded(row.instrument_id, row.wording_id)
    editions = queries.editions(patient_id, row.first_id)
    history = queries.history(patient_id, row.instrument_id)
    before = [other for other in history if other.observed_at < row.observed_at]
    names = accounts.names({user for one in editions for user in (one.recorded_by, one.signed_by) if user})
    return render_template(
        "instruments/result.html",
        record=record,
        row=row,
        instrument=instrument,
        spans=running(instrument, row.answers, row.context).spans,
        editions=editions,
        amended=queries.amendments(instrument, editions, names),
        last=next((other for other in before if other.instrument_version == row.instrument_version), None),
        now_and_before={one.scale.id: one.entries[0] for one in queries.courses(instrument, [row, *before])},
        courses=queries.courses(instrument, history),
        names=names,
        context=[(name, context_words(row.context.get(name))) for name in instrument.context],
        form=Form(),
    )


@bp.post("/patients/<uuid:patient_id>/administrations/<uuid:administration_id>/sign")
@allow(*STAFF)
def sign(patient_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """Sign a completed form."""
    return pressed(
        lambda: services.sign(patient_id, administration_id, at=clock.now()),
        url_for(".result", patient_id=patient_id, administration_id=administration_id),
        "Signed. From now on it can be amended, with a reason.",
    )
