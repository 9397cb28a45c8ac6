"""The coordinator's desk: everybody who waits; taking a referral, closing one."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.core import actor, clock
from clinic.core.errors import Refused, Stale
from clinic.intake.access import clinicians
from clinic.intake.forms.referral import CloseForm
from clinic.intake.forms.request import TakenForm
from clinic.intake.queries import placements
from clinic.intake.rules.referral import CloseReason
from clinic.intake.rules.sources import Source
from clinic.intake.rules.waiting import Show
from clinic.intake.services import referrals as services
from clinic.intake.views.blueprint import COUNTERSIGNERS, DECIDERS, REFERRALS, bp
from clinic.patients import access as patients
from clinic.web.drafts import draft_kept
from clinic.web.once import once
from clinic.web.policy import allow

MOST_PAGES = 10_000


@bp.get("/intake")
@allow(*{*DECIDERS, *COUNTERSIGNERS})
def referrals() -> ResponseReturnValue:
    """Who asked for help, who is being assessed, what waits for a countersign."""
    now, takes = clock.now(), actor.get().role in REFERRALS
    underway = placements.underway(now=now) if actor.get().role != Role.THERAPIST else []
    waiting = placements.to_countersign(now=now) if actor.get().role in clinicians() else []
    shown = {one.person.id for one in underway} | {one.person.id for one in waiting}
    patients.listing("intake.listed", shown, now=now)
    show, source, page = _asked_for()
    return render_template(
        "intake/referrals.html",
        desk=services.desk(show, source, page, now=now) if takes else None,
        sources=tuple(Source),
        takes=takes,
        underway=underway,
        to_countersign=waiting,
        now=now,
    )


def _asked_for() -> tuple[Show, Source | None, int]:
    """The choice in the address, by codes; what is none of them is everything."""
    try:
        show, source = Show(request.args.get("show", Show.ALL)), request.args.get("source")
        return (
            show,
            Source(source) if source else None,
            max(1, min(int(request.args.get("page", 1)), MOST_PAGES)),
        )
    except ValueError:
        return Show.ALL, None, 1


@bp.route("/intake/new", methods=["GET", "POST"])
@allow(*REFERRALS)
def referral_new() -> ResponseReturnValue:
    """A call for help taken by staff, by phone or at the door; saved as a draft from the first key."""
    form, site_id = TakenForm(), actor.get().site_id
    assert site_id is not None
    if kept := draft_kept(form):
        return kept
    if not form.validate_on_submit():
        return render_template("intake/referral_new.html", form=form), 422 if form.errors else 200
    with once(form) as done:
        referral_id = services.ask(form.asked(), site_id=site_id, origin=None, at=clock.now())
        done.location = url_for(".referral", referral_id=referral_id)
    flash("The referral is kept.", "success")
    return redirect(done.location, 303)


@bp.route("/intake/referrals/<uuid:referral_id>/close", methods=["GET", "POST"])
@allow(*REFERRALS)
def close(referral_id: UUID) -> ResponseReturnValue:
    """End a referral without a registration."""
    found = services.open_one(referral_id, now=clock.now())
    form = CloseForm(data={"version": found.version, "reason": request.args.get("reason")})
    status = 200
    if form.validate_on_submit():
        try:
            with once(form) as done:
                reason = CloseReason(form.reason.data)
                services.close(referral_id, reason, version=form.shown_version(), at=clock.now())
                done.location = url_for(".referrals")
        except Stale:  # a reason has one version; what they recorded is on the referral
            form.form_errors.append(
                "Someone else recorded a call meanwhile. Look at the referral, then decide"
            )
            form.version.data, status = str(services.open_one(referral_id, now=clock.now()).version), 409
        except Refused as refused:
            form.form_errors.append(refused.message)
            status = refused.status
        else:
            flash("The referral is closed.", "success")
            return redirect(done.location, 303)
    page = render_template("intake/close.html", referral=found, form=form)
    return page, status if status != 200 else 422 if form.errors else 200
