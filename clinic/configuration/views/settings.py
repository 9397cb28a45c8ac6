"""The clinic's settings: all at a glance, one with its history, and the fact behind each."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.accounts.rules import Role
from clinic.configuration import queries, services
from clinic.configuration.forms import SettingForm, UndoForm, decided, deciding, in_force
from clinic.configuration.rules import FACTS, GROUPS, SETTINGS, Setting
from clinic.configuration.rules.words import cell_words, in_words, range_words
from clinic.configuration.views.blueprint import bp
from clinic.core import clock
from clinic.core.errors import Invalid, Stale
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.web.text import version_number

WORDS = {"in_words": in_words, "range_words": range_words, "cell_words": cell_words, "facts": FACTS}


@bp.get("/administration/settings")
@allow(Role.ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """Every setting by group: in force, as shipped, allowed, its fact, who changed it."""
    return render_template(
        "configuration/settings.html",
        groups=GROUPS,
        values=queries.values(),
        decisions=queries.decisions(),
        **WORDS,
    )


@bp.route("/administration/settings/<key>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def setting(key: str) -> ResponseReturnValue:
    """One setting: decide it anew, see every earlier decision. Of two who decide the second sees both."""
    known = _known(key)
    form, status = deciding(known, queries.value(key), _newest(key)), 200
    if form.validate_on_submit():
        value, reason = decided(known, form), form.reason.data
        try:
            with once(form) as done:
                services.set_value(key, value, at=clock.now(), reason=reason, read=form.shown_version())
                done.location = url_for("configuration.setting", key=key)
        except Stale:
            queries.forget()
            status, last = 409, queries.history(key)[0]
            saved = in_force(known, queries.value(key), last.version)
            form.show_theirs(saved, who=last.by or "A command", at=last.changed_at)
        except Invalid as error:
            form.add_error(Invalid("", error.message) if known.table else error)
        else:
            flash(f"{known.label} was saved.", "success")
            return redirect(done.location, 303)
    return _page(known, form), 422 if form.errors else status


@bp.post("/administration/settings/<key>/undo")
@allow(Role.ADMINISTRATOR)
def undo(key: str) -> ResponseReturnValue:
    """Go back to an earlier decision, by a further one."""
    known, form, former = _known(key), UndoForm(), version_number(request.form.get("version"))
    here = url_for("configuration.setting", key=key)
    if form.validate_on_submit():
        words = f"Undo: back to version {former}" if former else "Undo: as shipped"
        try:
            with once(form) as done:
                services.restore(
                    key, former, at=clock.now(), reason=words, read=version_number(form.read.data)
                )
                done.location = here
        except Invalid as error:
            flash(f"{known.label} was not changed. {error.message}.", "danger")
        else:
            flash(f"{known.label} is again as it was.", "success")
    return redirect(here, 303)


@bp.get("/administration/facts/<fact_id>")
@allow(Role.ADMINISTRATOR)
def fact(fact_id: str) -> ResponseReturnValue:
    """What a setting stands on: the fact, its source and how sure we are."""
    if fact_id not in FACTS:
        abort(404)
    resting = [setting for setting in SETTINGS.values() if setting.fact == fact_id]
    return render_template(
        "configuration/fact.html", fact=FACTS[fact_id], resting=resting, values=queries.values(), **WORDS
    )


def _known(key: str) -> Setting:
    if key not in SETTINGS:
        abort(404)
    return SETTINGS[key]


def _newest(key: str) -> int:
    return next((one.version for one in queries.history(key)), 0)


def _page(known: Setting, form: SettingForm) -> str:
    queries.forget()
    return render_template(
        "configuration/setting.html",
        setting=known,
        form=form,
        undo=UndoForm(MultiDict(), data={"read": str(_newest(known.key))}),
        value=queries.value(known.key),
        history=queries.history(known.key),
        **WORDS,
    )
