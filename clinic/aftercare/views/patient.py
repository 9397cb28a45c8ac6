"""The pages behind a patient's link: one question a page, one tap an answer (C8.5, P5.1, reliability 10).

No page names the clinic, a substance or a medicine, and none shows anything that is the person's own.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from clinic.aftercare import forms
from clinic.aftercare.queries import check_ins, help_now
from clinic.aftercare.queries.check_ins import OpenCheckIn
from clinic.aftercare.rules.questions import PageCode, next_page, page, page_before, path
from clinic.aftercare.rules.terms import Via
from clinic.aftercare.services import answers, plans
from clinic.audit import services as audit
from clinic.core import actor, clock, throttle
from clinic.core.actor import Actor, ActorKind
from clinic.core.settings import current
from clinic.messaging import services as messaging
from clinic.messaging.services.engine import twice
from clinic.web.policy import patient_link
from clinic.worklist.rules import Level

bp = Blueprint("check_in", __name__, template_folder="../templates")
COOKIE = "check_in"
LONGEST = timedelta(hours=72)  # no link lives longer (P5.1)
# A living link opens from any address, however many dead ones were tried from there: families and whole
# towns share one. The page with the numbers to call is never counted.
DEAD_LINKS = throttle.Door("dead links", most=60)  # by address
STEPS = throttle.Door("steps of a check-in", most=120)  # by link; 8 taps are a whole check-in


class Dead(Exception):
    """Unknown, expired or answered long ago: one page with the same bytes for all."""


class Visit(NamedTuple):
    """Somebody who holds a living link, at one moment."""

    token: str
    message_id: UUID
    check_in: OpenCheckIn
    now: datetime


@bp.route("/c/<token>", methods=["GET", "POST"])
@patient_link
def link(token: str) -> ResponseReturnValue:
    """The address in the text. After the first step the token leaves the address and stays in a cookie."""
    return _question(visit_of(token))


@bp.route("/c", methods=["GET", "POST"])
@patient_link
def questions() -> ResponseReturnValue:
    """The pages after the first step."""
    return _question(visit_of(request.cookies.get(COOKIE, "")))


@bp.get("/c/help")
@patient_link
def need_help() -> ResponseReturnValue:
    """Whom to call now; also for whoever has no living link."""
    try:
        visit = visit_of(request.cookies.get(COOKIE, ""))
    except Dead:
        return _help(None, clock.now())
    opened(visit, "check_in.help_opened")
    return _help(visit, visit.now)


@bp.errorhandler(Dead)
def dead(_: Dead) -> ResponseReturnValue:
    """The same page for every link that opens nothing."""
    status = 404 if throttle.within(DEAD_LINKS, request.remote_addr or "") else 429
    return render_template("aftercare/dead.html"), status


@bp.errorhandler(CSRFError)
def lost_token(_: CSRFError) -> ResponseReturnValue:
    """The browser forgot the form's token: the question is shown anew, nothing was changed."""
    return redirect(request.path, 303)


def visit_of(token: str) -> Visit:
    """Who holds this token of a living check-in. Raises Dead."""
    now = clock.now()
    linked = messaging.subject_of(token)
    if linked is None or linked.subject_kind != plans.SUBJECT:
        raise Dead
    check_in = check_ins.open_check_in(linked.subject_id, now=now)
    if check_in is None:
        raise Dead
    actor.set_for_request(Actor(ActorKind.PATIENT_LINK, check_in.id, name="patient link"))
    return Visit(token, linked.message_id, check_in, now)


def _question(visit: Visit) -> ResponseReturnValue:
    if not throttle.within(STEPS, str(visit.check_in.id)):
        return _help(visit, visit.now), 429
    form = forms.TapForm()
    if request.method == "POST":
        answer = _take(visit, form)
    else:
        opened(visit, "check_in.opened")
        answer = make_response(_page(visit, _wanted(visit)))
    answer.set_cookie(
        COOKIE,
        visit.token,
        httponly=True,
        samesite="Lax",
        secure=current().https,
        path="/c",
        max_age=3 * 86400,
    )
    return answer


def opened(visit: Visit, action: str) -> None:
    """Keep that a page was looked at; it never counts as the person's visit (reliability 10)."""
    audit.record(
        action,
        [visit.check_in.patient_id],
        at=visit.now,
        subject_kind=plans.SUBJECT,
        subject_id=visit.check_in.id,
    )


def _wanted(visit: Visit) -> PageCode | None:
    """The page asked for on the way back, if it was answered; else the next one without an answer."""
    given, asked = visit.check_in.answers, visit.check_in.asked
    wanted = request.args.get("page")
    if wanted in given and wanted in path(given, asked):
        return PageCode(wanted)
    return next_page(given, asked)


def _page(visit: Visit, code: PageCode | None, *, error: str | None = None) -> str:
    if code is None and visit.check_in.level is Level.ACUTE:
        return _help(visit, visit.now)  # nobody who may be in danger is told that there is nothing to do
    if code is None:
        return render_template(
            "aftercare/thanks.html", last=path(visit.check_in.answers, visit.check_in.asked)[-1]
        )
    form = _form(visit, code)
    if error:
        form.answer.errors = [error]
    return render_template("aftercare/question.html", form=form, **_place(visit, code))


def _form(visit: Visit, code: PageCode) -> forms.TapForm:
    given = visit.check_in.answers
    form = forms.TapForm(formdata=None)
    form.show(page(code, given), visit.check_in.seen.get(code, 0), given.get(code))
    return form


def _place(visit: Visit, code: PageCode) -> dict[str, object]:
    given, asked = visit.check_in.answers, visit.check_in.asked
    pages = path(given, asked)
    number = pages.index(code) + 1
    return {
        "progress": f"Question {number} of {len(pages)}",
        "scale": page(code, given).scale,
        "before": page_before(code, given, asked),
        "number": number,
    }


def _take(visit: Visit, form: forms.TapForm) -> Response:
    """Keep one tap. An acute answer is answered with the help page, in the reply to that tap."""
    seen = form.seen.data or ""
    if form.page.data not in path(visit.check_in.answers, visit.check_in.asked) or not seen.isdecimal():
        return redirect(url_for("check_in.questions"), 303)
    code = PageCode(form.page.data)
    try:
        kept = twice(
            lambda: answers.record_answer(
                visit.check_in.id, code, form.answer.data or "", seen=int(seen), via=Via.LINK, at=visit.now
            )
        )
    except answers.NoSuchAnswer:
        return make_response(_page(visit, code, error="Choose one of the answers"), 422)
    except answers.NoLongerOpen:
        raise Dead from None
    except answers.AlreadyAnswered:
        return redirect(url_for("check_in.questions"), 303)
    if kept.acute:
        return make_response(_help(visit_of(visit.token), visit.now))
    return redirect(url_for("check_in.questions"), 303)


def _help(visit: Visit | None, now: datetime) -> str:
    """Numbers first; whether anybody was told is said only when a person confirmed it (C8.6)."""
    following = next_page(visit.check_in.answers, visit.check_in.asked) if visit else None
    question = {}
    last = path(visit.check_in.answers, visit.check_in.asked)[-1] if visit and following is None else None
    if visit and following is PageCode.HARM and visit.check_in.answers.get(PageCode.TONIGHT) == "thoughts":
        question = {"form": _form(visit, following), **_place(visit, following)}
    return render_template(
        "aftercare/help.html",
        numbers=help_now.numbers(),
        told=help_now.told(visit.check_in.id if visit else None, now=now),
        go_on=following is not None and not question,
        last=last,
        **question,
    )
