"""The words of the clinic's texts and letters: as shipped or its own, with a preview, history and undo."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.accounts.rules import Role
from clinic.configuration.rules import FACTS
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Stale
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.forms import BackForm, LetterForm, LinkedLetterForm, WordsForm
from clinic.messaging.rules import gsm7
from clinic.messaging.rules.own_words import (
    TEMPLATES,
    Which,
    Wording,
    longest_letter,
    longest_text,
    problem,
    shipped,
)
from clinic.messaging.rules.templates import LANGUAGES, SEGMENT
from clinic.messaging.services import own_words as services
from clinic.messaging.views.engine import bp
from clinic.patients.rules import Channel
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.web.text import version_number

NAMES = {"en": "English", "es": "Spanish"}
STANDS_ON = {Channel.SMS: ("P4.1", "P5.1"), Channel.EMAIL: ("P5.1", "P5.2")}
PLACE = "/administration/templates/<any(sms, email):channel>/<template>/<language>"


@bp.get("/administration/templates")
@allow(Role.ADMINISTRATOR)
def templates() -> ResponseReturnValue:
    """Every text and letter in every language, as it goes out now."""
    own = queries.words_in_force()
    rows = {
        channel: [
            (which, own.get(which, shipped(which)), which in own)
            for which in (Which(channel, template, lang) for template in known for lang in LANGUAGES)
        ]
        for channel, known in TEMPLATES.items()
    }
    return render_template("messaging/own_words_all.html", rows=rows, names=NAMES)


@bp.route(PLACE, methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def words(channel: str, template: str, language: str) -> ResponseReturnValue:
    """One text or letter: own words, the longest message they make, every earlier version."""
    which = _known(channel, template, language)
    form, status = _form(which)(data=_saved(which)), 200
    if "preview" in request.form:
        if wrong := problem(which, form.wording(), current().public_url):
            form.add_error(Invalid(*wrong))
        return _page(which, form), 422 if form.errors else 200
    if form.validate_on_submit():
        said, reason = form.wording(), form.reason.data or ""
        try:
            with once(form) as done:
                services.decide_words(which, said, read=form.shown_version(), reason=reason, at=clock.now())
                done.location = _address(which)
        except Stale:
            newest, status = queries.words_history(which)[0], 409
            form.show_theirs(_saved(which), who=newest.by or "A command", at=newest.changed_at)
        except Invalid as error:
            form.add_error(error)
        else:
            flash("The words were saved. They go out from the next message on.", "success")
            return redirect(done.location, 303)
    return _page(which, form), 422 if form.errors else status


@bp.post(PLACE + "/undo")
@allow(Role.ADMINISTRATOR)
def words_undo(channel: str, template: str, language: str) -> ResponseReturnValue:
    """Go back to earlier words, by a further decision."""
    which, form = _known(channel, template, language), BackForm()
    if form.validate():
        version, read = version_number(request.form.get("version")), version_number(form.read.data)
        try:
            with once(form) as done:
                services.bring_back(which, version, read=read, at=clock.now())
                done.location = _address(which)
        except Invalid as error:
            flash(f"The words were not changed. {error.message}.", "danger")
        else:
            flash("The words are again as they were.", "success")
    return redirect(_address(which), 303)


def _known(channel: str, template: str, language: str) -> Which:
    which = Which(Channel(channel), template, language)
    if template not in TEMPLATES[which.channel] or language not in LANGUAGES:
        raise Missing
    return which


def _address(which: Which) -> str:
    return url_for("messaging.words", **which._asdict())


def _form(which: Which) -> type[WordsForm]:
    if which.channel is Channel.SMS:
        return WordsForm
    return LinkedLetterForm if shipped(which).link_words else LetterForm


def _saved(which: Which) -> dict[str, str | None]:
    newest = next(iter(queries.words_history(which)), None)
    said = (newest and newest.said) or shipped(which)
    return {**said._asdict(), "version": str(newest.version if newest else 0)}


def _page(which: Which, form: WordsForm) -> str:
    history = queries.words_history(which)
    return render_template(
        "messaging/own_words.html",
        which=which,
        form=form,
        undo=BackForm(MultiDict(), data={"read": str(history[0].version if history else 0)}),
        shipped=shipped(which),
        preview=None if form.errors else _preview(which, form.wording()),
        history=history,
        facts=[FACTS[fact] for fact in STANDS_ON[which.channel]],
        names=NAMES,
    )


def _preview(which: Which, own: Wording) -> dict[str, object]:
    host = current().public_url
    if which.channel is Channel.SMS:
        text = longest_text(which, own.text, host)
        size = f"{gsm7.septets(text)} of {SEGMENT}"
        return {"text": text, "sizes": [("Messages", gsm7.segments(text)), ("Characters", size)]}
    return {"letter": longest_letter(which, own, host)}
