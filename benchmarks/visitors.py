"""Members of staff at their browsers, as cheap as can be: one kept connection each."""

import re
from http.client import HTTPConnection
from typing import NamedTuple

import httpx

from clinic.demo.services.clinic import PASSWORD

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class Answer(NamedTuple):
    """A page."""

    status: int
    text: str


class Visitor:
    """Somebody signed in (or nobody, with an empty cookie) on one server."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection, self.headers = HTTPConnection("127.0.0.1", port), {"Cookie": cookie}

    def get(self, path: str) -> Answer:
        """Open a page."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.read().decode())


def sign_in(port: int, sign_in_name: str) -> Visitor:
    """Somebody of the demo's staff."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as browser:
        form = browser.get("/sign-in").text
        hidden = (dict(ATTRIBUTE.findall(field)) for field in HIDDEN.findall(form))
        typed = {field["name"]: field["value"] for field in hidden if "name" in field and "value" in field}
        typed |= {"sign_in_name": sign_in_name, "password": PASSWORD}
        answer = browser.post("/sign-in", data=typed)
        if answer.status_code != 303:
            raise SystemExit(f"{sign_in_name} cannot sign in: {answer.status_code}")
        return Visitor(port, "; ".join(f"{name}={value}" for name, value in browser.cookies.items()))
