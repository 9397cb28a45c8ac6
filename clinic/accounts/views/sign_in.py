"""Coming in, going out, and one's own sign-ins."""

import math
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from clinic.accounts import queries, services
from clinic.accounts.forms import OwnPasswordForm, SignInForm
from clinic.accounts.rules import End, cookie_name, device, is_local
from clinic.accounts.views.blueprint import bp
from clinic.core import actor, clock, settings
from clinic.core.errors import Invalid, Missing
from clinic.web.forms import Form
from clinic.web.once import once, pressed
from clinic.web.policy import public, signed_in

WHY_ENDED = {
    End.IDLE: "You were signed out after 15 minutes without activity.",
    End.LIMIT: "You were signed out after 12 hours.",
    End.BY_ADMINISTRATOR: "This sign-in was ended from another place.",
    End.CHANGED: "Your role, site or password was changed.",
}


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in; then to where one wanted to go, with what one had typed."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_wanted(), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    real, held = datetime.now(UTC), request.cookies.get(cookie_name(settings.current().https))
    try:
        token = services.sign_in(
            form.sign_in_name.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            device=device(request.user_agent.string),
            at=clock.now(),
            real=real,
            instead_of=held,
        )
    except services.NoMatch as error:
        form.password.errors = [error.message]
        return _page(form), error.status
    except services.TooManyAttempts as error:
        answer = make_response(_page(form, wait=error.wait), error.status)
        answer.headers["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
        return answer
    session.clear()  # tokens of forms from before are nobody's now
    entered = redirect(_after_sign_in(token), 303)
    _set_cookie(entered, token)
    return entered


def _page(form: SignInForm, wait: timedelta | None = None) -> str:
    held = request.cookies.get(cookie_name(settings.current().https))
    over = queries.signed_out(held, datetime.now(UTC)) if held else None
    why = WHY_ENDED.get(over.reason) if over else None
    minutes = math.ceil(wait.total_seconds() / 60) if wait else None
    return render_template(
        "accounts/sign_in.html", form=form, why=why, kept="kept" in request.args, wait_minutes=minutes
    )


def _wanted() -> str:
    address = request.args.get("next", "/")
    return address if is_local(address) else "/"


def _after_sign_in(token: str) -> str:
    kept_id, real = request.args.get("kept", type=UUID), datetime.now(UTC)
    user = queries.signed_in(token, real)
    if kept_id is None or user is None:
        return _wanted()
    with actor.acting(user.actor()):
        kept = services.form_for(kept_id, user.id, at=clock.now(), real=real)
    # Somebody else's: start from the first page, without a word that there was something.
    return url_for("accounts.kept", kept_id=kept_id) if kept else "/"


def _set_cookie(answer: Response, token: str) -> None:
    https = settings.current().https
    answer.set_cookie(cookie_name(https), token, path="/", secure=https, httponly=True, samesite="Lax")


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    services.sign_out(current_user.session_id, at=clock.now(), real=datetime.now(UTC))
    session.clear()
    flash("You are signed out.", "success")
    answer = redirect(url_for("accounts.sign_in"), 303)
    https = settings.current().https
    answer.delete_cookie(cookie_name(https), path="/", secure=https, httponly=True, samesite="Lax")
    return answer


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Give oneself a new password, then sign in with it."""
    form = OwnPasswordForm()
    if form.validate_on_submit():
        me, times = current_user.id, {"at": clock.now(), "real": datetime.now(UTC)}
        try:
            services.prove_password(me, form.current.data or "", **times)
            with once(form) as done:
                services.reset_password(me, form.password.data or "", **times)
                done.location = url_for("accounts.sign_in")
        except Invalid as error:
            form.add_error(error)
        else:
            flash("Your password was changed. Sign in with the new one.", "success")
            return redirect(done.location, 303)
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200


@bp.get("/kept/<uuid:kept_id>")
@signed_in
def kept(kept_id: UUID) -> ResponseReturnValue:
    """What one had typed, in its form again; where the form has no page of its own, as plain text."""
    found = services.form_for(kept_id, current_user.id, at=clock.now(), real=datetime.now(UTC))
    if found is None:
        raise Missing
    path = unquote(found.path.partition("?")[0])
    adapter = current_app.create_url_adapter(request)
    if adapter is not None and adapter.test(path, method="GET"):
        flash("What you had typed is back. It is not saved yet.", "warning")
        return redirect(f"{found.path}{'&' if '?' in found.path else '?'}kept={kept_id}", 303)
    return render_template("accounts/kept.html", fields=found.fields)


@bp.get("/account/sign-ins")
@signed_in
def sessions() -> ResponseReturnValue:
    """Where one is signed in now."""
    rows = queries.sessions(datetime.now(UTC), current_user.id)
    return render_template("accounts/sessions.html", rows=rows, button=Form(), now=datetime.now(UTC))


@bp.post("/account/sign-ins/<uuid:session_id>/end")
@signed_in
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sign-ins elsewhere."""

    def end() -> None:
        services.end_session(session_id, current_user.id, at=clock.now(), real=datetime.now(UTC))

    return pressed(end, url_for("accounts.sessions"), "That sign-in was ended.")
