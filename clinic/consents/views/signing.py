"""Signing a consent on the screen, taking it back, and its paper."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from clinic.consents import forms
from clinic.consents.queries import consents, contents, notices
from clinic.consents.queries.consents import Shown
from clinic.consents.rules.disclosing import scope
from clinic.consents.rules.elements import EndKind
from clinic.consents.rules.statements import NoNotice
from clinic.consents.rules.writing import explained, said
from clinic.consents.services import ending, writing
from clinic.consents.views.blueprint import CLINICAL, CONSENT, bp, page
from clinic.core.clock import now
from clinic.core.errors import Invalid, Missing
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.patients.views.saving import saved_once
from clinic.web.once import once
from clinic.web.policy import allow


@bp.route(f"{CONSENT}/sign", methods=["GET", "POST"])
@allow(*CLINICAL)
def sign(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """All that the consent says, what the recipient would read, and the signature."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    shown = consents.one(patient_id, consent_id)
    if shown.activated_at:
        raise Missing
    form = forms.SignForm(data={"version": str(shown.version)})
    if form.validate_on_submit():
        try:
            with once(form) as done:
                done.location = _address(patient_id, consent_id)
                version = form.shown_version()
                writing.activate(patient_id, consent_id, form.signature(), version=version, at=at)
            flash("The consent is signed and in force.", "success")
            return redirect(done.location, 303)
        except Invalid as refused:
            form.add_error(refused)
    return page(
        "sign",
        record,
        form=form,
        shown=shown,
        explained=explained(shown.consent),
        said=said(shown.consent),
        preview=contents.contents(patient_id, scope(shown.consent), record.rights, now=at),
    ), 422 if form.errors else 200


@bp.route(f"{CONSENT}/end", methods=["GET", "POST"])
@allow(*CLINICAL)
def end(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """The person takes it back, or something else ended it; from then on nothing is shared."""
    at = now()
    record, shown = _active(patient_id, consent_id, at)
    form = forms.EndForm()
    form.offer(shown.consent)

    def keep() -> None:
        ending.end(patient_id, consent_id, EndKind(form.kind.data), at=at)

    words = "Nothing more is shared with this consent"
    if form.kind.data == EndKind.ORAL:
        words += ". Ask for a note in writing, and record it here"
    saved = saved_once(form, keep, _address(patient_id, consent_id), words)
    return saved or (page("end", record, form=form, shown=shown), 422 if form.errors else 200)


@bp.get(f"{CONSENT}/paper")
@allow(*CLINICAL)
def paper(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """A signed consent as a sheet to print."""
    at = now()
    record, shown = _active(patient_id, consent_id, at)
    try:
        carried, refusal = (notices.carried() if shown.consent.kind.discloses else None), ""
    except NoNotice as empty:
        carried, refusal = None, str(empty)
    return page(
        "paper",
        record,
        shown=shown,
        carried=carried,
        refusal=refusal,
        why=shown.ended(at),
        explained=explained(shown.consent),
        said=said(shown.consent),
    )


def _active(patient_id: UUID, consent_id: UUID, at: datetime) -> tuple[OpenRecord, Shown]:
    """The record and the consent. Raises Hidden, and Missing for a draft."""
    record = opening(patient_id, Right.CLINICAL, now=at)
    shown = consents.one(patient_id, consent_id)
    if not shown.activated_at:
        raise Missing
    return record, shown


def _address(patient_id: UUID, consent_id: UUID) -> str:
    return url_for("consents.consent", patient_id=patient_id, consent_id=consent_id)
