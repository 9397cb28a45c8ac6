"""Level of care: what the rules propose and why, what is decided, and the countersign."""

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.configuration import queries as configuration
from clinic.core import actor, clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.episodes import queries as episodes
from clinic.intake.access import clinicians
from clinic.intake.forms.placement import ActedForm, DecisionForm, ReturnForm
from clinic.intake.queries import assessments, placements
from clinic.intake.queries.placements import Recommended
from clinic.intake.rules.placement import recommend
from clinic.intake.rules.rows import Outcome
from clinic.intake.services import placements as services
from clinic.intake.views import explained
from clinic.intake.views.blueprint import COUNTERSIGNERS, DECIDERS, READERS, bp
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.forms import Form
from clinic.web.once import once
from clinic.web.policy import allow


@bp.get("/patients/<uuid:patient_id>/placement")
@allow(*READERS)
def placement(patient_id: UUID) -> ResponseReturnValue:
    """What the rules propose, and the decision; before the signature a preview."""
    record = opening(patient_id, Right.INTAKE, now=clock.now())
    return _page(record, None)


@bp.post("/patients/<uuid:patient_id>/placement")
@allow(*DECIDERS)
def decide(patient_id: UUID) -> ResponseReturnValue:
    """Keep a decision, or what was done in an emergency."""
    now = clock.now()
    record = opening(patient_id, Right.INTAKE, now=now)
    recommended = _recommended(patient_id)
    if recommended is None:
        raise Refused("Sign the assessment first. The rules propose a level of care on signed answers.")
    form = _form(recommended)
    if not form.validate():
        return _page(record, form), 422
    try:
        with once(form) as done:
            wanted = form.wanted() if isinstance(form, ActedForm) else form.wanted(recommended.plan)
            services.decide(patient_id, wanted, shown=form.shown_decision(), at=now)
            done.location = url_for(".placement", patient_id=patient_id)
    except Invalid as error:
        form.add_error(error)
        return _page(record, form), 422
    except Stale as stale:
        form.form_errors.append(stale.message)
        form.form_id.data = str(uuid4())
        return _page(record, form, renew=True), 409
    flash("Recorded." if isinstance(form, ActedForm) else "The decision is recorded.", "success")
    return redirect(done.location, 303)


@bp.route("/placements/<uuid:subject_id>/countersign", methods=["GET", "POST"])
@allow(*COUNTERSIGNERS)
def countersign(subject_id: UUID) -> ResponseReturnValue:
    """A clinician lets a proposed placement stand, or returns it with a reason."""
    now = clock.now()
    record = opening(placements.patient_of(subject_id), Right.INTAKE, now=now)
    if actor.get().role not in clinicians():
        raise Missing
    recommended, decided = placements.with_decision(subject_id)
    returning = request.form.get("do") == "return"
    form = ReturnForm() if returning else ReturnForm(formdata=None)
    sent = ReturnForm() if returning else Form()
    if request.method == "POST" and sent.validate():
        with once(sent) as done:
            if returning:
                services.send_back(subject_id, form.reason.data or "", at=now)
            else:
                services.countersign(subject_id, at=now)
            done.location = url_for(".referrals")
        flash("Returned with your reason." if returning else "Countersigned.", "success")
        return redirect(done.location, 303)
    page = render_template(
        "intake/countersign.html",
        record=record,
        recommended=recommended,
        found=recommended.recommendation,
        decided=decided,
        form=sent if returning else form,
        own=decided.decided_by == actor.get().id,
        explained=explained,
    )
    return page, 422 if request.method == "POST" else 200


def _recommended(patient_id: UUID) -> Recommended | None:
    sheet = assessments.to_decide(patient_id)
    return placements.of_assessment(sheet.id) if sheet else None


def _form(recommended: Recommended, formdata: MultiDict[str, str] | None = None) -> ActedForm | DecisionForm:
    if recommended.recommendation.outcome is Outcome.EMERGENCY:
        return ActedForm(formdata)
    form = DecisionForm(formdata)
    form.offer(recommended.plan)
    return form


def _page(record: OpenRecord, form: ActedForm | DecisionForm | None, *, renew: bool = False) -> str:
    now = clock.now()
    sheet = assessments.to_decide(record.id)
    recommended = placements.of_assessment(sheet.id) if sheet else None
    decisions = placements.decisions(recommended.id) if recommended else []
    holding = placements.current(recommended.id) if recommended else None
    if recommended and form is None:
        form = _form(recommended)
    if form and (renew or not form.shown.data):
        form.shown.data = str(holding.id) if holding else ""
    found = recommended.recommendation if recommended else None
    if found is None and sheet is not None:
        found = recommend(sheet.findings(now), assessments.limits())
    return render_template(
        "intake/placement.html",
        record=record,
        sheet=sheet,
        recommended=recommended,
        found=found,
        explained=explained,
        decisions=decisions,
        holding=holding,
        episode=episodes.open_episode(record.id, now=now),
        form=form,
        begin_form=Form(),
        decides=actor.get().role in DECIDERS,
        alone=actor.get().role in clinicians(),
        emergency=configuration.emergency_number(),
        now=now,
    )
