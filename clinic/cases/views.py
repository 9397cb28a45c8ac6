"""Notes of a patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.cases import queries, services
from clinic.cases.forms import AmendmentForm, MoveForm, NoteForm
from clinic.cases.rules import EXCERPT, NoteKind
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.rules import instant, local
from clinic.core.settings import current
from clinic.episodes import queries as episodes
from clinic.episodes.rules import ContactKind, Medication, NextContact, Track
from clinic.patients import access as patients
from clinic.patients.rules import Right
from clinic.web.drafts import draft_kept
from clinic.web.once import once
from clinic.web.policy import allow

bp = Blueprint("cases", __name__, template_folder="templates")
WRITERS = (Role.THERAPIST, Role.SUPERVISOR, Role.PRESCRIBER)


@bp.get("/patients/<uuid:patient_id>/notes")
@allow(*WRITERS)
def notes(patient_id: UUID) -> ResponseReturnValue:
    """All notes, newest first."""
    record = patients.opening(patient_id, Right.NOTES, now=clock.now())
    found = queries.notes(patient_id)
    return render_template("cases/notes.html", record=record, notes=found, excerpt=EXCERPT)


@bp.route("/patients/<uuid:patient_id>/notes/new", methods=["GET", "POST"])
@allow(*WRITERS)
def note_new(patient_id: UUID) -> ResponseReturnValue:
    """Write a note; sign it now or keep a draft."""
    now = clock.now()
    record = patients.opening(patient_id, Right.NOTES, now=now)
    here = local(now, current().zone)
    form = NoteForm(data={"happened_on": here.date(), "happened_at": here.time(), "kind": _kind_asked()})
    if kept := draft_kept(form):
        return kept
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for("cases.notes", patient_id=patient_id)
                    services.write(patient_id, **_written(form), session_id=_session_asked(), at=now)
                return _saved(done.location)
            except Invalid as invalid:
                form.add_error(invalid)
    return render_template("cases/note_form.html", record=record, form=form, note=None), status


@bp.route("/patients/<uuid:patient_id>/notes/<uuid:note_id>", methods=["GET", "POST"])
@allow(*WRITERS)
def note(patient_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Read a note with its amendments; go on with one's draft; amend what is signed."""
    record = patients.opening(patient_id, Right.NOTES, now=clock.now())
    found = queries.note(patient_id, note_id)
    if not found or found[0].id != note_id:
        abort(404)
    if found[0].signed_at is None:
        return _draft(record, found[0])
    return _signed(record, found)


@bp.route("/patients/<uuid:patient_id>/move", methods=["GET", "POST"])
@allow(*WRITERS)
def move(patient_id: UUID) -> ResponseReturnValue:
    """Move a person to another level of care; the stay so far ends, the next begins."""
    now = clock.now()
    record = patients.opening(patient_id, Right.NOTES, now=now)
    episode = episodes.open_episode(patient_id, now=now)
    if episode is None:
        abort(404)
    form = MoveForm(data=_planned(episode))
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for("chart.overview", patient_id=patient_id)
                    services.move(patient_id, **_moved(form, record.zone), at=now)
                flash(f"Moved to {Track(form.track.data).label.lower()}.", "success")
                return redirect(done.location, 303)
            except Invalid as invalid:
                form.add_error(invalid)
            except Stale:
                episode, status = episodes.open_episode(patient_id, now=now) or episode, 409
                form.show_theirs({**_planned(episode), "track": episode.track})
            except Refused as refused:
                form.form_errors.append(refused.message)
                status = refused.status
    return render_template("cases/move.html", record=record, episode=episode, form=form), status


def _planned(episode: episodes.EpisodeRow) -> dict[str, Any]:
    ahead = episode.next_contact
    contact = {"next_on": ahead.on, "next_at": ahead.at, "next_kind": ahead.kind.value}
    return {"version": episode.version, "medication": episode.medication.value, **contact}


def _moved(form: MoveForm, zone: str) -> dict[str, Any]:
    kind = ContactKind(form.next_kind.data)
    return {
        "track": Track(form.track.data),
        "medication": Medication(form.medication.data),
        "next_contact": NextContact(form.next_on.data, form.next_at.data, zone, kind),
        "version": form.shown_version(),
    }


def _draft(record: patients.OpenRecord, draft: queries.NoteRow) -> ResponseReturnValue:
    form = NoteForm(data=_as_saved(draft))
    if kept := draft_kept(form):
        return kept
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for("cases.notes", patient_id=record.id)
                    services.rewrite(draft.id, **_written(form), version=form.shown_version(), at=clock.now())
                return _saved(done.location)
            except Invalid as invalid:
                form.add_error(invalid)
            except Stale:
                [draft], status = queries.note(record.id, draft.id), 409
                form.show_theirs(_as_saved(draft), who=draft.author, at=draft.written_at)
            except Missing:
                abort(404)
    return render_template("cases/note_form.html", record=record, form=form, note=draft), status


def _as_saved(draft: queries.NoteRow) -> dict[str, Any]:
    here = local(draft.happened_at, current().zone)
    given = {"version": draft.version, "kind": draft.kind.value, "words": draft.words}
    return {**given, "happened_on": here.date(), "happened_at": here.time()}


def _signed(record: patients.OpenRecord, found: list[queries.NoteRow]) -> ResponseReturnValue:
    form = AmendmentForm(data=_as_it_reads(found))
    if kept := draft_kept(form):
        return kept
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for("cases.note", patient_id=record.id, note_id=found[0].id)
                    typed = (form.words.data or "", form.reason.data or "")
                    services.amend(found[0].id, *typed, version=form.shown_version(), at=clock.now())
                flash("Amended. What stood there before stays readable.", "success")
                return redirect(done.location, 303)
            except Stale:
                found, status = queries.note(record.id, found[0].id), 409
                last = found[-1]
                theirs = {**_as_it_reads(found), "reason": last.reason}
                form.show_theirs(theirs, who=last.author, at=last.written_at)
    told = queries.amendments(found)
    return render_template("cases/note.html", record=record, notes=found, told=told, form=form), status


def _as_it_reads(found: list[queries.NoteRow]) -> dict[str, Any]:
    return {"words": found[-1].words, "version": len(found) - 1}


def _written(form: NoteForm) -> dict[str, Any]:
    happened_at: datetime = instant(form.happened_on.data, form.happened_at.data, current().zone)
    return {
        "kind": NoteKind(form.kind.data),
        "happened_at": happened_at,
        "words": form.words.data,
        "sign": _signing(),
    }


def _signing() -> bool:
    return request.form.get("action") == "sign"


def _saved(location: str) -> ResponseReturnValue:
    flash("Note signed." if _signing() else "Draft kept. Only you see it.", "success")
    return redirect(location, 303)


def _kind_asked() -> str:
    asked = request.args.get("kind", NoteKind.CALL.value)
    return asked if asked in set(NoteKind) else NoteKind.CALL.value


def _session_asked() -> UUID | None:
    try:
        return UUID(request.args["session"])
    except (KeyError, ValueError):
        return None
