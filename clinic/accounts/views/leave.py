"""Who works when, who is away, and who acts meanwhile."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.accounts import queries, services
from clinic.accounts.forms import WEEK, BackForm, HoursForm, LeaveForm, week
from clinic.accounts.queries import StaffEntry
from clinic.accounts.registry import slots
from clinic.accounts.rules import Role, may_cover
from clinic.accounts.views.blueprint import bp
from clinic.accounts.views.staff import known
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Stale
from clinic.core.rules import local
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import allow
from clinic.web.text import version_number


@bp.get("/administration/hours")
@allow(Role.ADMINISTRATOR)
def hours() -> ResponseReturnValue:
    """Everybody's week, and who is away now or soon with who acts for them."""
    now = clock.now()
    return render_template(
        "accounts/hours.html",
        staff=queries.staff(),
        hours=queries.hours_of_all(),
        leaves=queries.leaves(now),
        ended=queries.ended_leaves(now),
        button=Form(),
        now=now,
        week=WEEK,
    )


@bp.route("/administration/hours/<uuid:user_id>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def hours_edit(user_id: UUID) -> ResponseReturnValue:
    """One person's week and leave. Of two who decide at once the second sees both."""
    entry = known(user_id)
    form, status = HoursForm(data=_saved(user_id)), 200
    if form.validate_on_submit():
        try:
            with once(form) as done:
                services.set_hours(user_id, form.hours(), read=form.shown_version(), at=clock.now())
                done.location = url_for("accounts.hours_edit", user_id=user_id)
        except Stale:
            status, last = 409, queries.hours_history(user_id)[0]
            form.show_theirs(_saved(user_id), who=last.by or "A command", at=last.changed_at)
        else:
            flash(f"The hours of {entry.name} were saved.", "success")
            return redirect(done.location, 303)
    return _page(entry, form), 422 if form.errors else status


@bp.post("/administration/hours/<uuid:user_id>/undo")
@allow(Role.ADMINISTRATOR)
def hours_undo(user_id: UUID) -> ResponseReturnValue:
    """Go back to earlier hours, by a further decision; 0 is none."""
    known(user_id)
    form, here = BackForm(), url_for("accounts.hours_edit", user_id=user_id)
    former = {one.version: one.hours for one in queries.hours_history(user_id)} | {0: ()}
    chosen = version_number(request.form.get("version"))
    if chosen not in former:
        raise Missing
    if form.validate():
        with once(form) as done:
            services.set_hours(user_id, former[chosen], read=version_number(form.read.data), at=clock.now())
            done.location = here
        flash("The hours are again as they were.", "success")
    return redirect(here, 303)


@bp.route("/administration/hours/<uuid:user_id>/leave", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def leave_new(user_id: UUID) -> ResponseReturnValue:
    """Plan somebody's leave."""
    entry = known(user_id)
    if entry.disabled_at is not None:
        raise Missing
    form = _leave_form(entry)
    if form.validate_on_submit():
        try:
            with once(form) as done:
                services.plan_leave(form.plan(user_id, _zone(entry)), at=clock.now())
                done.location = url_for("accounts.hours_edit", user_id=user_id)
        except Invalid as error:
            form.add_error(error)
        else:
            flash(f"The leave of {entry.name} is planned.", "success")
            return redirect(done.location, 303)
    page = render_template("accounts/leave_new.html", form=form, entry=entry, zone=_zone(entry))
    return page, 422 if form.errors else 200


@bp.post("/administration/leave/<uuid:leave_id>/cancel")
@allow(Role.ADMINISTRATOR)
def leave_cancel(leave_id: UUID) -> ResponseReturnValue:
    """Somebody is back early, or does not go."""
    return pressed(
        lambda: services.cancel_leave(leave_id, at=clock.now()),
        url_for("accounts.hours"),
        "The leave is over. Everybody acts for themself again.",
    )


@bp.post("/administration/leave/<uuid:leave_id>/plan-again")
@allow(Role.ADMINISTRATOR)
def leave_plan_again(leave_id: UUID) -> ResponseReturnValue:
    """Undo: a leave that was ended stands again."""
    return pressed(
        lambda: services.plan_leave_again(leave_id, at=clock.now()),
        url_for("accounts.hours"),
        "The leave is planned again.",
    )


def _zone(entry: StaffEntry) -> str:
    return next(site.zone for site in slots.sites() if site.id == entry.site_id)


def _saved(user_id: UUID) -> dict[str, Any]:
    history = queries.hours_history(user_id)
    return week(history[0].hours, history[0].version) if history else week((), 0)


def _leave_form(entry: StaffEntry) -> LeaveForm:
    today = local(clock.now(), _zone(entry)).date()
    form = LeaveForm(data={"starts_on": today, "ends_on": today})
    able = [one for one in queries.staff() if one.id != entry.id and may_cover(one.role, entry.role)]
    form.cover_id.choices = [
        ("", "Nobody"),
        *((str(one.id), f"{one.name}, {one.role.label.lower()}") for one in able),
    ]
    return form


def _page(entry: StaffEntry, form: HoursForm) -> str:
    now, history = clock.now(), queries.hours_history(entry.id)
    newest = str(history[0].version if history else 0)
    return render_template(
        "accounts/hours_edit.html",
        entry=entry,
        form=form,
        undo=BackForm(MultiDict(), data={"read": newest}),
        button=Form(MultiDict()),
        history=history,
        leaves=queries.leaves(now, entry.id),
        ended_early=queries.ended_leaves(now, entry.id),
        now=now,
        week=WEEK,
        zone=_zone(entry),
    )
