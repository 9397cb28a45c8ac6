"""The assessment: its sections in any order, saved one by one, then signed."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core import actor, clock
from clinic.core.errors import Missing, Stale
from clinic.intake.forms.assessment import AmendForm, NotDoneForm, SafetyForm, SubstancesForm, as_shown
from clinic.intake.queries import assessments as queries
from clinic.intake.queries import placements
from clinic.intake.queries.assessments import Saved, Sheet
from clinic.intake.rules.findings import missing
from clinic.intake.rules.sections import Section, label_of, source_of
from clinic.intake.services import assessments as services
from clinic.intake.views import answers, scales
from clinic.intake.views.blueprint import ASSESSORS, READERS, bp
from clinic.intake.views.frame import frame
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.web.amendments import Amendment
from clinic.web.drafts import draft_kept
from clinic.web.editing import EditForm
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import allow

FORMS: Mapping[Section, type[SafetyForm | SubstancesForm]] = {
    Section.SAFETY: SafetyForm,
    Section.SUBSTANCES: SubstancesForm,
}


@bp.get("/patients/<uuid:patient_id>/assessment")
@allow(*READERS)
def assessment(patient_id: UUID) -> ResponseReturnValue:
    """Where the assessment stands, what is missing, and its signature."""
    now = clock.now()
    record, sheet = opening(patient_id, Right.INTAKE, now=now), queries.newest(patient_id)
    if sheet is None:
        return render_template("intake/begin.html", record=record, form=Form())
    unknown = missing(sheet.findings(sheet.signed_at or now))
    who = {sheet.started_by, *filter(None, [sheet.signed_by]), *(s.saved_by for s in sheet.sections.values())}
    return render_template(
        "intake/assessment.html",
        record=record,
        sheet=sheet,
        frame=frame(sheet, None, now),
        missing=[(label_of(key), source_of(key)) for key in unknown],
        names=accounts.names(filter(None, who)),
        sections=list(Section),
        emergency=configuration.emergency_number(),
        recommended=placements.of_assessment(sheet.id),
        amendment=_amendment(record, sheet),
        form=Form(),
        now=now,
    )


def _amendment(record: OpenRecord, sheet: Sheet) -> Amendment | None:
    if sheet.amends_id is None:
        return None
    return answers.amendment(sheet, queries.sheet(sheet.amends_id), record.zone)


@bp.route("/patients/<uuid:patient_id>/assessment/amend", methods=["GET", "POST"])
@allow(*ASSESSORS)
def amend(patient_id: UUID) -> ResponseReturnValue:
    """Begin an assessment with the answers of the signed one, to put right what was wrong there."""
    now = clock.now()
    record, sheet = opening(patient_id, Right.INTAKE, now=now), queries.newest(patient_id)
    if sheet is None or sheet.signed_at is None:
        return redirect(url_for(".assessment", patient_id=patient_id), 303)
    form = AmendForm()
    if form.validate_on_submit():
        with once(form) as done:
            done.location = url_for(".assessment", patient_id=patient_id)
            services.amend(patient_id, sheet.id, form.reason.data or "", at=now)
        flash("The answers of the signed assessment are here to be put right. Sign when done.", "success")
        return redirect(done.location, 303)
    page = render_template("intake/amend.html", record=record, sheet=sheet, form=form)
    return page, 422 if form.errors else 200


@bp.post("/patients/<uuid:patient_id>/assessment/begin")
@allow(*ASSESSORS)
def begin(patient_id: UUID) -> ResponseReturnValue:
    """Begin an assessment; one that is open stays."""
    first = url_for(".section", patient_id=patient_id, section=Section.SAFETY)
    return pressed(lambda: services.begin(patient_id, at=clock.now()), first, "The assessment is open.")


@bp.post("/patients/<uuid:patient_id>/assessment/sign")
@allow(*ASSESSORS)
def sign(patient_id: UUID) -> ResponseReturnValue:
    """Sign; the rules then propose a level of care."""
    form = Form()
    if not form.validate_on_submit():
        abort(400)
    with once(form) as done:
        services.sign(patient_id, at=clock.now())
        done.location = url_for(".placement", patient_id=patient_id)
    flash("The assessment is signed. Later changes need a new one.", "success")
    return redirect(done.location, 303)


@bp.get("/patients/<uuid:patient_id>/assessment/<section>")
@allow(*READERS)
def section(patient_id: UUID, section: str) -> ResponseReturnValue:
    """One section, as last saved; to read once the assessment is signed, or for who does not assess."""
    now, wanted = clock.now(), _section(section)
    record, sheet = opening(patient_id, Right.INTAKE, now=now), queries.newest(patient_id)
    if sheet is None:
        return redirect(url_for(".assessment", patient_id=patient_id), 303)
    if sheet.signed_at or actor.get().role not in ASSESSORS:
        return _to_read(record, sheet, wanted, now)
    return _fill(record, sheet, wanted, now)


@bp.post("/patients/<uuid:patient_id>/assessment/<section>")
@allow(*ASSESSORS)
def save(patient_id: UUID, section: str) -> ResponseReturnValue:
    """Keep one section."""
    now, wanted = clock.now(), _section(section)
    record, sheet = opening(patient_id, Right.INTAKE, now=now), queries.newest(patient_id)
    if sheet is None or sheet.signed_at:
        flash("The assessment was signed meanwhile. What you entered was not saved.", "warning")
        return redirect(url_for(".assessment", patient_id=patient_id), 303)
    return _fill(record, sheet, wanted, now)


def _section(code: str) -> Section:
    try:
        return Section(code)
    except ValueError:
        raise Missing from None


def _fill(record: OpenRecord, sheet: Sheet, section: Section, now: datetime) -> ResponseReturnValue:
    if section.instrument:
        return scales.scale(record, sheet, section, now)
    return _questions(record, sheet, section, now)


def _to_read(record: OpenRecord, sheet: Sheet, section: Section, now: datetime) -> ResponseReturnValue:
    scale = sheet.scales.get(section)
    if scale and scale.completed_at:
        return redirect(url_for("instruments.result", patient_id=record.id, administration_id=scale.id), 303)
    saved = sheet.saved(section)
    return render_template(
        "intake/answers.html",
        record=record,
        sheet=sheet,
        section=section,
        frame=frame(sheet, section, now),
        saved=saved,
        parts=answers.parts_in_words(saved.answers) if section is Section.SAFETY else [],
        uses=[answers.use_words(use, record.zone) for use in saved.answers.get("uses", ())],
        names=accounts.names([saved.saved_by] if saved.saved_by else []),
        emergency=configuration.emergency_number(),
    )


def _questions(record: OpenRecord, sheet: Sheet, section: Section, now: datetime) -> ResponseReturnValue:
    """A section of questions: to fill, keep as a draft, save; of two who save the second chooses."""
    form = FORMS[section](data=_shown(record, sheet, section))
    if kept := draft_kept(form):
        return kept
    if request.method == "GET":
        return _page(record, sheet, section, form, now)
    if isinstance(form, SubstancesForm) and request.form.get("do") == "more":
        form.more_rows()
        return _page(record, sheet, section, form, now)
    if not (form.validate() and form.check(record.zone, now)):
        return _page(record, sheet, section, form, now), 422
    try:
        return _keep(record, section, form, form.answers(record.zone), now)
    except Stale:
        sheet = queries.sheet(sheet.id)
        _beside(form, sheet.saved(section), _shown(record, sheet, section))
        return _page(record, sheet, section, form, now), 409


def _shown(record: OpenRecord, sheet: Sheet, section: Section) -> dict[str, object]:
    saved = sheet.saved(section)
    return {**as_shown(section, saved.answers, record.zone), "version": saved.version}


def _beside(form: EditForm, theirs: Saved, shown: dict[str, object]) -> None:
    """Somebody else saved it meanwhile: theirs stands beside what was typed."""
    names = accounts.names([theirs.saved_by] if theirs.saved_by else [])
    form.show_theirs(shown, who="".join(names.values()), at=theirs.saved_at)


@bp.route("/patients/<uuid:patient_id>/assessment/cows/not-taken", methods=["GET", "POST"])
@allow(*ASSESSORS)
def not_taken(patient_id: UUID) -> ResponseReturnValue:
    """Why no COWS was taken. To get it shows the scale: there a reason kept over a sign-in comes back."""
    now = clock.now()
    record, sheet = opening(patient_id, Right.INTAKE, now=now), queries.newest(patient_id)
    if sheet is None or sheet.signed_at:
        return redirect(url_for(".assessment", patient_id=patient_id), 303)
    if request.method == "GET":
        return scales.page(record, sheet, Section.COWS, now)
    form = NotDoneForm(data=scales.reason_shown(sheet))
    if not form.validate():
        return scales.page(record, sheet, Section.COWS, now, not_done=form), 422
    try:
        return _keep(record, Section.COWS, form, {"not_done": form.reason.data}, now)
    except Stale:
        sheet = queries.sheet(sheet.id)
        _beside(form, sheet.saved(Section.COWS), scales.reason_shown(sheet))
        return scales.page(record, sheet, Section.COWS, now, not_done=form), 409


def _keep(
    record: OpenRecord, section: Section, form: EditForm, given: dict[str, object], now: datetime
) -> ResponseReturnValue:
    with once(form) as done:
        services.save(record.id, section, given, version=form.shown_version(), at=now)
        done.location = url_for(".assessment", patient_id=record.id)
        if request.form.get("do") == "next":
            order = list(Section)
            following = order[min(order.index(section) + 1, len(order) - 1)]
            done.location = url_for(".section", patient_id=record.id, section=following)
    flash(f"{section.label} is saved.", "success")
    return redirect(done.location, 303)


def _page(
    record: OpenRecord, sheet: Sheet, section: Section, form: SafetyForm | SubstancesForm, now: datetime
) -> str:
    return render_template(
        f"intake/{section}.html",
        record=record,
        sheet=sheet,
        section=section,
        saved=sheet.saved(section),
        frame=frame(sheet, section, now),
        form=form,
        emergency=configuration.emergency_number(),
    )
