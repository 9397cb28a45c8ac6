"""Today."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from clinic.core import clock
from clinic.core.settings import current
from clinic.episodes.forms import AnswerForm
from clinic.episodes.rules import Track
from clinic.home import queries
from clinic.safety.queries import DUE_LIMIT
from clinic.web.policy import signed_in

bp = Blueprint("home", __name__, template_folder="templates")


@bp.get("/")
@signed_in
def today() -> ResponseReturnValue:
    """Unanswered risk first, then sessions, then the caseload."""
    now = clock.now()
    asked = request.args.get("track")
    track = Track(asked) if asked in set(Track) else None
    page = queries.today(now=now, zone=current().zone, track=track)
    return render_template(
        "home/today.html", today=page, tracks=list(Track), form=AnswerForm(), now=now, plans_shown=DUE_LIMIT
    )
