"""Faults on command, as a page and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from simulator.faults import Faults
from simulator.world import world

bp = Blueprint("control", __name__)


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """The simulator answers."""
    return {"status": "ready"}


@bp.get("/faults.json")
def read() -> ResponseReturnValue:
    """What goes wrong just now."""
    return jsonify(asdict(world().faults))


@bp.post("/faults.json")
def change() -> ResponseReturnValue:
    """Change the named faults, leave the others."""
    try:
        _change(request.get_json())
    except ValueError as error:
        return {"error": str(error)}, 422
    return read()


@bp.delete("/faults.json")
def heal() -> ResponseReturnValue:
    """Nothing goes wrong any more."""
    world().faults = Faults()
    return read()


@bp.get("/faults")
def page() -> ResponseReturnValue:
    """The same for people."""
    return render_template("faults.html", faults=asdict(world().faults), fields=fields(Faults))


@bp.post("/faults")
def save() -> ResponseReturnValue:
    """Change all of them at once, or heal."""
    if "heal" in request.form:
        world().faults = Faults()
        return redirect(url_for("control.page"), 303)
    try:
        _change(request.form.to_dict())
    except ValueError as error:
        typed = request.form.to_dict()
        return render_template("faults.html", faults=typed, fields=fields(Faults), wrong=error), 422
    return redirect(url_for("control.page"), 303)


def _change(wanted: Mapping[str, Any]) -> None:
    here = world()
    here.faults = here.faults.merged(wanted)
    if here.faults.refuse_seconds:
        here.refuse.set()
