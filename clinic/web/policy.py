"""Who may use a route. Every view says so; start-up fails on one that does not."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, MACHINE, PATIENT_LINK, SIGNED_IN = "public", "machine", "patient link", "signed in"
OPEN = (PUBLIC, MACHINE, PATIENT_LINK)


def allow(*roles: StrEnum) -> Callable[[View], View]:
    """Signed-in users with one of these roles. Others see 403, on a route about one record 404."""
    return _declare(tuple(roles))


def signed_in(view: View) -> View:
    """Whoever is signed in, whatever the role."""
    return _declare(SIGNED_IN)(view)


def public(view: View) -> View:
    """Anybody; shows nothing of anybody."""
    return _declare(PUBLIC)(view)


def machine(view: View) -> View:
    """A provider's signed call: no sign-in and no form token; the view checks the signature first."""
    return _declare(MACHINE)(view)


def patient_link(view: View) -> View:
    """Whoever holds a link we sent."""
    return _declare(PATIENT_LINK)(view)


def _declare(policy: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def of(endpoint: str) -> object:
    """The declared policy of an endpoint: a tuple of roles or one of the words above; None if undeclared."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    return getattr(current_app.view_functions[endpoint], "policy", None)


def check() -> ResponseReturnValue | None:
    """Before each request: let in, send to sign-in, or refuse. Nothing was read yet."""
    if request.endpoint is None:
        return None
    policy = of(request.endpoint)
    if policy in OPEN:
        return None
    if not current_user.is_authenticated:
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    if policy != SIGNED_IN and current_user.role not in policy:  # type: ignore[operator]
        abort(404 if request.view_args else 403)
    return None


def init_app(app: Flask) -> None:
    """Check before every request."""
    app.before_request(check)


def require_declared(app: Flask) -> None:
    """Called when all routes are there. Raises RuntimeError naming the first that declares no policy."""
    with app.app_context():
        for rule in app.url_map.iter_rules():
            if of(rule.endpoint) is None:
                raise RuntimeError(f"{rule.endpoint} declares no policy")
