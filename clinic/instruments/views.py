"""Filling in a scale, seeing its result, signing it."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.errors import Invalid, Stale
from clinic.instruments import queries, services
from clinic.instruments.forms import InstrumentForm, form_for, prefill
from clinic.instruments.rules import Instrument, running
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import allow

bp = Blueprint(
    "instruments",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/instruments/static",
)
STAFF = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR)


@bp.get("/patients/<uuid:patient_id>/instruments")
@allow(*STAFF)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """All scales, the results so far, and a way to begin one."""
    record = opening(patient_id, Right.CLINICAL, now=clock.now())
    results = queries.history(patient_id)
    return render_template(
        "instruments/overview.html",
        record=record,
        instruments=queries.all_instruments(),
        results=results,
        names=accounts.names({row.recorded_by for row in results}),
    )


@bp.get("/patients/<uuid:patient_id>/instruments/<instrument_id>")
@allow(*STAFF)
def fill(patient_id: UUID, instrument_id: str) -> ResponseReturnValue:
    """The form, with what was saved of it."""
    now = clock.now()
    record, instrument = opening(patient_id, Right.CLINICAL, now=now), queries.get(instrument_id)
    draft = queries.unsigned(patient_id, instrument_id)
    start = prefill(
        instrument,
        draft.answers if draft else {},
        draft.context if draft else _known(record, instrument),
        observed_at=draft.observed_at if draft else now,
        zone=record.zone,
        version=draft.version if draft else None,
    )
    form = form_for(instrument)(data=start)
    return _page(record, form, saved_at=draft.recorded_at if draft else None)


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
    form = form_for(queries.get(instrument_id))()
    if not form.validate_on_submit():
        return _page(record, form), 422
    keep = services.save_draft if request.form.get("do") == "save" else services.complete
    filled = services.Filled(form.answers(), form.context(), form.observed_at(record.zone))
    try:
        with once(form) as done:
            saved = keep(patient_id, instrument_id, filled, version=form.shown_version(), at=now)
            done.location = url_for(".fill", patient_id=patient_id, instrument_id=instrument_id)
            if keep is services.complete and not saved.errors:
                done.location = url_for(".result", patient_id=patient_id, administration_id=saved.id)
    except Invalid as error:
        form.add_error(error)
        return _page(record, form), 422
    except Stale:
        return _both(record, form), 409
    if keep is services.complete and saved.errors:
        form.show_errors(saved.errors)
        form.shown.data, form.form_id.data = str(saved.version), str(uuid4())
        return _page(record, form, saved_at=now), 422
    if keep is services.save_draft:
        flash("Draft saved.", "success")
    return redirect(done.location, 303)


def _page(record: OpenRecord, form: InstrumentForm, **more: object) -> str:
    instrument = form.instrument
    so_far = running(instrument, form.answers(), form.context())
    return render_template(
        "instruments/fill.html", record=record, form=form, instrument=instrument, running=so_far, **more
    )


def _both(record: OpenRecord, form: InstrumentForm) -> str:
    """Somebody else saved this form meanwhile: what is typed stays, theirs is shown, saving again decides."""
    theirs = queries.unsigned(record.id, form.instrument.id)
    form.shown.data, form.form_id.data = str(theirs.version) if theirs else "", str(uuid4())
    names = accounts.names([theirs.recorded_by]) if theirs else {}
    return _page(record, form, theirs=theirs, names=names)


@bp.post("/instruments/<instrument_id>/running")
@allow(*STAFF)
def running_score(instrument_id: str) -> ResponseReturnValue:
    """The running score of what is on the page now; nothing is kept. Asked by script, to be sooner."""
    form = form_for(queries.get(instrument_id))()
    so_far = running(form.instrument, form.answers(), form.context())
    return render_template("instruments/running.html", instrument=form.instrument, running=so_far)


@bp.get("/patients/<uuid:patient_id>/administrations/<uuid:administration_id>")
@allow(*STAFF)
def result(patient_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """A completed form: scores, bands, flags, every answer."""
    record = opening(patient_id, Right.CLINICAL, now=clock.now())
    row = queries.one(patient_id, administration_id)
    return render_template(
        "instruments/result.html",
        record=record,
        row=row,
        instrument=queries.get(row.instrument_id),
        earlier=[other for other in queries.history(patient_id, row.instrument_id) if other.id != row.id],
        names=accounts.names([row.recorded_by, *filter(None, [row.signed_by])]),
        form=Form(),
    )


@bp.post("/patients/<uuid:patient_id>/administrations/<uuid:administration_id>/sign")
@allow(*STAFF)
def sign(patient_id: UUID, administration_id: UUID) -> ResponseReturnValue:
    """Sign a completed form."""
    back = url_for(".result", patient_id=patient_id, administration_id=administration_id)
    return pressed(
        lambda: services.sign(patient_id, administration_id, at=clock.now()),
        back,
        "Signed. It can no longer be changed.",
    )
