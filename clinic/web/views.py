"""Pages that every page links to, and the doors for machines that watch."""

import re
import tomllib
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.core.settings import current
from clinic.web import readiness
from clinic.web.forms import Form
from clinic.web.policy import machine, public, signed_in

bp = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path="/look")

ONE_YEAR = 365 * 24 * 3600  # seconds
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/css/bootstrap.min.css"
# Its embedded images are forbidden by our policy; asked for before our own sheet has replaced them by files,
# they would fill the console. So they never leave the house.
WITHOUT_IMAGES = re.sub(r'url\("data:[^"]*"\)', "none", BOOTSTRAP.read_text())
VERSION: str = tomllib.loads(PROJECT.read_text())["project"]["version"]


@bp.get("/look/bootstrap.css")
@public
def bootstrap_static() -> ResponseReturnValue:
    """Bootstrap's style sheet without its embedded images."""
    answer = Response(WITHOUT_IMAGES, mimetype="text/css")
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    """Version, who runs this copy, how to reach them, the licence, in neutral words (P5.5)."""
    return render_template("about.html", version=VERSION)


@bp.route("/keys", methods=["GET", "POST"])
@signed_in
def keys() -> ResponseReturnValue:
    """The keys that make pages faster, and the switch for those of one letter (WCAG 2.1.4)."""
    off = request.cookies.get("keys") == "off"
    form = Form()
    if not form.validate_on_submit():
        return render_template("keys.html", form=form, off=off)
    answer = redirect(url_for("web.keys"), 303)
    answer.set_cookie(
        "keys",
        "on" if off else "off",
        max_age=ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current().https,
    )
    return answer


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
