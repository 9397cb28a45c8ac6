"""Who stands behind a request, and what was typed when a sign-in or a form's token had run out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from flask import Flask, Request, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError

from clinic.accounts import queries, services
from clinic.accounts.rules import SEEN_EVERY, End, Role, cookie_name
from clinic.audit import services as audit
from clinic.core import actor, clock, settings
from clinic.web import errors, policy
from clinic.web.drafts import Draft
from clinic.web.navigation import Place

PLACES = [
    Place(
        "Administration",
        "configuration.settings",
        (Role.ADMINISTRATOR,),
        section="configuration accounts messaging scheduling",
    )
]


def init_app(app: Flask) -> None:
    """Sign-in by a cookie that names a row; to stand before the form tokens and the policy."""
    manager = LoginManager(app)
    manager.session_protection = None  # a tablet changes networks; the row is the protection (reliability 14)
    manager.request_loader(_holder)
    manager.unauthorized_handler(ask_to_sign_in)
    app.before_request(recognise)
    app.register_error_handler(CSRFError, token_ran_out)


def _holder(asked: Request) -> queries.SignedIn | None:
    token = asked.cookies.get(cookie_name(settings.current().https))
    return queries.signed_in(token, datetime.now(UTC)) if token else None


def recognise() -> None:
    """Know who acts in this request, and keep that the sign-in is in use."""
    if (request.endpoint or "").endswith("static") or not current_user.is_authenticated:
        return
    actor.set_for_request(current_user.actor(queries.covered_by(current_user.id, clock.now())))
    real = datetime.now(UTC)
    if real - current_user.last_seen_at >= SEEN_EVERY:
        services.saw(current_user.session_id, real=real)


def refused() -> None:
    """Keep who asked for a page of another role or for a record that is not theirs (reliability 13)."""
    if actor.get().kind is not actor.ActorKind.USER:
        return
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, UUID)}
    patient_ids = [ids.pop("patient_id")] if "patient_id" in ids else []
    audit.record(
        "page.refused",
        patient_ids,
        at=clock.now(),
        subject_id=next(iter(ids.values()), None),
        detail=request.endpoint,
    )


def ask_to_sign_in() -> ResponseReturnValue:
    """Nobody is signed in: go to the sign-in page. What the person of a run-out sign-in sent is kept."""
    wanted = _here() if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted, kept=_keep_for_run_out()), 303)


def _keep_for_run_out() -> UUID | None:
    token, real = request.cookies.get(cookie_name(settings.current().https)), datetime.now(UTC)
    over = queries.signed_out(token, real) if token and request.method == "POST" else None
    if over is None or over.reason is End.DISABLED:
        return None
    return _keep(over.user_id)


def _keep(user_id: UUID) -> UUID | None:
    typed = request.form.to_dict(flat=False)
    return services.keep_form(user_id, _here(), typed, at=clock.now(), real=datetime.now(UTC))


def _here() -> str:
    """The address asked for, without the id of a kept form; percent-encoded, so plain in any database."""
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "kept"])
    path = quote(request.path)
    return f"{path}?{query}" if query else path


def token_ran_out(_: CSRFError) -> ResponseReturnValue:
    """The form's token is old or not ours. Say so, lose nothing that was typed."""
    if current_user.is_authenticated:
        return render_template("accounts/token_ran_out.html", kept_id=_keep(current_user.id)), 400
    if kept_id := _keep_for_run_out():
        return redirect(url_for("accounts.sign_in", kept=kept_id), 303)
    known = request.endpoint in current_app.view_functions
    if known and policy.of(str(request.endpoint)) == policy.PUBLIC and request.endpoint != "accounts.sign_in":
        # Nobody's sign-in is at stake on a public page: the text goes back in the page itself.
        typed = [pair for pair in request.form.items(multi=True) if pair[0] not in services.NEVER_KEPT]
        return render_template("accounts/send_again.html", action=_here(), typed=typed), 400
    return errors.page(400, "This page was open too long, or your browser keeps no cookies.")


def typed_before() -> Mapping[str, list[str]] | None:
    """For the form on this page: what its owner had typed when it could not be taken."""
    kept_id = request.args.get("kept", type=UUID)
    if kept_id is None or not current_user.is_authenticated:
        return None
    kept = services.form_for(kept_id, current_user.id, at=clock.now(), real=datetime.now(UTC))
    if kept is None or kept.path.partition("?")[0] != quote(request.path):
        return None
    fields: Mapping[str, list[str]] = kept.fields
    return fields


class Drafts:
    """The drafts of whoever is signed in (`web.drafts.Store`)."""

    def of(self, address: str) -> Draft | None:
        """One's own draft of the form at an address."""
        return queries.draft_of(current_user.id, address) if current_user.is_authenticated else None

    def keep(self, address: str, fields: Mapping[str, list[str]], seen: int) -> Draft:
        """The next version; whose record it is about stands in the page's address. Raises Stale."""
        at, ids = clock.now(), request.view_args or {}
        version = services.keep_draft(
            current_user.id,
            address,
            fields,
            seen=seen,
            patient_ids=[ids["patient_id"]] if "patient_id" in ids else [],
            at=at,
            real=datetime.now(UTC),
        )
        return Draft(version, at, fields)

    def drop(self, address: str) -> None:
        """One's own draft has served."""
        services.drop_draft(current_user.id, address)
