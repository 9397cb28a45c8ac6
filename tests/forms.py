"""Filling a form as a browser does: with the hidden fields the page carries."""

from dataclasses import dataclass, field
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


def submit_twice(browser: FlaskClient, url: str, *, to: str | None = None, **data: object) -> TestResponse:
    """A double click on that form's button: the second is led to the result of the first, which is given."""
    action = to or url
    sent = {**hidden_fields(browser.get(url).text, action), **data}
    first, second = (browser.post(action, data=sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303), (first.text, second.text)
    assert second.location == first.location
    assert "Nothing was saved twice" in browser.get(first.location).text
    return first


@dataclass
class HtmlForm:
    """One form of a page as a browser would send it: by its first button, and what was not filled in filled.

    Dates are `today`, the first offered choice is chosen, texts say "Told".
    """

    action: str
    today: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    pressed: bool = False

    def add_input(self, given: dict[str, str | None]) -> None:
        """An input by its kind."""
        name, kind, value = given.get("name") or "", given.get("type") or "text", given.get("value") or ""
        if not name or kind == "submit":
            return
        if kind == "hidden":
            self.sent[name] = [value]
        elif kind in ("radio", "checkbox"):
            self.offer(name, value, chosen="checked" in given, one=kind == "radio")
        else:
            self.sent[name] = [value or (self.today if kind == "date" else "Told")]

    def offer(self, name: str, value: str, *, chosen: bool, one: bool = True) -> None:
        """A choice: a chosen one holds, else the first of those of which one must be chosen."""
        if chosen and one:
            self.sent[name] = [value]
        elif chosen:
            self.sent.setdefault(name, []).append(value)
        elif one and value and name not in self.chosen and not any(self.sent.get(name, [])):
            self.sent[name] = [value]
        if chosen and value:
            self.chosen.add(name)


class _Forms(HTMLParser):
    """Collects the forms of a page that post."""

    def __init__(self, address: str, today: str) -> None:
        super().__init__()
        self.address, self.today = address, today
        self.found: list[HtmlForm] = []
        self.by_id: dict[str, HtmlForm] = {}
        self.open: HtmlForm | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fields belong to the form around them, or to the one they name."""
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            self.open = HtmlForm(given.get("action") or self.address, self.today)
            self.found.append(self.open)
            self.by_id[given.get("id") or ""] = self.open
        form = self.by_id.get(given["form"] or "") if given.get("form") else self.open
        if form is None:
            return
        if tag == "input":
            form.add_input(given)
        elif tag == "select":
            self.select = given.get("name") or ""
        elif tag == "option":
            form.offer(self.select, given.get("value") or "", chosen="selected" in given)
        elif tag == "textarea":
            self.area = given.get("name") or ""
            form.sent[self.area] = [""]
        elif tag == "button" and not form.pressed:
            form.pressed = True
            form.action = given.get("formaction") or form.action
            if given.get("name"):
                form.sent[given["name"] or ""] = [given.get("value") or ""]

    def handle_data(self, data: str) -> None:
        """The text of a box."""
        if self.open and self.area:
            self.open.sent[self.area] = [self.open.sent[self.area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        """A box or a form is over."""
        if tag == "textarea" and self.open:
            self.open.sent[self.area] = [self.open.sent[self.area][0].strip() or "Told"]
            self.area = ""
        elif tag == "form":
            self.open = None


def forms(page: str, address: str, today: str) -> list[HtmlForm]:
    """The forms of the page at `address` that post, filled."""
    parser = _Forms(address, today)
    parser.feed(page)
    return parser.found
