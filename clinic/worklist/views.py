"""The page of one work item."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Refused
from clinic.patients import access as patients
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.worklist import queries, services
from clinic.worklist.forms import OutcomeForm
from clinic.worklist.rules import EVENTS, Outcome

bp = Blueprint("worklist", __name__, template_folder="templates")
WORKERS = tuple(role for role in Role if role not in (Role.ADMINISTRATOR, Role.PRIVACY))


@bp.get("/work/<uuid:item_id>")
@allow(*WORKERS)
def item(item_id: UUID) -> ResponseReturnValue:
    """Why it waits, what was done, and the form to record an outcome."""
    return _page(item_id, OutcomeForm())


@bp.post("/work/<uuid:item_id>")
@allow(*WORKERS)
def record(item_id: UUID) -> ResponseReturnValue:
    """Record an outcome."""
    form = OutcomeForm()
    if not form.validate():
        return _page(item_id, form), 422
    version = int(typed) if (typed := form.version.data or "").isdecimal() else 0
    try:
        with once(form) as done:
            done.location = url_for("home.today")
            services.record_outcome(
                item_id,
                Outcome(form.outcome.data),
                form.note.data,
                close=form.close.data,
                version=version,
                at=clock.now(),
            )
    except Missing:
        abort(404)
    except Invalid as error:
        form.add_error(error)
        return _page(item_id, form), 422
    except Refused as refused:
        form.form_errors.append(refused.message)
        return _page(item_id, form), 409
    flash("Closed." if form.close.data else "Recorded. The item stays open.", "success")
    return redirect(done.location, 303)


def _page(item_id: UUID, form: OutcomeForm) -> str:
    now = clock.now()
    found = queries.one(item_id, now=now)
    if found is None:
        abort(404)
    patients.listing("work.opened", [found.patient_id] if found.patient_id else [], now=now)
    if request.method == "GET" or not form.version.data:
        form.version.data = str(found.version)
    return render_template(
        "worklist/item.html", item=found, steps=queries.steps(item_id), events=EVENTS, form=form, now=now
    )
