"""Booking and moving a session."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core import actor, clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.patients import access as patients
from clinic.patients import queries as patient_queries
from clinic.patients.rules import Right
from clinic.scheduling import access, queries, services
from clinic.scheduling.forms import NO_ROOM, BookForm, PlanForm, pairs
from clinic.scheduling.rules import Week
from clinic.scheduling.views.blueprint import BOOKERS, LEADERS, bp, user
from clinic.web.filters import day
from clinic.web.once import once
from clinic.web.policy import allow

INDIVIDUAL = "individual"


@bp.route("/schedule/new", methods=["GET", "POST"])
@allow(*LEADERS)
def new() -> ResponseReturnValue:
    """Book a session with one of one's own patients."""
    form = _book_form()
    people = patient_queries.caseload(now=clock.now())
    form.patient_id.choices = pairs(people)
    patients.listing("schedule.patients_offered", {person.id for person in people}, now=clock.now())
    if request.method == "POST" and form.validate():
        return _book(form, UUID(form.patient_id.data), None)
    return _page(form, None), 422 if form.errors else 200


@bp.route("/patients/<uuid:patient_id>/appointments/new", methods=["GET", "POST"])
@allow(*BOOKERS)
def new_for(patient_id: UUID) -> ResponseReturnValue:
    """Book a session with this patient."""
    record = patients.opening(patient_id, Right.SCHEDULE, now=clock.now())
    form = _book_form()
    del form.patient_id
    if request.method == "POST" and form.validate():
        return _book(form, patient_id, record)
    return _page(form, record), 422 if form.errors else 200


def _book_form() -> BookForm:
    user_id, site_id = user()
    form = BookForm(data={"minutes": 50, "therapist_id": str(user_id), "kind": INDIVIDUAL})
    form.offer(queries.rooms(site_id))
    kinds = [kind for kind in configuration.value("session_kinds") if not kind.group]
    form.kind.choices = {kind.code: kind.label for kind in kinds}
    form.therapist_id.choices = pairs(accounts.staff(Role.THERAPIST, site_id))
    if actor.get().role == Role.THERAPIST:
        del form.therapist_id
    if actor.get().role == Role.DESK:
        del form.kind  # the desk books appointments and learns no programme
    return form


def _book(form: BookForm, patient_id: UUID, record: patients.OpenRecord | None) -> ResponseReturnValue:
    user_id, site_id = user()
    try:
        with once(form) as done:
            services.book_individual(
                patient_id,
                plan(form),
                kind=form.kind.data if "kind" in form else INDIVIDUAL,
                therapist_id=UUID(form.therapist_id.data) if "therapist_id" in form else user_id,
                site_id=site_id,
                at=clock.now(),
            )
            done.location = url_for(".week", week=Week.of(form.on_date.data).code)
    except Invalid as error:
        form.refuse(error)
        return _page(form, record), 422
    flash(f"Booked: {day(form.on_date.data)}, {form.at_time.data:%H:%M}.", "success")
    return redirect(done.location, 303)


def plan(form: PlanForm) -> services.Plan:
    """What a valid form says about when and where."""
    assert form.on_date.data is not None
    assert form.minutes.data is not None
    return services.Plan(form.on_date.data, form.at_time.data, form.minutes.data, form.room())


def _page(form: BookForm, record: patients.OpenRecord | None) -> str:
    return render_template("scheduling/book.html", form=form, record=record)


@bp.route("/sessions/<uuid:session_id>/move", methods=["GET", "POST"])
@allow(*BOOKERS)
def move(session_id: UUID) -> ResponseReturnValue:
    """Give a session another time or room."""
    row = planned(session_id)
    form = PlanForm(data=_start(row))
    form.offer(queries.rooms(row.site_id))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    services.move_session(
                        session_id, plan(form), version=form.shown_version(), at=clock.now()
                    )
                    done.location = url_for(".session", session_id=session_id)
                flash("Moved. Reminders go out for the new time only.", "success")
                return redirect(done.location, 303)
            except Invalid as error:
                form.refuse(error)
            except Stale:
                row, status = planned(session_id), 409
                form.show_theirs(_start(row))
            except Refused as error:
                form.form_errors.append(error.message)
                status = error.status
    return render_template("scheduling/move.html", form=form, row=row), status


def _start(row: queries.SessionRow) -> dict[str, object]:
    return {
        "on_date": row.local_date,
        "at_time": row.local_time,
        "minutes": row.minutes,
        "room_id": str(row.room_id or NO_ROOM),
        "version": row.version,
    }


def planned(session_id: UUID) -> queries.SessionRow:
    """A session that the actor may change; that its patient was shown is audited. Raises Missing."""
    row = queries.one(session_id, now=clock.now())
    if not access.responsible(row.therapist_id, row.site_id):
        raise Missing
    patients.listing("session.opened", {row.patient.id} if row.patient else (), now=clock.now())
    return row
