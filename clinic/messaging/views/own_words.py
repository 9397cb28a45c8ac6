"""The words of the clinic's texts: as shipped or its own, with a preview, history and undo."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Stale
from clinic.core.settings import current
from clinic.messaging import queries
from clinic.messaging.forms import BackForm, WordsForm
from clinic.messaging.rules import gsm7
from clinic.messaging.rules.own_words import longest, problem
from clinic.messaging.rules.templates import LANGUAGES, SEGMENT, WORDS
from clinic.messaging.services import own_words as services
from clinic.messaging.views.engine import bp
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.web.text import version_number

NAMES = {"en": "English", "es": "Spanish"}


@bp.get("/administration/templates")
@allow(Role.ADMINISTRATOR)
def templates() -> ResponseReturnValue:
    """Every text in every language, as it goes out now."""
    own = queries.words_in_force()
    rows = [
        (template, language, own.get((template, language)) or WORDS.templates[template].texts[language],
         (template, language) in own)
        for template in WORDS.templates
        for language in LANGUAGES
    ]  # fmt: skip
    return render_template("messaging/own_words_all.html", rows=rows, names=NAMES)


@bp.route("/administration/templates/<template>/<language>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def words(template: str, language: str) -> ResponseReturnValue:
    """One text: own words, the longest message they make, every earlier version."""
    _known(template, language)
    history = queries.words_history(template, language)
    said = (history[0].text if history else None) or WORDS.templates[template].texts[language]
    form = WordsForm(data={"text": said, "version": str(history[0].version if history else 0)})
    if "preview" in request.form:
        if why := problem(WORDS, template, language, form.text.data or "", current().public_url):
            form.add_error(Invalid("text", why))
        return _page(template, language, form), 422 if form.errors else 200
    if form.validate_on_submit():
        try:
            with once(form) as done:
                services.decide_words(
                    template,
                    language,
                    form.text.data or "",
                    read=version_number(form.version.data),
                    reason=form.reason.data or "",
                    at=clock.now(),
                )
                done.location = url_for("messaging.words", template=template, language=language)
        except Stale:
            form.version.data = str(queries.words_history(template, language)[0].version)
            return _page(template, language, form, stale=True), 409
        except Invalid as error:
            form.add_error(error)
        else:
            flash("The words were saved. They go out from the next message on.", "success")
            return redirect(done.location, 303)
    return _page(template, language, form), 422 if form.errors else 200


@bp.post("/administration/templates/<template>/<language>/undo")
@allow(Role.ADMINISTRATOR)
def words_undo(template: str, language: str) -> ResponseReturnValue:
    """Go back to earlier words, by a further decision."""
    _known(template, language)
    form, here = BackForm(), url_for("messaging.words", template=template, language=language)
    if form.validate():
        version, read = version_number(request.form.get("version")), version_number(form.read.data)
        try:
            with once(form) as done:
                services.bring_back(template, language, version, read=read, at=clock.now())
                done.location = here
        except Invalid as error:
            flash(f"The words were not changed. {error.message}.", "danger")
        else:
            flash("The words are again as they were.", "success")
    return redirect(here, 303)


def _known(template: str, language: str) -> None:
    if template not in WORDS.templates or language not in LANGUAGES:
        raise Missing


def _page(template: str, language: str, form: WordsForm, *, stale: bool = False) -> str:
    history = queries.words_history(template, language)
    fill_ins = longest(WORDS, template, current().public_url)
    preview = None if form.errors else WORDS.render(template, language, fill_ins, form.text.data)
    return render_template(
        "messaging/own_words.html",
        form=form,
        undo=BackForm(MultiDict(), data={"read": str(history[0].version if history else 0)}),
        template=template,
        language=language,
        shipped=WORDS.templates[template].texts[language],
        preview=preview,
        septets=gsm7.septets(preview) if preview else 0,
        segments=gsm7.segments(preview) if preview else 0,
        segment=SEGMENT,
        history=history,
        stale=stale,
        names=NAMES,
    )
