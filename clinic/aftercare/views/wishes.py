"""The page about the messages themselves: pause, stop, not me. A look changes nothing; each is one tap."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.aftercare import forms
from clinic.aftercare.rules.wishes import DONE, STOPS, Wish, choices, read
from clinic.aftercare.services import wishes
from clinic.aftercare.views.patient import COOKIE, Dead, Visit, bp, opened, visit_of
from clinic.configuration import queries as configuration
from clinic.core.rules import local
from clinic.messaging.services import stopping
from clinic.messaging.services.engine import twice
from clinic.web.policy import patient_link


@bp.route("/c/stop", methods=["GET", "POST"])
@patient_link
def stop_messages() -> ResponseReturnValue:
    """What may be chosen about the messages."""
    visit = visit_of(request.cookies.get(COOKIE, ""))
    form = forms.WishForm()
    today = local(visit.now, visit.check_in.zone).date()
    form.answer.choices = choices(today, configuration.value("pause_days_most"))
    if form.validate_on_submit():
        wish, days = read(form.answer.data)
        twice(lambda: _grant(visit, wish, days))
        answer = redirect(url_for("check_in.done", wish=wish.value), 303)
        if wish is Wish.NOT_ME:
            answer.delete_cookie(COOKIE, path="/c")
        return answer
    opened(visit, "check_in.stop_opened")
    page = render_template("aftercare/stop.html", form=form)
    return page, 422 if form.errors else 200


@bp.get("/c/done/<wish>")
@patient_link
def done(wish: str) -> ResponseReturnValue:
    """What was chosen, in words that are the same for everybody."""
    if wish not in set(Wish):
        raise Dead
    title, words = DONE[Wish(wish)]
    return render_template("aftercare/done.html", title=title, words=words, theirs=wish != Wish.NOT_ME)


def _grant(visit: Visit, wish: Wish, days: int) -> None:
    check_in_id, patient_id = visit.check_in.id, visit.check_in.patient_id
    if wish is Wish.PAUSE:
        wishes.pause(check_in_id, days, at=visit.now)
    elif wish is Wish.NOT_ME:
        stopping.report_wrong(visit.message_id, at=visit.now)
    elif wish is Wish.STOP_ALL:
        wishes.stop_all(check_in_id, patient_id, at=visit.now)
    else:
        wishes.stop_kind(check_in_id, patient_id, STOPS[wish], at=visit.now)
