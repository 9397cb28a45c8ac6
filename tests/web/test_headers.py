"""The headers of R14 stand on every kind of answer."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

ANSWERS = {
    "page": ("GET", "/about", 200),
    "static file": ("GET", "/look/clinic.css", 200),
    "file of Bootstrap": ("GET", "/bootstrap/static/css/bootstrap.min.css", 200),
    "Bootstrap as we send it": ("GET", "/look/bootstrap.css", 200),
    "for machines": ("GET", "/healthz", 200),
    "not found": ("GET", "/nothing-here", 404),
    "wrong method": ("POST", "/healthz", 405),
    "without a form token": ("POST", "/sign-in", 400),
    "fault of ours": ("GET", "/fail/unforeseen", 500),
    "database away": ("GET", "/fail/database", 503),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_is_protected(shell: FlaskClient, method: str, path: str, status: int) -> None:
    answer = shell.open(path, method=method)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert ("no-store" in answer.headers.get("Cache-Control", "")) != path.endswith(".css")
    assert "Strict-Transport-Security" not in answer.headers


def test_https_is_kept_for_a_year(make_shell: Callable[..., Flask]) -> None:
    browser = make_shell(CLINIC_PUBLIC_URL="https://clinic.example").test_client()
    for path in ("/about", "/nothing-here", "/look/clinic.css"):
        assert browser.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_bootstrap_comes_without_embedded_images(shell: FlaskClient) -> None:
    sheet = shell.get("/look/bootstrap.css")
    assert sheet.mimetype == "text/css"
    assert ".form-check-input" in sheet.text
    assert "data:" not in sheet.text
