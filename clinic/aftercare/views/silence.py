"""Somebody who does not answer, for staff: the letter to print, and the supervisor's decision (C8.8)."""

from datetime import timedelta
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.aftercare import forms
from clinic.aftercare.queries import silence
from clinic.aftercare.rules.silence import Decision
from clinic.aftercare.rules.terms import STAFF
from clinic.aftercare.services import ladder
from clinic.aftercare.views.staff import TAB, bp, saved_to_plan
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.rules import local
from clinic.patients import access as patients
from clinic.patients.rules import Right
from clinic.web.policy import allow

EARLY_LOOK, LATER_LOOK = timedelta(days=1), timedelta(days=30)  # offered, and free to change


@bp.route("/patients/<uuid:patient_id>/aftercare/silence", methods=["GET", "POST"])
@allow(Role.SUPERVISOR)
def review(patient_id: UUID) -> ResponseReturnValue:
    """What was tried, and how it goes on."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    found = silence.ladder(patient_id)
    form = forms.DecisionForm()
    if request.method == "GET" and found and not form.look_on.data:
        form.look_on.data = local(now, record.zone).date() + (EARLY_LOOK if found.early else LATER_LOOK)

    def act() -> None:
        ladder.decide(
            patient_id, Decision(form.decision.data), form.words.data or "", form.look_on.data, at=now
        )

    if saved := saved_to_plan(form, act, patient_id, "The decision is kept."):
        return saved
    page = render_template("aftercare/review.html", record=record, tab=TAB, form=form, ladder=found)
    return page, 422 if form.errors else 200


@bp.get("/patients/<uuid:patient_id>/aftercare/letter")
@allow(*STAFF)
def letter(patient_id: UUID) -> ResponseReturnValue:
    """A letter that names nothing, with the words for its envelope."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    return render_template(
        "aftercare/letter.html",
        record=record,
        tab=TAB,
        clinic_phone=configuration.value("clinic_phone"),
        emergency=configuration.emergency_number(),
        now=now,
    )
