"""Headers on every answer, errors and static files too (R14)."""

from flask import Flask, Response, request

from clinic.core.settings import current

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"


def init_app(app: Flask) -> None:
    """Set them after every request."""
    # Our pages send no referrer, so the form token cannot be tied to one; the token and SameSite protect.
    app.config["WTF_CSRF_SSL_STRICT"] = False

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        if current().https:
            response.headers["Strict-Transport-Security"] = ONE_YEAR
        if not (request.endpoint or "").endswith("static"):
            # Every page, public ones too: they carry tokens, and a shared computer keeps what it may keep.
            response.headers["Cache-Control"] = "no-store"
        return response
