"""The on-call roster (C8.6)."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from clinic.accounts import queries, services
from clinic.accounts.forms import RUNG_LABELS, ShiftForm
from clinic.accounts.registry import slots
from clinic.accounts.rules import Role
from clinic.accounts.views.blueprint import bp
from clinic.core import clock
from clinic.core.errors import Invalid
from clinic.core.rules import local
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import allow


@bp.route("/administration/on-call", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def roster() -> ResponseReturnValue:
    """Who is on call now and next; put somebody on call."""
    now = clock.now()
    zone = next(site.zone for site in slots.sites() if site.id == current_user.site_id)
    today = local(now, zone).date()
    form = ShiftForm(data={"rung": "1", "local_date": today, "ends_date": today + timedelta(days=1)})
    people = {str(one.id): f"{one.name}, {one.role.label.lower()}" for one in queries.staff()}
    form.user_id.choices = {"": "Choose a person"} | people
    if form.validate_on_submit():
        try:
            with once(form) as done:
                services.add_shift(form.plan(zone), at=now)
                done.location = url_for("accounts.roster")
        except Invalid as error:
            form.add_error(error)
        else:
            flash("The shift is on the roster.", "success")
            return redirect(done.location, 303)
    page = render_template(
        "accounts/roster.html",
        form=form,
        button=Form(),
        on_call=queries.on_call(now),
        shifts=queries.shifts(now),
        taken_off=queries.taken_off(now),
        rungs=RUNG_LABELS,
        zone=zone,
        now=now,
    )
    return page, 422 if form.errors else 200


@bp.post("/administration/on-call/<uuid:shift_id>/cancel")
@allow(Role.ADMINISTRATOR)
def shift_cancel(shift_id: UUID) -> ResponseReturnValue:
    """Take a shift off the roster."""
    back = url_for("accounts.roster")
    return pressed(
        lambda: services.cancel_shift(shift_id, at=clock.now()), back, "The shift is off the roster."
    )


@bp.post("/administration/on-call/<uuid:shift_id>/put-back")
@allow(Role.ADMINISTRATOR)
def shift_put_back(shift_id: UUID) -> ResponseReturnValue:
    """Undo: a shift that was taken off stands again."""
    back = url_for("accounts.roster")
    return pressed(
        lambda: services.put_back(shift_id, at=clock.now()), back, "The shift is on the roster again."
    )
