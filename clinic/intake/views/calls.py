"""One referral: what was asked, why it stands where it stands, its calls, and what to do next."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.errors import Invalid, Refused
from clinic.intake.forms.referral import CallForm
from clinic.intake.queries import referrals as queries
from clinic.intake.queries.referrals import Opened
from clinic.intake.rules.calls import next_steps, tries
from clinic.intake.rules.neutral import left
from clinic.intake.services import calls
from clinic.intake.services import referrals as services
from clinic.intake.views.blueprint import REFERRALS, bp
from clinic.web import filters
from clinic.web.once import once
from clinic.web.policy import allow


@bp.get("/intake/referrals/<uuid:referral_id>")
@allow(*REFERRALS)
def referral(referral_id: UUID) -> ResponseReturnValue:
    """What was asked, every call, and what to do next."""
    found = services.open_one(referral_id, now=clock.now())
    return _page(found, CallForm(data={"pregnant": found.pregnant, "injecting": found.injecting}))


@bp.route("/intake/referrals/<uuid:referral_id>/calls", methods=["GET", "POST"])
@allow(*REFERRALS)
def call(referral_id: UUID) -> ResponseReturnValue:
    """Record a call. To get it shows the referral: that is where a form kept over a sign-in comes back."""
    found, form = services.open_one(referral_id, now=clock.now()), CallForm()
    form.offer(found.ways)
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        with once(form) as done:
            calls.record_call(referral_id, form.called(), at=clock.now())
            done.location = url_for(".referral", referral_id=referral_id)
    except Invalid as invalid:
        form.add_error(invalid)
        return _page(found, form), invalid.status
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _page(services.open_one(referral_id, now=clock.now()), form), refused.status
    flash("The call is recorded.", "success")
    return redirect(done.location, 303)


@bp.get("/intake/referrals/<uuid:referral_id>/words")
@allow(*REFERRALS)
def neutral_words(referral_id: UUID) -> ResponseReturnValue:
    """What may be left for somebody who was not reached, by each way that was said to be safe."""
    now = clock.now()
    found = services.open_one(referral_id, now=now)
    number = configuration.value("clinic_phone")
    words = left(
        found.ways,
        found.language,
        phone=filters.phone(number) if number else None,
        emergency=configuration.emergency_number(),
    )
    return render_template(
        "intake/neutral.html", referral=found, words=words, language=found.language or "en", now=now
    )


def _page(found: Opened, form: CallForm) -> str:
    form.offer(found.ways)
    recorded = queries.calls(found.id)
    outcomes = [one.outcome for one in recorded]
    return render_template(
        "intake/referral.html",
        referral=found,
        calls=recorded,
        tries=tries(outcomes),
        steps=next_steps(outcomes, found.ways),
        follow_up=queries.follow_up(found.id),
        names=accounts.names([found.taken_by] if found.taken_by else []),
        form=form,
        now=clock.now(),
    )
