"""Filling in a scale."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.core import clock
from clinic.core.errors import Invalid, Stale
from clinic.instruments import queries, services
from clinic.instruments.forms import InstrumentForm, form_for, prefill
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import Filled, Instrument, running
from clinic.instruments.views.blueprint import STAFF, bp
from clinic.instruments.views.drafting import kept_by_script
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow


@bp.get("/patients/<uuid:patient_id>/instruments/<instrument_id>")
@allow(*STAFF)
def fill(patient_id: UUID, instrument_id: str) -> ResponseReturnValue:
    """The form, with what was saved of it."""
    now = clock.now()
    record, instrument = opening(patient_id, Right.CLINICAL, now=now), queries.worded(instrument_id)
    draft = queries.unsigned(patient_id, instrument_id)
    form = form_for(instrument)(data=_start(record, instrument, draft, now))
    return _page(record, form, draft)


def _start(
    record: OpenRecord, instrument: Instrument, draft: AdministrationRow | None, now: datetime
) -> dict[str, Any]:
    filled = draft.filled if draft else Filled({}, _known(record, instrument), now)
    return prefill(instrument, filled, zone=record.zone, version=draft.version if draft else None)


def _known(record: OpenRecord, instrument: Instrument) -> dict[str, str | bool]:
    """What the record says of the context that scoring needs, to be looked over on the form."""
    known = {"sex": record.sex.value}
    return {name: known[name] for name in instrument.context if name in known}


@bp.post("/patients/<uuid:patient_id>/instruments/<instrument_id>")
@allow(*STAFF)
def save(patient_id: UUID, instrument_id: str) -> ResponseReturnValue:
    """Complete the form, or keep it as a draft; nothing typed is lost either way."""
    now = clock.now()
    record = opening(patient_id, Right.CLINICAL, now=now)
    instrument, draft = queries.worded(instrument_id), queries.unsigned(patient_id, instrument_id)
    form = form_for(instrument)(data=_start(record, instrument, draft, now))
    if answer := kept_by_script(form, patient_id, record.zone, now):
        return answer
    if not form.validate_on_submit():
        return _page(record, form, draft), 422
    keep = services.save_draft if request.form.get("do") == "save" else services.complete
    filled, version = form.filled(record.zone), form.shown_draft()
    try:
        with once(form) as done:
            saved = keep(patient_id, instrument_id, filled, version=version, at=now)
            done.location = url_for(".fill", patient_id=patient_id, instrument_id=instrument_id)
            if keep is services.complete and not saved.errors:
                done.location = url_for(".result", patient_id=patient_id, administration_id=saved.id)
    except Invalid as error:
        form.add_error(error)
        return _page(record, form, draft), 422
    except Stale:
        draft = queries.unsigned(patient_id, instrument_id)
        names = accounts.names([draft.recorded_by]) if draft else {}
        at = draft.recorded_at if draft else None
        form.show_theirs(_start(record, instrument, draft, now), who="".join(names.values()), at=at)
        return _page(record, form, draft), 409
    if keep is services.complete and saved.errors:
        form.show_errors(saved.errors)
        form.draft_seen.data, form.form_id.data = str(saved.version), str(uuid4())
        return _page(record, form, queries.unsigned(patient_id, instrument_id)), 422
    if keep is services.save_draft:
        flash("Draft saved.", "success")
    return redirect(done.location, 303)


def _page(record: OpenRecord, form: InstrumentForm, draft: AdministrationRow | None) -> str:
    instrument = form.instrument
    so_far = running(instrument, form.answers(), form.context())
    return render_template(
        "instruments/fill.html",
        record=record,
        form=form,
        instrument=instrument,
        running=so_far,
        draft=draft,
    )


@bp.post("/instruments/<instrument_id>/running")
@allow(*STAFF)
def running_score(instrument_id: str) -> ResponseReturnValue:
    """The running score of what is on the page now; nothing is kept. Asked by script, to be sooner."""
    form = form_for(queries.get(instrument_id))()
    so_far = running(form.instrument, form.answers(), form.context())
    return render_template("instruments/running.html", instrument=form.instrument, running=so_far)
