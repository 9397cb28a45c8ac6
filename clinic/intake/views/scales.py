"""COWS and PHQ-9 as sections: the forms of `instruments` in the assessment's own frame."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core.errors import Invalid, Stale
from clinic.instruments import queries as instruments
from clinic.instruments import services
from clinic.instruments.forms import InstrumentForm, form_for, prefill
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import Filled, Instrument, running
from clinic.instruments.views.drafting import kept_by_script
from clinic.intake.forms.assessment import NotDoneForm
from clinic.intake.queries import assessments
from clinic.intake.queries.assessments import Sheet
from clinic.intake.rules.sections import Section
from clinic.intake.views.frame import frame
from clinic.patients.access import OpenRecord
from clinic.web.forms import AS_SAVED
from clinic.web.once import once


def scale(record: OpenRecord, sheet: Sheet, section: Section, now: datetime) -> ResponseReturnValue:
    """Show the form, or complete it, or keep it as a draft."""
    assert section.instrument is not None
    if request.method == "GET":
        return page(record, sheet, section, now)
    form = _as_saved(record, sheet.scales.get(section), section.instrument, now)
    if answer := kept_by_script(form, record.id, record.zone, now):
        return answer
    if not form.validate():
        return page(record, sheet, section, now, form), 422
    draft = request.form.get("do") == "save"
    keep = services.save_draft if draft else services.complete
    filled, version = form.filled(record.zone), form.shown_draft()
    try:
        with once(form) as done:
            saved = keep(record.id, section.instrument, filled, version=version, at=now)
            done.location = url_for("intake.assessment", patient_id=record.id)
    except Invalid as error:
        form.add_error(error)
        return page(record, sheet, section, now, form), 422
    except Stale:
        sheet = assessments.sheet(sheet.id)
        theirs = instruments.unsigned(record.id, section.instrument)
        names = accounts.names([theirs.recorded_by]) if theirs else {}
        start, at = _start(record, theirs, form.instrument, now), theirs.recorded_at if theirs else None
        form.show_theirs(start, who="".join(names.values()), at=at)
        return page(record, sheet, section, now, form), 409
    if not draft and saved.errors:
        form.show_errors(saved.errors)
        form.draft_seen.data, form.form_id.data = str(saved.version), str(uuid4())
        return page(record, assessments.sheet(sheet.id), section, now, form, saved_at=now), 422
    flash(f"{section.label} is saved as a draft." if draft else f"{section.label} is complete.", "success")
    return redirect(done.location, 303)


def page(
    record: OpenRecord,
    sheet: Sheet,
    section: Section,
    now: datetime,
    form: InstrumentForm | None = None,
    *,
    not_done: NotDoneForm | None = None,
    **more: object,
) -> str:
    """The form of a scale between the list of sections and the running score."""
    assert section.instrument is not None
    shown = form or _as_saved(record, sheet.scales.get(section), section.instrument, now)
    instrument = shown.instrument
    if section is Section.COWS and not_done is None:
        not_done = NotDoneForm(AS_SAVED if request.method == "POST" else None, data=reason_shown(sheet))
    return render_template(
        "intake/scale.html",
        record=record,
        sheet=sheet,
        section=section,
        frame=frame(sheet, section, now),
        instrument=instrument,
        form=shown,
        running=running(instrument, shown.answers(), shown.context()),
        not_done=not_done,
        emergency=configuration.emergency_number(),
        **{
            "saved_at": _saved_at(sheet, section) if form is None else None,
        }
        | more,
    )


def reason_shown(sheet: Sheet) -> dict[str, object]:
    """What the form says of why no COWS was taken."""
    reason = sheet.saved(Section.COWS)
    return {"reason": reason.answers.get("not_done"), "version": reason.version}


def _saved_at(sheet: Sheet, section: Section) -> datetime | None:
    found = sheet.scales.get(section)
    return found.recorded_at if found else None


def _as_saved(
    record: OpenRecord, row: AdministrationRow | None, instrument_id: str, now: datetime
) -> InstrumentForm:
    """The form filled in so far. A scale that is signed already can be taken again, from empty."""
    open_row = row if row and row.signed_at is None else None
    instrument = instruments.worded(instrument_id)
    return form_for(instrument)(data=_start(record, open_row, instrument, now))


def _start(
    record: OpenRecord, row: AdministrationRow | None, instrument: Instrument, now: datetime
) -> dict[str, Any]:
    filled = row.filled if row else Filled({}, {}, now)
    return prefill(instrument, filled, zone=record.zone, version=row.version if row else None)
