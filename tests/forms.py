"""Filling a form as a browser does: with the hidden fields the page carries."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"input"}


class _Hidden(HTMLParser):
    """Collects the hidden fields of the form that posts to an address."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember hidden inputs of the right form."""
        given = dict(attrs)
        if tag == "form":
            target = given.get("action") or self.action
            self.inside = target == self.action and (given.get("method") or "get").lower() == "post"
        if tag == "input" and self.inside and given.get("type") == "hidden" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        """The form is over."""
        if tag == "form":
            self.inside = False


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form on a page that posts to `action`."""
    parser = _Hidden(action)
    parser.feed(page)
    return parser.fields


def submit(browser: FlaskClient, url: str, *, to: str | None = None, **data: object) -> TestResponse:
    """Open the page at `url` and send its form (the one that posts to `to`, or back to `url`)."""
    page = browser.get(url)
    assert page.status_code == 200, f"{url} answered {page.status_code}"
    action = to or url
    return browser.post(action, data={**hidden_fields(page.text, action), **data})
