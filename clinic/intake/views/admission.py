"""Admission: the one button that opens an episode."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.core import actor, clock
from clinic.core.errors import Invalid
from clinic.episodes import queries as episodes
from clinic.history import queries as history
from clinic.history.rules import FactKind
from clinic.intake.forms.placement import AdmitForm
from clinic.intake.queries import assessments, placements
from clinic.intake.queries.placements import Decided
from clinic.intake.services import admission
from clinic.intake.services.admission import Admit
from clinic.intake.views.blueprint import DECIDERS, bp
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow

TAKERS = (Role.THERAPIST, Role.SUPERVISOR)


@bp.route("/patients/<uuid:patient_id>/admission", methods=["GET", "POST"])
@allow(*DECIDERS)
def admit(patient_id: UUID) -> ResponseReturnValue:
    """Open the episode; of two people the second is led to the first one's."""
    now = clock.now()
    record = opening(patient_id, Right.INTAKE, now=now)
    form = AdmitForm(data=_known(patient_id) if request.method == "GET" else None)
    form.offer(_takers())
    holding = _holding(patient_id)
    if request.method == "GET" and holding and holding.episode_id:
        flash("This person is admitted already.", "info")
        return redirect(url_for("chart.overview", patient_id=patient_id), 303)
    if request.method == "GET" or not form.validate():
        return _page(record, form, holding, now), 422 if form.errors else 200
    try:
        with once(form) as done:
            offer_to = UUID(form.offer_to.data) if form.offer_to.data else None
            wanted = Admit(form.next_contact(record.zone), form.naloxone(), offer_to)
            found = admission.admit(patient_id, wanted, at=now)
            done.location = url_for("chart.overview", patient_id=patient_id)
    except Invalid as error:
        form.add_error(error)
        return _page(record, form, holding, now), 422
    if found.created:
        flash("Admitted. You own the episode until somebody accepts it from you.", "success")
    else:
        flash("Someone else admitted this person a moment ago. Here is the open episode.", "info")
    return redirect(done.location, 303)


def _known(patient_id: UUID) -> dict[str, object]:
    """Naloxone that the person is known to have, to be looked over on the form."""
    fact = history.current(patient_id, FactKind.NALOXONE)
    has = fact is not None and fact.code != "declined"
    return {"naloxone_code": "has", "naloxone_expires_on": fact.expires_on} if fact and has else {}


def _takers() -> list[tuple[UUID, str]]:
    who = actor.get()
    people = [row for role in TAKERS for row in accounts.staff(role, who.site_id)]
    return [(row.id, f"{row.name}, {row.role.label}") for row in people if row.id != who.id]


def _holding(patient_id: UUID) -> Decided | None:
    sheet = assessments.to_decide(patient_id)
    recommended = placements.of_assessment(sheet.id) if sheet else None
    return placements.current(recommended.id) if recommended else None


def _page(record: OpenRecord, form: AdmitForm, holding: Decided | None, now: datetime) -> str:
    episode = episodes.open_episode(record.id, now=now)
    return render_template(
        "intake/admission.html", record=record, form=form, holding=holding, episode=episode
    )
