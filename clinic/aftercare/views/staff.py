"""Aftercare for staff: the overview, a person's plan and check-ins, discharge, revisions, the card."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from clinic.aftercare import forms
from clinic.aftercare.queries import help_now, overview, plans, silence
from clinic.aftercare.rules import chart
from clinic.aftercare.rules.outcome import OUTCOME_WORDS
from clinic.aftercare.rules.questions import Item
from clinic.aftercare.rules.terms import NALOXONE_LABELS, REASON_LABELS, STAFF, clock_word, zone_choices
from clinic.aftercare.services import discharge as discharging
from clinic.aftercare.services import plans as planning
from clinic.aftercare.services import wishes
from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.core.rules import local
from clinic.episodes import queries as episodes
from clinic.episodes.rules import Track
from clinic.patients import access as patients
from clinic.patients import queries as patient_queries
from clinic.patients.rules import MessageKind, Right
from clinic.web.drafts import draft_kept
from clinic.web.editing import in_words
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import allow

bp = Blueprint(
    "aftercare",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/static/aftercare",
)
TAB = "aftercare.plan"
SLEEP = {"good": 2.0, "poor": 1.0, "very_poor": 0.0}


@bp.get("/aftercare", endpoint="overview")
@allow(*STAFF)
def everybody() -> ResponseReturnValue:
    """Everybody in aftercare whom the reader may see."""
    now = clock.now()
    rows = overview.in_aftercare(now=now)
    patients.listing("aftercare.listed", [row.person.id for row in rows], now=now)
    return render_template("aftercare/overview.html", rows=rows, clock_word=clock_word, words=OUTCOME_WORDS)


@bp.get("/patients/<uuid:patient_id>/aftercare")
@allow(*STAFF)
def plan(patient_id: UUID) -> ResponseReturnValue:
    """The plan, the check-ins with their answers, what comes next."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    rows = plans.check_ins(patient_id, now=now)
    check_in_plan = plans.plan(patient_id)
    return render_template(
        "aftercare/plan.html",
        record=record,
        tab=TAB,
        written=plans.written(patient_id),
        plan=check_in_plan,
        day=_day(check_in_plan, now),
        rows=rows,
        lines=_lines(rows),
        places=list(zip(chart.places(len(rows)), reversed(rows), strict=True)),
        answered=plans.summary(patient_id, now=now),
        coming=plans.next_check_in(patient_id, now=now),
        calls=plans.calls_ahead(patient_id, now=now),
        ladder=silence.ladder(patient_id),
        button=Form(),
        today=local(now, record.zone).date(),
        discharge=plans.discharge(patient_id),
        episode=episodes.open_episode(patient_id, now=now),
        agreed=patient_queries.agreed_channels(patient_id, MessageKind.CHECK_INS),
        phone=patient_queries.phone_of(patient_id),
        items=Item,
        words=OUTCOME_WORDS,
        clock_word=clock_word,
        naloxone_labels=NALOXONE_LABELS,
        reason_labels=REASON_LABELS,
        now=now,
    )


@bp.route("/patients/<uuid:patient_id>/discharge", methods=["GET", "POST"])
@allow(*STAFF)
def discharge(patient_id: UUID) -> ResponseReturnValue:
    """End the stay and open aftercare."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    episode = episodes.open_episode(patient_id, now=now)
    if episode is not None and episode.track is Track.AFTERCARE:
        return _discharged_already(record)
    form = forms.DischargeForm(
        data={
            "medication": episode.medication if episode else None,
            "check_in_time": configuration.value("check_in_time"),
            "zone": record.zone,
        }
    )
    form.zone.choices = zone_choices(record.zone)
    if kept := draft_kept(form):
        return kept

    def act() -> None:
        discharging.discharge(patient_id, form.wanted(), at=now)

    words = "Discharged. Aftercare has begun, and the check-ins are laid out."
    try:
        if saved := saved_to_plan(form, act, patient_id, words):
            return saved
    except discharging.AlreadyDischarged:
        return _discharged_already(record)
    page = render_template(
        "aftercare/discharge.html",
        record=record,
        tab=TAB,
        form=form,
        episode=episode,
        agreed=patient_queries.agreed_channels(patient_id, MessageKind.CHECK_INS),
    )
    return page, 422 if form.errors else 200


def _discharged_already(record: patients.OpenRecord) -> ResponseReturnValue:
    """Somebody else was first: what was typed of the plan stands beside theirs, the rest is shown."""
    flash("This person was discharged already and is in aftercare.", "warning")
    form, before = forms.RevisionForm(), plans.written(record.id)
    if request.method == "GET" or before is None:
        return redirect(url_for(TAB, patient_id=record.id), 303)
    form.show_theirs(_as_written(before), who=before.author, at=before.written_at)
    stay = [one for one in forms.StayForm() if not isinstance(one, HiddenField)]
    typed = [(one.label.text, in_words(one, one) or form.empty) for one in stay]
    return _revise_page(record, form, typed), 409


def _revise_page(
    record: patients.OpenRecord, form: forms.RevisionForm, typed: list[tuple[str, str]] | None = None
) -> str:
    return render_template("aftercare/revise.html", record=record, tab=TAB, form=form, typed=typed)


@bp.route("/patients/<uuid:patient_id>/aftercare/plan", methods=["GET", "POST"])
@allow(*STAFF)
def revise(patient_id: UUID) -> ResponseReturnValue:
    """The next version of the relapse-prevention plan."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    before = plans.written(patient_id)
    form = forms.RevisionForm(data=_as_written(before))
    form.ask(before is not None)
    if kept := draft_kept(form):
        return kept

    def act() -> None:
        why = form.reason.data or "" if "reason" in form else ""
        discharging.keep_relapse_plan(patient_id, form.parts(), why, version=form.shown_version(), at=now)

    status = 200
    try:
        if saved := saved_to_plan(form, act, patient_id, "The plan is kept. Give the person a copy."):
            return saved
    except Stale:
        before, status = plans.written(patient_id), 409
        assert before is not None  # somebody wrote it
        shown = {**_as_written(before), "reason": before.reason}
        form.show_theirs(shown, who=before.author, at=before.written_at)
    return _revise_page(record, form), 422 if form.errors else status


def _as_written(before: plans.Written | None) -> dict[str, Any]:
    return forms.as_shown(before.n, before.parts) if before else {}


@bp.get("/patients/<uuid:patient_id>/aftercare/plan/versions")
@allow(*STAFF)
def versions(patient_id: UUID) -> ResponseReturnValue:
    """How the plan changed: each version beside the one before, who wrote it, when and why."""
    record = patients.opening(patient_id, Right.AFTERCARE, now=clock.now())
    found = plans.versions(patient_id)
    if not found:
        raise Missing
    return render_template(
        "aftercare/versions.html", record=record, tab=TAB, newest=found[0], told=plans.revisions(found)
    )


@bp.route("/patients/<uuid:patient_id>/aftercare/check-ins", methods=["GET", "POST"])
@allow(*STAFF)
def times(patient_id: UUID) -> ResponseReturnValue:
    """When check-ins come: what nobody was asked yet is laid out anew."""
    now = clock.now()
    record = patients.opening(patient_id, Right.AFTERCARE, now=now)
    in_force = plans.plan(patient_id)
    if in_force is None:
        raise Missing
    form = forms.TimesForm(data=_in_force(in_force))
    form.zone.choices = zone_choices(in_force.zone)

    def act() -> None:
        wanted = (form.check_in_time.data, form.zone.data or "")
        planning.revise(patient_id, *wanted, version=form.shown_version(), at=now)

    status = 200
    try:
        if saved := saved_to_plan(form, act, patient_id, "Check-ins come at the new time from now on."):
            return saved
    except Stale:
        in_force, status = plans.plan(patient_id) or in_force, 409
        form.show_theirs(_in_force(in_force))
    page = render_template("aftercare/times.html", record=record, tab=TAB, form=form, plan=in_force)
    return page, 422 if form.errors else status


def _in_force(plan: plans.PlanRow) -> dict[str, object]:
    return {"check_in_time": plan.local_time, "zone": plan.zone, "version": plan.version}


@bp.post("/patients/<uuid:patient_id>/aftercare/resume")
@allow(*STAFF)
def resume(patient_id: UUID) -> ResponseReturnValue:
    """End a pause that the person chose, because they say so."""
    now = clock.now()
    patients.opening(patient_id, Right.AFTERCARE, now=now)
    back = url_for(TAB, patient_id=patient_id)
    return pressed(lambda: wishes.resume(patient_id, at=now), back, "The pause is over. Check-ins go on.")


@bp.get("/patients/<uuid:patient_id>/aftercare/card")
@allow(*STAFF)
def card(patient_id: UUID) -> ResponseReturnValue:
    """The plan on a card for the person's pocket."""
    record = patients.opening(patient_id, Right.AFTERCARE, now=clock.now())
    written = plans.written(patient_id)
    if written is None:
        raise Missing
    return render_template(
        "aftercare/card.html", record=record, tab=TAB, written=written, numbers=help_now.numbers()
    )


def saved_to_plan(
    form: Form, act: Callable[[], None], patient_id: UUID, words: str
) -> ResponseReturnValue | None:
    """Do a sent form's work once and lead to the plan; None where the page is shown, with its errors.

    Raises Stale, AlreadyDischarged where somebody else saved meanwhile.
    """
    if not form.validate_on_submit():
        return None
    try:
        with once(form) as done:
            done.location = url_for(TAB, patient_id=patient_id)
            act()
    except Invalid as refused:
        form.add_error(refused)
        return None
    except (Stale, discharging.AlreadyDischarged):
        raise  # the page shows both versions
    except Refused as refused:
        form.form_errors.append(refused.message)
        return None
    flash(words, "success")
    return redirect(done.location, 303)


def _day(plan: plans.PlanRow | None, now: datetime) -> int:
    return (local(now, plan.zone).date() - plan.discharged_on).days if plan else 0


def _lines(rows: list[plans.CheckInRow]) -> list[chart.Line]:
    """Pull, today and sleep over time; what made somebody act has a point of its own."""
    oldest_first = rows[::-1]

    def drawn(label: str, scale: str, item: Item, top: float, highest: float) -> chart.Line:
        said = [row.known.get(item) for row in oldest_first]
        values = [
            None if text is None else SLEEP.get(text) if item is Item.SLEEP else float(text) for text in said
        ]
        marked = [any(reason.item is item for reason in row.judgement.reasons) for row in oldest_first]
        return chart.line(label, scale, values, marked, top, highest)

    return [
        drawn("Pull", "0–10", Item.PULL, 8, 10),
        drawn("Today", "0–10", Item.TODAY, 68, 10),
        drawn("Sleep", "poor–good", Item.SLEEP, 128, 2),
    ]


def _number(item: Item, said: str | None) -> float | None:
    if said is None:
        return None
    return SLEEP[said] if item is Item.SLEEP else float(said)
