"""The shell around every page: look, headers, error pages, navigation."""

from flask import Flask

from clinic.web import drawings, errors, filters, headers, navigation, once, views


def init_app(app: Flask) -> None:
    """Add the shell to an application. Policy is added by `policy.init_app`."""
    app.register_blueprint(views.bp)
    for part in (filters, drawings, headers, errors, navigation, once):
        part.init_app(app)
