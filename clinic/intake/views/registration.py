"""Registering the person of a referral."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.errors import Invalid, Refused
from clinic.intake.forms.referral import DIFFERENT, RegisterForm
from clinic.intake.queries.referrals import Opened
from clinic.intake.services import referrals, registration
from clinic.intake.views.blueprint import REFERRALS, bp
from clinic.patients import services as patients
from clinic.patients.queries import Match
from clinic.patients.rules import NewPatient
from clinic.patients.rules.matching import Identifiers
from clinic.web.once import once
from clinic.web.policy import allow


@bp.route("/intake/referrals/<uuid:referral_id>/register", methods=["GET", "POST"])
@allow(*REFERRALS)
def register(referral_id: UUID) -> ResponseReturnValue:
    """Who the person is; people who may be the same one are shown before anything is saved (C4.8)."""
    now = clock.now()
    referral, form = referrals.open_one(referral_id, now=now), RegisterForm()
    if referral.patient_id:
        flash("Someone else registered this person already.", "info")
        return redirect(url_for(".assessment", patient_id=referral.patient_id), 303)
    if request.method == "GET":
        _suggest(form, referral)
        return _page(form, referral, [])
    if not form.validate():
        return _page(form, referral, []), 422
    matches = patients.likely_same(Identifiers.of(_new(form, referral)), now=now)
    form.ask_which((match.person.id, _words(match)) for match in matches)
    offered = {str(match.person.id) for match in matches}
    if matches and form.match.data not in {*offered, DIFFERENT}:
        form.add_error(Invalid("match", "Choose whether this is the same person"))
        return _page(form, referral, matches), 422
    try:
        with once(form) as done:
            patient_id = _keep(form, referral, offered)
            done.location = url_for("patients.consent", patient_id=patient_id)
            if not form.phone.data:
                done.location = url_for(".assessment", patient_id=patient_id)
    except Invalid as error:
        form.add_error(error)
        return _page(form, referral, matches), 422
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _page(form, referral, matches), refused.status
    known = form.match.data in offered
    flash("The referral is kept with this person." if known else "The person is registered.", "success")
    return redirect(done.location, 303)


def _suggest(form: RegisterForm, referral: Opened) -> None:
    """Take over what was asked, for the coordinator to correct; a form kept from before stays as it was."""
    if form.given_name.raw_data:
        return
    given, _, family = (referral.about or "").rpartition(" ")
    form.given_name.data, form.family_name.data = given or family, family if given else ""
    if referral.for_self:  # the way to reach somebody else is not the person's own
        form.phone.data, form.email.data = referral.phone, referral.email
        form.may_voicemail.data = referral.voicemail_safe


def _keep(form: RegisterForm, referral: Opened, offered: set[str]) -> UUID:
    new = _new(form, referral)
    if form.match.data in offered:
        patient_id = UUID(form.match.data)
        registration.same_person(referral.id, patient_id, new, at=clock.now())
        return patient_id
    return registration.register(referral.id, new, at=clock.now())


def _new(form: RegisterForm, referral: Opened) -> NewPatient:
    return form.new_patient(referral.site_id, configuration.site(referral.site_id).zone)


def _words(match: Match) -> str:
    person, why = match.person, "; ".join(match.likeness.reasons)
    return f"{person.name}, born {person.born}, record {person.record}. {match.likeness.words}: {why}"


def _page(form: RegisterForm, referral: Opened, matches: list[Match]) -> str:
    return render_template("intake/register.html", form=form, referral=referral, matches=matches)
