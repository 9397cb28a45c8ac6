"""'Ask for help': open to everybody, the same answer for everybody (P1.10)."""

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.configuration import queries as configuration
from clinic.core import clock
from clinic.intake.forms.request import HelpForm
from clinic.intake.services import referrals
from clinic.intake.services.referrals import TooMany
from clinic.intake.views.blueprint import bp
from clinic.web.once import once
from clinic.web.policy import public


@bp.route("/help", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Numbers to call first, then the form."""
    form = HelpForm()
    sites = configuration.sites()
    form.offer([(site.id, site.name) for site in sites])
    if not sites or not form.validate_on_submit():
        return _page("ask", form=form, open=bool(sites)), 422 if form.errors else 200
    site_id = UUID(form.site_id.data) if "site_id" in form else sites[0].id
    try:
        with once(form) as done:
            referrals.ask(form.asked(), site_id=site_id, origin=request.remote_addr, at=clock.now())
            done.location = url_for(".thanks")
    except TooMany as error:
        form.form_errors.append(error.message)
        return _page("ask", form=form, open=True), error.status
    return redirect(done.location, 303)


@bp.get("/help/thanks")
@public
def thanks() -> ResponseReturnValue:
    """The same words for everybody who ever comes here."""
    return _page("thanks")


def _page(name: str, **more: object) -> Response:
    answer = make_response(render_template(f"intake/{name}.html", lines=configuration.crisis_lines(), **more))
    answer.headers["Cache-Control"] = "no-store"
    return answer
