"""The sheet as a page, to be printed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.core import clock
from clinic.downtime import queries
from clinic.patients import access as patients
from clinic.patients.rules import READERS
from clinic.web.policy import allow

bp = Blueprint(
    "downtime",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/downtime",
)


@bp.get("/downtime-sheet")
@allow(*READERS)  # every role that has patients; privacy and administration have none
def sheet() -> ResponseReturnValue:
    """One's own caseload, or the site's."""
    now = clock.now()
    found = queries.sheet(now=now)
    patients.listing("downtime.opened", found.ids, now=now)
    return render_template("downtime/page.html", sheet=found)
