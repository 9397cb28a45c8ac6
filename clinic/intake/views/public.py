"""'Ask for help': open to everybody, the same answer for everybody (P1.10)."""

from datetime import timedelta
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.configuration import queries as configuration
from clinic.core import clock, throttle
from clinic.intake.forms.request import HelpForm
from clinic.intake.rules.help_words import HELP_WORDS
from clinic.intake.services import referrals
from clinic.intake.services.referrals import TooMany
from clinic.intake.views.blueprint import bp
from clinic.web.once import once
from clinic.web.policy import public

# By address. Nobody's first request is refused for its speed: somebody may have pasted it.
HURRIED = throttle.Door("help in a hurry", most=3, window=timedelta(hours=1))


@bp.route("/help", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Numbers to call first, then the form."""
    form, words = HelpForm(), HELP_WORDS[_language()]
    sites = configuration.sites()
    form.offer([(site.id, site.name) for site in sites])
    form.speak(words)
    if not sites or not form.validate_on_submit():
        form.say_errors(words)
        return _page("ask", form=form, open=bool(sites)), 422 if form.errors else 200
    if form.trapped():
        form.form_errors.append(words.text["trapped"])
        return _page("ask", form=form, open=True), 422
    site_id = UUID(form.site_id.data) if "site_id" in form else sites[0].id
    try:
        if form.hurried() and not throttle.within(HURRIED, request.remote_addr or ""):
            raise TooMany
        with once(form) as done:
            asked = form.asked(_language())
            referrals.ask(asked, site_id=site_id, origin=request.remote_addr, at=clock.now())
            done.location = url_for(".thanks", lang=_in_address())
    except TooMany as error:
        form.form_errors.append(words.text["too_many"])
        return _page("ask", form=form, open=True), error.status
    return redirect(done.location, 303)


@bp.get("/help/thanks")
@public
def thanks() -> ResponseReturnValue:
    """The same words for everybody who ever comes here."""
    return _page("thanks")


def _language() -> str:
    """By its code in the address; English where we have no other."""
    code = request.args.get("lang", "en")
    return code if code in HELP_WORDS else "en"


def _in_address() -> str | None:
    return None if _language() == "en" else _language()


def _page(name: str, **more: object) -> Response:
    language = _language()
    page = render_template(
        f"intake/{name}.html",
        lines=configuration.crisis_lines(),
        say=HELP_WORDS[language].text,
        page_language=language,
        in_address=_in_address(),
        others=[(code, words.text["name"]) for code, words in HELP_WORDS.items() if code != language],
        minutes=configuration.value("referral_urgent_minutes"),
        time=configuration.value("referral_due_time").strftime("%H:%M"),
        **more,
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
