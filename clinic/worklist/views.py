"""The page of one work item."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.patients import access as patients
from clinic.web.filters import clock as time
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.worklist import queries, services
from clinic.worklist.forms import OutcomeForm
from clinic.worklist.rules import EVENTS, Outcome

bp = Blueprint("worklist", __name__, template_folder="templates")
WORKERS = tuple(role for role in Role if role is not Role.PRIVACY)  # administrators: the installation's own


@bp.get("/work/<uuid:item_id>")
@allow(*WORKERS)
def item(item_id: UUID) -> ResponseReturnValue:
    """Why it waits, what was done, and the form to record an outcome."""
    return _page(item_id, None)


@bp.post("/work/<uuid:item_id>")
@allow(*WORKERS)
def record(item_id: UUID) -> ResponseReturnValue:
    """Record an outcome."""
    form = OutcomeForm()
    if not form.validate():
        return _page(item_id, form), 422
    try:
        with once(form) as done:
            done.location = url_for("home.today")
            services.record_outcome(
                item_id,
                Outcome(form.outcome.data),
                form.note.data,
                close=form.close.data,
                without=form.without.data or None,
                version=form.shown_version(),
                at=clock.now(),
            )
    except Missing:
        abort(404)
    except Invalid as error:
        form.add_error(error)
        return _page(item_id, form), 422
    except Stale:  # an answer is added, not changed: theirs stands among the steps, yours can follow
        form.form_errors.append(_told(queries.steps(item_id)[-1]))
        form.version.data = ""
        return _page(item_id, form), 409
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _page(item_id, form), 409
    flash("Closed." if form.close.data else "Recorded. The item stays open.", "success")
    return redirect(done.location, 303)


def _told(last: queries.Step) -> str:
    who, what = last.by or "Someone else", last.outcome.label if last.outcome else EVENTS[last.event]
    return f"{who} was first, at {time(last.at)}: {what}. Record yours too if it adds something"


def _page(item_id: UUID, form: OutcomeForm | None) -> str:
    now = clock.now()
    found = queries.one(item_id, now=now)
    if found is None:
        abort(404)
    patients.listing("work.opened", [found.patient_id] if found.patient_id else [], now=now)
    form = form or OutcomeForm(data={"version": found.version})
    form.version.data = form.version.data or str(found.version)
    beside = queries.beside(found.kind, found.patient_id)
    missing = next((page.missing for page in beside if page.missing), None)
    if missing:
        form.without.label.text = f"Why it is closed without {missing}"
    return render_template(
        "worklist/item.html",
        item=found,
        beside=beside,
        missing=missing,
        steps=queries.steps(item_id),
        events=EVENTS,
        form=form,
        now=now,
    )
