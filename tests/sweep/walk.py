"""Asking a route as a browser does, and what each answer is checked for wherever it comes from."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.engine import Engine

from clinic.accounts.rules import Role
from clinic.audit.models import AuditEntry
from clinic.core.db import db, metadata
from clinic.web import policy
from clinic.web.headers import HEADERS
from tests.forms import hidden_fields
from tests.sweep.cases import CASES
from tests.sweep.world import Ids, World

# What a request may leave behind whatever it asked: its trail, kept text, the use of a sign-in, a count.
TRACES = {
    "audit_entry",
    "submitted_form",
    "kept_form",
    "kept_draft",
    "sign_in_session",
    "sign_in_attempt",
    "engine_count",
    "flood_count",
}
ONE_TIME = re.compile(
    r'(?<=name="csrf_token" )[^>]*|(?<=name="form_id" )[^>]*|(?<=class="reference">)\w*|Printed by [^<]*'
)


@dataclass(frozen=True)
class Route:
    """One endpoint by one method."""

    endpoint: str
    method: str

    @property
    def policy(self) -> Any:
        """Roles, or one of the policy's words."""
        return policy.of(self.endpoint)

    def allows(self, role: Role) -> bool:
        """Whether whoever has this role gets past the policy."""
        return self.policy == policy.SIGNED_IN or role in self.policy

    @property
    def about_a_record(self) -> bool:
        """Whether its address names something."""
        return bool(CASES[self.endpoint].fill)


@dataclass(frozen=True)
class Answer:
    """`body` without what is new each time; `statements` that were sent to the database, in order."""

    status: int
    body: str
    statements: tuple[str, ...]
    location: str

    def differs(self, other: "Answer") -> str:
        """Where it is not like another, empty where it is: same bytes, same number of statements."""
        if self.status != other.status:
            return f"{self.status}, not {other.status}"
        lines: Iterable[str] = unified_diff(other.body.splitlines(), self.body.splitlines(), lineterm="", n=0)
        if len(self.statements) != len(other.statements):
            lines = chain(lines, Counter(self.statements) - Counter(other.statements))
        return "\n".join(lines)


class Walk:
    """Walks the routes of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.addresses = world.app.url_map.bind("localhost")
        self.routes = [
            Route(rule.endpoint, method)
            for rule in world.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]
        self.tokens: dict[int, str] = {}

    def guarded(self) -> list[Route]:
        """Routes for which somebody must sign in."""
        return [route for route in self.routes if route.policy not in policy.OPEN]

    def openable(self, role: Role) -> Iterator[tuple[Route, str]]:
        """The pages that this role may open on its own records, with their addresses."""
        ids = self.world.own[role]
        for route in self.guarded():
            closed = role in CASES[route.endpoint].closed
            if route.method == "GET" and route.allows(role) and self.has(route, ids) and not closed:
                yield route, self.address(route, ids)

    def address(self, route: Route, ids: Ids, **instead: Any) -> str:
        """The address of a route about these records."""
        fill = CASES[route.endpoint].fill
        given = {
            name: word[1:] if word.startswith("=") else instead[name] if name in instead else ids[word]
            for name, word in fill.items()
        }
        return self.addresses.build(route.endpoint, given, method=route.method)

    def has(self, route: Route, ids: Ids) -> bool:
        """Whether there are records for every argument."""
        return all(word.startswith("=") or word in ids for word in CASES[route.endpoint].fill.values())

    def ask(
        self, browser: FlaskClient, method: str, address: str, data: Mapping[str, str] | None = None
    ) -> Answer:
        """One request; its answer carries the headers of R14."""
        db.session.remove()  # nothing that an earlier request read is at hand
        with counted() as statements:
            answer = browser.open(address, method=method, data=data)
        assert HEADERS.items() <= dict(answer.headers).items(), address
        assert answer.headers["Cache-Control"] == "no-store", address
        body = ONE_TIME.sub("", answer.text)
        return Answer(answer.status_code, body, tuple(statements), answer.headers.get("Location", ""))

    def form(self, browser: FlaskClient, page: str = "/keys") -> dict[str, str]:
        """The hidden fields of an empty form, with this browser's token."""
        if id(browser) not in self.tokens:
            self.tokens[id(browser)] = hidden_fields(browser.get(page).text, page)["csrf_token"]
        return {"csrf_token": self.tokens[id(browser)], "form_id": str(uuid4())}

    def send(self, browser: FlaskClient, route: Route, address: str) -> Answer:
        """GET, or POST an empty form with a valid token."""
        return self.ask(
            browser, route.method, address, self.form(browser) if route.method == "POST" else None
        )


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        # That a sign-in is in use is kept once a minute, in a transaction of its own.
        if "sign_in_session" not in statement and not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def rows() -> dict[str, int]:
    """How many rows each table has, but those of TRACES."""
    db.session.rollback()
    names = [table.name for table in metadata.sorted_tables if table.name not in TRACES]
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    return dict(iter(db.session.execute(text(counts))))


def last_of_the_trail() -> AuditEntry:
    """The newest entry."""
    db.session.rollback()
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    return db.session.scalars(newest.execution_options(populate_existing=True)).one()


def names_patient(entry: AuditEntry, patient_id: UUID) -> bool:
    """Whether an entry is about this patient."""
    return str(patient_id) in entry.patient_ids
