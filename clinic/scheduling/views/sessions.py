"""One session: who comes, attendance and signature, corrections, cancelling."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.core import actor, clock
from clinic.core.errors import Missing, Refused
from clinic.episodes import queries as episodes
from clinic.patients import access as patients
from clinic.scheduling import queries, services
from clinic.scheduling.access import responsible
from clinic.scheduling.forms import AmendForm, AttendanceForm, CancelForm, attendance_form
from clinic.scheduling.rules import CancelReason, Mark, State
from clinic.scheduling.services import Marked
from clinic.scheduling.views.blueprint import BOOKERS, LEADERS, bp
from clinic.scheduling.views.booking import planned
from clinic.web.once import once
from clinic.web.policy import allow


@bp.get("/sessions/<uuid:session_id>")
@allow(*BOOKERS)
def session(session_id: UUID) -> ResponseReturnValue:
    """Who is expected; once it has begun, the attendance to sign; once signed, how it was."""
    row, attendees = _opened(session_id)
    form = attendance_form(_names(attendees))(data={"version": row.version})
    return _page(row, attendees, form)


@bp.post("/sessions/<uuid:session_id>")
@allow(*LEADERS)
def sign(session_id: UUID) -> ResponseReturnValue:
    """Record everybody's attendance and close the session."""
    row, attendees = _opened(session_id)
    form = attendance_form(_names(attendees))()
    status = 422
    if form.validate():
        marks = {
            patient_id: Marked(Mark(form.mark(patient_id).data), form.minutes(patient_id).data)
            for patient_id in _names(attendees)
        }
        try:
            with once(form) as done:
                version = int(text) if (text := form.version.data or "").isdecimal() else 0
                services.sign_session(session_id, marks, version=version, at=clock.now())
                done.location = url_for(".session", session_id=session_id)
            flash(
                "Signed. Attendance is in everybody’s record; corrections are kept as amendments.", "success"
            )
            return redirect(done.location, 303)
        except Refused as error:
            form.form_errors.append(error.message)
            status = error.status
    return _page(row, attendees, form), status


def _opened(session_id: UUID) -> tuple[queries.SessionRow, list[queries.Attendee]]:
    now = clock.now()
    row = queries.one(session_id, now=now)
    if not responsible(row.therapist_id, row.site_id):
        raise Missing
    attendees = queries.attendees(session_id, now=now)
    patients.listing("session.opened", [attendee.person.id for attendee in attendees], now=now)
    return row, attendees


def _names(attendees: list[queries.Attendee]) -> dict[UUID, str]:
    return {attendee.person.id: attendee.person.name for attendee in attendees}


def _page(row: queries.SessionRow, attendees: list[queries.Attendee], form: AttendanceForm) -> str:
    now, leads = clock.now(), actor.get().role in LEADERS
    return render_template(
        "scheduling/session.html",
        row=row,
        attendees=attendees,
        form=form,
        leads=leads,
        to_sign=leads and row.state is State.PLANNED and now >= row.starts_at,
        places=episodes.tracks_now(_names(attendees), now=now) if leads else {},
        now=now,
    )


@bp.route("/sessions/<uuid:session_id>/cancel", methods=["GET", "POST"])
@allow(*BOOKERS)
def cancel(session_id: UUID) -> ResponseReturnValue:
    """Say why a session does not take place."""
    row = planned(session_id)
    form = CancelForm(data={"version": row.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    version = int(text) if (text := form.version.data or "").isdecimal() else 0
                    services.cancel_session(
                        session_id, CancelReason(form.reason.data), version=version, at=clock.now()
                    )
                    done.location = url_for(".session", session_id=session_id)
                flash("Cancelled. No reminder goes out.", "success")
                return redirect(done.location, 303)
            except Refused as error:
                form.form_errors.append(error.message)
                status = error.status
    return render_template("scheduling/cancel.html", form=form, row=row), status


@bp.route("/sessions/<uuid:session_id>/attendance/<uuid:patient_id>", methods=["GET", "POST"])
@allow(*LEADERS)
def amend(session_id: UUID, patient_id: UUID) -> ResponseReturnValue:
    """Correct how one person attended a signed session."""
    row, attendees = _opened(session_id)
    found = next((one for one in attendees if one.person.id == patient_id), None)
    if found is None or found.mark is None:
        raise Missing
    form = AmendForm(data={"mark": found.mark.value, "minutes": found.minutes})
    if request.method == "POST" and form.validate():
        with once(form) as done:
            marked = Marked(Mark(form.mark.data), form.minutes.data)
            services.amend_attendance(session_id, patient_id, marked, at=clock.now())
            done.location = url_for(".session", session_id=session_id)
        flash("Amended. What was signed stays in the record.", "success")
        return redirect(done.location, 303)
    return render_template("scheduling/amend.html", form=form, row=row, person=found.person), (
        422 if form.errors else 200
    )
