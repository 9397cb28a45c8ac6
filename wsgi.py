"""The web application, found by Flask and gunicorn."""

from clinic.app import create_app

app = create_app()
