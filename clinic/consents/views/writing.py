"""The consents of a patient, and writing one down."""

from datetime import datetime
from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from clinic.configuration import queries as configuration
from clinic.consents import forms
from clinic.consents.queries import consents, contents, disclosures
from clinic.consents.queries.consents import Shown
from clinic.consents.rules.disclosing import scope
from clinic.consents.rules.elements import Kind
from clinic.consents.rules.writing import explained, said
from clinic.consents.services import writing
from clinic.consents.views.blueprint import CLINICAL, CONSENT, RECORD, bp, page
from clinic.core.clock import now
from clinic.core.errors import Missing, Stale
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow


@bp.get(f"{RECORD}/consents")
@allow(*CLINICAL)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """What is in force, what is being written, what has ended; and a new one by its kind."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    found = consents.of_patient(patient_id)
    signed = [(one, one.ended(at)) for one in found if one.activated_at]
    return page(
        "overview",
        record,
        drafts=[one for one in found if not one.activated_at],
        active=[one for one, why in signed if why is None],
        ended=[(one, why) for one, why in signed if why],
        kinds=list(Kind),
    )


@bp.get(CONSENT)
@allow(*CLINICAL)
def consent(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """One consent: its elements, what it lacks, what the recipient would read, what was shared with it."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    shown = consents.one(patient_id, consent_id)
    told = [one for one in disclosures.accounting(patient_id, now=at) if one.consent_id == consent_id]
    return page(
        "consent",
        record,
        shown=shown,
        why=shown.ended(at) if shown.activated_at else None,
        explained=explained(shown.consent),
        said=said(shown.consent),
        preview=contents.contents(patient_id, scope(shown.consent), record.rights, now=at),
        told=told,
    )


@bp.route(f"{RECORD}/consents/new/<any({', '.join(Kind)}):kind>", methods=["GET", "POST"])
@allow(*CLINICAL)
def new(patient_id: UUID, kind: str) -> ResponseReturnValue:
    """A consent of one kind, written down with the person."""
    at, of = now(), Kind(kind)
    record = opening(patient_id, Right.CLINICAL, now=at)
    form = forms.ConsentForm(of, record.zone, data={"discloser": configuration.value("clinic_name")})
    if not form.validate_on_submit():
        return page("write", record, form=form, kind=of), 422 if form.errors else 200
    with once(form) as done:
        consent_id = writing.draft(patient_id, of, form.written(), at=at)
        done.location = url_for("consents.consent", patient_id=patient_id, consent_id=consent_id)
    return redirect(done.location, 303)


@bp.route(f"{CONSENT}/edit", methods=["GET", "POST"])
@allow(*CLINICAL)
def edit(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """Change a draft; of two people who do the second sees both versions."""
    at = now()
    record, shown = _draft(patient_id, consent_id, at)
    saved = forms.given(shown.consent, shown.version)
    form = forms.ConsentForm(shown.consent.kind, record.zone, data=saved)
    if not form.validate_on_submit():
        return page("write", record, form=form, kind=shown.consent.kind), 422 if form.errors else 200
    location = url_for("consents.consent", patient_id=patient_id, consent_id=consent_id)
    try:
        with once(form) as done:
            version = form.shown_version()
            writing.rewrite(patient_id, consent_id, form.written(), version=version, at=at)
            done.location = location
    except Stale:
        record, shown = _draft(patient_id, consent_id, at)
        saved = forms.given(shown.consent, shown.version)
        form.show_theirs(saved, who=shown.drafter or "", at=shown.drafted_at)
        return page("write", record, form=form, kind=shown.consent.kind), 409
    return redirect(location, 303)


def _draft(patient_id: UUID, consent_id: UUID, at: datetime) -> tuple[OpenRecord, Shown]:
    """The record and the draft. Raises Hidden, and Missing for one that was signed."""
    record = opening(patient_id, Right.CLINICAL, now=at)
    shown = consents.one(patient_id, consent_id)
    if shown.activated_at:
        raise Missing
    return record, shown
