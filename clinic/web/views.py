"""Pages that every page links to, and the doors for machines that watch."""

import tomllib
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from clinic.web import readiness
from clinic.web.policy import machine, public

bp = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path="/look")

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
VERSION: str = tomllib.loads(PROJECT.read_text())["project"]["version"]


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """Version, who runs this copy, how to reach them, the licence, in neutral words (P5.5)."""
    return render_template("about.html", version=VERSION)


@bp.get("/healthz")
@machine
def healthz() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@bp.get("/readyz")
@machine
def readyz() -> ResponseReturnValue:
    """503 only when the database or its schema is not there; the rest is told as degraded."""
    state = readiness.check()
    answer = {
        "status": "ok" if state.ready else "unavailable",
        "degraded": state.degraded,
        "last_beat": state.last_beat and state.last_beat.isoformat(),
    }
    return answer, 200 if state.ready else 503
