"""The safety plan of a patient: read, written, signed, printed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Stale
from clinic.core.rules import local
from clinic.patients import access as patients
from clinic.patients.rules import Right, born
from clinic.safety import forms, queries, services
from clinic.safety.queries import Version
from clinic.safety.rules import PARTS, Means, Spoken
from clinic.web.drafts import draft_kept
from clinic.web.once import once
from clinic.web.policy import allow

bp = Blueprint(
    "safety", __name__, template_folder="templates", static_folder="static", static_url_path="/static/safety"
)
WRITERS = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR)


@bp.get("/patients/<uuid:patient_id>/safety-plan")
@allow(*WRITERS)
def plan(patient_id: UUID) -> ResponseReturnValue:
    """The version in force, what asks for the next one, and the earlier ones."""
    record = patients.opening(patient_id, Right.CLINICAL, now=clock.now())
    found = queries.versions(patient_id)
    return render_template(
        "safety/plan.html",
        record=record,
        standing=queries.standing(patient_id),
        draft=next((one for one in found if one.signed_at is None), None),
        signed=[one for one in found if one.signed_at],
        titles=PARTS,
        form=forms.CopyForm(),
    )


@bp.route("/patients/<uuid:patient_id>/safety-plan/write", methods=["GET", "POST"])
@allow(*WRITERS)
def write(patient_id: UUID) -> ResponseReturnValue:
    """Write the next version with the person; keep it as a draft or sign it."""
    now = clock.now()
    record = patients.opening(patient_id, Right.CLINICAL, now=now)
    newest, data = _newest(patient_id, now)
    form = forms.SafetyPlanForm(data=data)
    if kept := draft_kept(form):
        return kept
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _saved(patient_id, form)
            except Invalid as refused:
                form.add_error(refused)
            except Stale as stale:
                (newest, data), status = _newest(patient_id, now), 409
                if newest is None:  # a page that was never ours
                    form.form_errors.append(stale.message)
                else:
                    who, at = newest.signer or newest.writer, newest.signed_at or newest.written_at
                    form.show_theirs(data, who=who, at=at)
                form.n.data = data["n"]
    return render_template("safety/write.html", record=record, form=form, n=data["n"]), status


def _newest(patient_id: UUID, now: datetime) -> tuple[Version | None, dict[str, Any]]:
    """The newest version, and what the form shows of it for the one to be written."""
    found = queries.versions(patient_id)
    if not found:
        return None, forms.given(Spoken(queries.known(patient_id, now=now), Means.OPEN), 1, 0)
    newest = found[0]
    n, version = (newest.n + 1, 0) if newest.signed_at else (newest.n, newest.version)
    return newest, forms.given(newest.spoken, n, version)


def _saved(patient_id: UUID, form: forms.SafetyPlanForm) -> ResponseReturnValue:
    """Do what the button says, once. Raises Invalid, Stale."""
    spoken, signature = form.spoken(), form.signature()
    signing = request.form.get("do") == "sign"
    with once(form) as done:
        if signing:
            if signature is None:
                raise Invalid("agreement", "Choose how the person signs")
            done.location = url_for("safety.plan", patient_id=patient_id)
            services.sign(patient_id, spoken, signature, **form.shown(), at=clock.now())
        else:
            done.location = url_for("safety.write", patient_id=patient_id)
            services.keep(patient_id, spoken, **form.shown(), at=clock.now())
    if signing:
        flash("The safety plan is signed. What comes later is a new version of it.", "success")
    else:
        flash("Draft kept. Empty rows for more people stand below each list.", "success")
    return redirect(done.location, 303)


@bp.get("/patients/<uuid:patient_id>/safety-plan/paper")
@allow(*WRITERS)
def paper(patient_id: UUID) -> ResponseReturnValue:
    """The newest signed version on one page, to be given by hand. No name of the patient stands on it."""
    record = patients.opening(patient_id, Right.CLINICAL, now=clock.now())
    signed = queries.in_force(patient_id)
    if signed is None or signed.signed_at is None:
        raise Missing
    crisis = next((line.number for line in configuration.crisis_lines() if not line.emergency), None)
    return render_template(
        "safety/paper.html",
        record=record,
        plan=signed,
        signed_on=born(local(signed.signed_at, record.zone).date()),
        emergency=configuration.emergency_number(),
        crisis=crisis,
    )


@bp.post("/patients/<uuid:patient_id>/safety-plan/<uuid:plan_id>/copy")
@allow(*WRITERS)
def copy_given(patient_id: UUID, plan_id: UUID) -> ResponseReturnValue:
    """The person was given a copy."""
    form = forms.CopyForm()
    if form.validate():
        with once(form) as done:
            done.location = url_for("safety.plan", patient_id=patient_id)
            services.give_copy(patient_id, plan_id, at=clock.now())
        flash("Kept: a copy was given.", "success")
    return redirect(url_for("safety.plan", patient_id=patient_id), 303)
