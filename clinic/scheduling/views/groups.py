"""Weekly groups: all of them, a new one, one with its members."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.errors import Invalid
from clinic.patients import access as patients
from clinic.patients import queries as patient_queries
from clinic.scheduling import queries, services
from clinic.scheduling.forms import JoinForm, SeriesForm, pairs
from clinic.scheduling.views.blueprint import LEADERS, bp, user
from clinic.scheduling.views.booking import plan
from clinic.web.forms import Form
from clinic.web.once import once
from clinic.web.policy import allow

SUGGESTED = "relapse_prevention"


@bp.get("/groups")
@allow(*LEADERS)
def groups() -> ResponseReturnValue:
    """The weekly groups of the site, with the places taken."""
    _, site_id = user()
    return render_template("scheduling/groups.html", groups=queries.groups(site_id, now=clock.now()))


@bp.route("/groups/new", methods=["GET", "POST"])
@allow(*LEADERS)
def group_new() -> ResponseReturnValue:
    """Begin a weekly group."""
    user_id, site_id = user()
    kinds = [kind for kind in configuration.value("session_kinds") if kind.group]
    usual = next(kind for kind in kinds if kind.code == SUGGESTED)
    form = SeriesForm(
        data={
            "kind": usual.code,
            "minutes": usual.minutes,
            "capacity": usual.most,
            "therapist_id": str(user_id),
        }
    )
    form.offer(queries.rooms(site_id))
    form.kind.choices = {kind.code: kind.label for kind in kinds}
    form.therapist_id.choices = pairs(accounts.staff(Role.THERAPIST, site_id))
    if request.method == "POST" and form.validate():
        try:
            with once(form) as done:
                made = services.create_series(_new_series(form), site_id=site_id, at=clock.now())
                done.location = url_for(".group", series_id=made)
            flash("Laid out for the coming weeks.", "success")
            return redirect(done.location, 303)
        except Invalid as error:
            form.refuse(error)
    return render_template("scheduling/group_new.html", form=form), 422 if form.errors else 200


def _new_series(form: SeriesForm) -> services.NewSeries:
    when = plan(form)
    assert form.capacity.data is not None
    return services.NewSeries(
        kind=form.kind.data,
        title=form.title.data or "",
        therapist_id=UUID(form.therapist_id.data),
        room_id=when.room_id,
        first_on=when.on,
        at=when.at,
        minutes=when.minutes,
        capacity=form.capacity.data,
    )


@bp.route("/groups/<uuid:series_id>", methods=["GET", "POST"])
@allow(*LEADERS)
def group(series_id: UUID) -> ResponseReturnValue:
    """One group: members, dates, and a further patient."""
    now, (_, site_id) = clock.now(), user()
    found, members = queries.group(series_id, site_id, now=now), queries.members(series_id, now=now)
    there = {person.id for person in members}
    own = [person for person in patient_queries.caseload(now=now) if person.id not in there]
    patients.listing("group.opened", [*there, *(person.id for person in own)], now=now)
    form = JoinForm()
    form.patient_id.choices = pairs(own)
    if request.method == "POST" and form.validate():
        try:
            with once(form) as done:
                services.enrol(series_id, UUID(form.patient_id.data), at=now)
                done.location = url_for(".group", series_id=series_id)
            flash("A place is booked in every session to come.", "success")
            return redirect(done.location, 303)
        except Invalid as error:
            form.add_error(error)
    return render_template(
        "scheduling/group.html",
        group=found,
        members=members,
        sessions=queries.of_series(series_id, now=now),
        form=form,
        leave_form=Form(),
        may_join=bool(own),
        now=now,
    ), 422 if form.errors else 200


@bp.post("/groups/<uuid:series_id>/members/<uuid:patient_id>/leave")
@allow(*LEADERS)
def leave(series_id: UUID, patient_id: UUID) -> ResponseReturnValue:
    """A patient leaves a group."""
    form = Form()
    if form.validate_on_submit():
        with once(form) as done:
            services.leave(series_id, patient_id, at=clock.now())
            done.location = url_for(".group", series_id=series_id)
        flash("The places to come are free again.", "success")
    return redirect(url_for(".group", series_id=series_id), 303)
