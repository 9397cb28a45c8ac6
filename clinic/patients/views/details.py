"""Correcting who somebody is; of two who correct at once the second sees both versions."""

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.core.clock import now
from clinic.core.errors import Stale
from clinic.patients import queries, services
from clinic.patients.access import OpenRecord, opening
from clinic.patients.forms import DetailsForm
from clinic.patients.rules import WRITERS, Right
from clinic.patients.views.blueprint import bp
from clinic.patients.views.saving import saved_once
from clinic.web.policy import allow


@bp.route("/<uuid:patient_id>/details", methods=["GET", "POST"])
@allow(*WRITERS)
def details(patient_id: UUID) -> ResponseReturnValue:
    """Names, birth date, pronouns, sex, language, address."""
    at = now()
    record = opening(patient_id, Right.DEMOGRAPHICS, now=at)
    form = DetailsForm(data=_saved(record))

    def keep() -> None:
        reason, version = form.reason.data or "", form.shown_version()
        services.correct(patient_id, form.details(), reason=reason, version=version, at=at)

    status = 200
    try:
        back = url_for("patients.contacts", patient_id=patient_id)
        if done := saved_once(form, keep, back, "The details are corrected"):
            return done
    except Stale:
        record, status = opening(patient_id, Right.DEMOGRAPHICS, now=at), 409
        made = queries.corrections(patient_id)  # none where the version that was sent never was
        who, when = (made[-1].who, made[-1].at) if made else ("", None)
        form.show_theirs(_saved(record), who=who, at=when)
    page = render_template("patients/details.html", record=record, tab="patients.contacts", form=form)
    return page, 422 if form.errors else status


def _saved(record: OpenRecord) -> dict[str, object]:
    former_names, address = queries.residence(record.id)
    own = {name: getattr(record, name) for name in DetailsForm.FIELDS}
    return own | vars(address) | {"former_names": former_names}
