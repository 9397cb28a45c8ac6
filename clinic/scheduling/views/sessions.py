"""One session: who comes, attendance and signature, corrections, cancelling."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.core import actor, clock
from clinic.core.errors import Missing, Refused, Stale
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
    form = attendance_form(_names(attendees))(data=_start(row, attendees))
    return _page(row, attendees, form)


@bp.post("/sessions/<uuid:session_id>")
@allow(*LEADERS)
def sign(session_id: UUID) -> ResponseReturnValue:
    """Record everybody's attendance and close the session."""
    row, attendees = _opened(session_id)
    form = attendance_form(_names(attendees))(data=_start(row, attendees))
    status = 422
    if form.validate():
        marks = {
            patient_id: Marked(Mark(form.mark(patient_id).data), form.minutes(patient_id).data)
            for patient_id in _names(attendees)
        }
        try:
            with once(form) as done:
                done.location = url_for(".session", session_id=session_id)
                if row.state is State.HELD and form.shown_version() == row.version:
                    services.sign_again(session_id, marks, _held(attendees), at=clock.now())
                else:
                    services.sign_session(session_id, marks, version=form.shown_version(), at=clock.now())
            flash(
                "Signed. Attendance is in everybody’s record; corrections are kept as amendments.", "success"
            )
            return redirect(done.location, 303)
        except Refused as error:
            (row, attendees), status = _opened(session_id), error.status
            if row.state is State.HELD:
                form.show_theirs(_start(row, attendees))
            else:
                form.form_errors.append(error.message)
                form.version.data = str(row.version)
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


def _start(row: queries.SessionRow, attendees: list[queries.Attendee]) -> dict[str, object]:
    signed = {f"mark_{one.person.id.hex}": one.mark.value for one in attendees if one.mark}
    minutes = {f"minutes_{one.person.id.hex}": one.minutes for one in attendees}
    return {**signed, **minutes, "version": row.version}


def _held(attendees: list[queries.Attendee]) -> dict[UUID, tuple[Marked, int]]:
    marked = [(one, one.mark) for one in attendees if one.mark is not None]
    return {one.person.id: (Marked(mark, one.minutes), one.recorded) for one, mark in marked}


def _page(row: queries.SessionRow, attendees: list[queries.Attendee], form: AttendanceForm) -> str:
    now, leads = clock.now(), actor.get().role in LEADERS
    return render_template(
        "scheduling/session.html",
        row=row,
        attendees=attendees,
        form=form,
        leads=leads,
        to_sign=leads and (form.theirs or (row.state is State.PLANNED and now >= row.starts_at)),
        amendments=queries.amendments(row.id, _names(attendees)) if leads and row.state is State.HELD else {},
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
                    services.cancel_session(
                        session_id,
                        CancelReason(form.reason.data),
                        version=form.shown_version(),
                        at=clock.now(),
                    )
                    done.location = url_for(".session", session_id=session_id)
                flash("Cancelled. No reminder goes out.", "success")
                return redirect(done.location, 303)
            except Stale:  # there is one version of a reason; what they changed stands over the form
                row, status = planned(session_id), 409
                form.form_errors.append("Someone else moved this session. Look at the new time, then decide")
                form.version.data = str(row.version)
            except Refused as error:
                form.form_errors.append(error.message)
                status = error.status
    return render_template("scheduling/cancel.html", form=form, row=row), status


@bp.route("/sessions/<uuid:session_id>/attendance/<uuid:patient_id>", methods=["GET", "POST"])
@allow(*LEADERS)
def amend(session_id: UUID, patient_id: UUID) -> ResponseReturnValue:
    """Correct how one person attended a signed session."""
    row, found = _attendee(session_id, patient_id)
    form = AmendForm(data=_marked(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for(".session", session_id=session_id)
                    marked = Marked(Mark(form.mark.data), form.minutes.data)
                    services.amend_attendance(
                        session_id,
                        patient_id,
                        marked,
                        form.reason.data or "",
                        version=form.shown_version(),
                        at=clock.now(),
                    )
                flash("Amended. What was signed stays in the record.", "success")
                return redirect(done.location, 303)
            except Stale:
                found, status = _attendee(session_id, patient_id)[1], 409
                last = queries.amendments(session_id, [patient_id])[patient_id][-1]
                form.show_theirs({**_marked(found), "reason": last.why}, who=last.who, at=last.at)
    return render_template("scheduling/amend.html", form=form, row=row, person=found.person), status


def _attendee(session_id: UUID, patient_id: UUID) -> tuple[queries.SessionRow, queries.Attendee]:
    """Somebody whose attendance was signed. Raises Missing."""
    row, attendees = _opened(session_id)
    found = next((one for one in attendees if one.person.id == patient_id and one.mark), None)
    if found is None:
        raise Missing
    return row, found


def _marked(found: queries.Attendee) -> dict[str, object]:
    return {"mark": found.mark, "minutes": found.minutes, "version": found.recorded}
