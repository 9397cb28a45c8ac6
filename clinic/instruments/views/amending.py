"""Correcting a signed form: the old answers stay, the new ones say why."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.core import clock
from clinic.core.errors import Invalid, Stale
from clinic.instruments import queries, services
from clinic.instruments.forms import AmendingForm, amending_form_for, prefill
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import running
from clinic.instruments.views.blueprint import STAFF, bp
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow


@bp.route(
    "/patients/<uuid:patient_id>/administrations/<uuid:administration_id>/amend", methods=["GET", "POST"]
)
@allow(*STAFF)
def amend(patient_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """The signed form as it holds now, in the words it was filled in with, and the reason for changing it."""
    record = opening(patient_id, Right.CLINICAL, now=clock.now())
    row = queries.editions(patient_id, queries.one(patient_id, administration_id).first_id)[-1]
    if request.method == "GET":
        return _page(record, row, _form(record, row))
    form = _form(record, row)
    if not form.validate():
        return _page(record, row, form), 422
    filled, edition = form.filled(record.zone), form.shown_draft() or 0
    try:
        with once(form) as done:
            new_id = services.amend(
                patient_id, row.first_id, filled, form.reason.data or "", edition=edition, at=clock.now()
            )
            done.location = url_for(".result", patient_id=patient_id, administration_id=new_id)
    except services.Unfinished as unfinished:
        form.show_errors(unfinished.errors)
        return _page(record, row, form), 422
    except Invalid as error:
        form.add_error(error)
        return _page(record, row, form), 422
    except Stale:
        row = queries.editions(patient_id, row.first_id)[-1]
        theirs = {**_start(record, row), "reason": row.reason}
        form.show_theirs(theirs, who=accounts.names([row.recorded_by])[row.recorded_by], at=row.recorded_at)
        return _page(record, row, form), 409
    flash("Amended. What was signed before stays in the record.", "success")
    return redirect(done.location, 303)


def _form(record: OpenRecord, row: AdministrationRow) -> AmendingForm:
    instrument = queries.as_recorded(row.instrument_id, row.wording_id)
    return amending_form_for(instrument)(data=_start(record, row))


def _start(record: OpenRecord, row: AdministrationRow) -> dict[str, Any]:
    instrument = queries.as_recorded(row.instrument_id, row.wording_id)
    return prefill(instrument, row.filled, zone=record.zone, version=row.edition)


def _page(record: OpenRecord, row: AdministrationRow, form: AmendingForm) -> str:
    return render_template(
        "instruments/amend.html",
        record=record,
        row=row,
        form=form,
        instrument=form.instrument,
        running=running(form.instrument, form.answers(), form.context()),
    )
