"""Telling a recipient something, the sheet and the table they get, and the accounting."""

import csv
import io
from collections.abc import Iterator
from uuid import UUID

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from clinic.consents import forms
from clinic.consents.queries import consents, contents, disclosures
from clinic.consents.queries.disclosures import Told
from clinic.consents.registry import parts
from clinic.consents.rules.disclosing import scope, standing
from clinic.consents.rules.elements import Category, Consent, Purpose
from clinic.consents.rules.writing import explained
from clinic.consents.services import disclosing
from clinic.consents.views.blueprint import CLINICAL, CONSENT, DISCLOSURE, RECORD, bp, page
from clinic.core.clock import now
from clinic.core.errors import Invalid, Missing, Refused
from clinic.patients.access import opening
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow

CALCULATED = ("=", "+", "-", "@", "\t")  # a spreadsheet would run what begins so


@bp.route(f"{CONSENT}/disclose", methods=["GET", "POST"])
@allow(*CLINICAL)
def disclose(patient_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    """Choose within the scope what is told to whom; the consent is asked again when it is told."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    shown = consents.one(patient_id, consent_id)
    if not shown.activated_at or not shown.consent.kind.discloses:
        raise Missing
    form = forms.DiscloseForm()
    form.offer(shown.consent, [one for one, part in parts.items() if part.right in record.rights])
    if form.validate_on_submit():
        try:
            with once(form) as done:
                disclosure_id = disclosing.disclose(
                    patient_id, consent_id, form.whom(), Purpose(form.purpose.data),
                    [Category(one) for one in form.categories.data or ()], at=at,
                )  # fmt: skip
                done.location = url_for(
                    "consents.disclosure", patient_id=patient_id, disclosure_id=disclosure_id
                )
            flash("Kept as shared. Print it or save it as a table: both carry the notice.", "success")
            return redirect(done.location, 303)
        except Invalid as refused:
            form.add_error(refused)
    return page(
        "disclose",
        record,
        form=form,
        shown=shown,
        why=standing(shown.consent, at),
        preview=contents.contents(patient_id, scope(shown.consent), record.rights, now=at),
    ), 422 if form.errors else 200


@bp.get(f"{RECORD}/disclosures")
@allow(*CLINICAL)
def accounting(patient_id: UUID) -> ResponseReturnValue:
    """Every disclosure with consent of the last three years (P1.9)."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    return page("accounting", record, told=disclosures.accounting(patient_id, now=at))


@bp.get(DISCLOSURE)
@allow(*CLINICAL)
def disclosure(patient_id: UUID, disclosure_id: UUID) -> ResponseReturnValue:
    """What was told, word for word, with notice and scope: the sheet that the recipient gets."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    told = disclosures.one(patient_id, disclosure_id)
    shown = consents.one(patient_id, told.consent_id)
    return page(
        "disclosure",
        record,
        told=told,
        shown=shown,
        explained=explained(shown.consent),
        why=standing(shown.consent, at),
    )


@bp.get(f"{DISCLOSURE}/table.csv")
@allow(*CLINICAL)
def table(patient_id: UUID, disclosure_id: UUID) -> ResponseReturnValue:
    """The same as a table; refused once the consent has ended, because a file is there to be passed on."""
    at = now()
    opening(patient_id, Right.CLINICAL, now=at)
    told = disclosures.one(patient_id, disclosure_id)
    consent = consents.one(patient_id, told.consent_id).consent
    if why := standing(consent, at):
        raise Refused(f"Nothing was saved. {why.words}.")
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in _rows(told, consent))
    headers = {"Content-Disposition": "attachment; filename=table.csv"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _rows(told: Told, consent: Consent) -> Iterator[tuple[str, str, str]]:
    """What was told to whom, then the scope of the consent and its number, last the notice (P1.5)."""
    yield "Part", "What", "Value"
    yield "Shared", "With", told.recipient
    yield "Shared", "What for", told.purpose.label
    yield "Shared", "When", told.disclosed_on
    for section in told.sections:
        for label, value in section.lines or [("", section.note)]:
            yield section.category.label, label, value
    for label, words in explained(consent):
        yield "Consent", label, words
    yield "Consent", "Number", str(told.consent_id)
    yield "Notice", told.notice_version, told.notice


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(CALCULATED) else cell
