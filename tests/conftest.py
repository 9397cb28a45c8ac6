"""What tests stand on: a fresh database for each, on SQLite and on PostgreSQL; people; a clock that moves."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from clinic.accounts import services as accounts
from clinic.accounts.models import User
from clinic.accounts.rules import Role
from clinic.app import create_app
from clinic.configuration import queries as configuration
from clinic.configuration import services as configuring
from clinic.core import actor, clock
from clinic.core.db import db
from clinic.demo.services.load import load
from clinic.patients import services as patients
from clinic.patients.rules import NewPatient
from tests import databases
from tests.forms import submit
from tests.messaging.provider import Provider, running

ENV = {
    "CLINIC_ENV": "development",
    "CLINIC_SECRET_KEYS": "secret-key-of-the-tests-0123456789abcdef",
    "CLINIC_FIELD_KEYS": "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "CLINIC_INDEX_KEY": "index-key-of-the-tests-0123456789abcdef",
    "CLINIC_LINK_KEYS": "link-key-of-the-tests-0123456789abcdef",
    "CLINIC_AUDIT_KEY": "audit-key-of-the-tests-0123456789abcdef",
    "CLINIC_PASSWORD_COST": "cheap",
    "CLINIC_SMS_ACCOUNT": "AC00000000000000000000000000000001",
    "CLINIC_SMS_TOKEN": "token-of-the-tests",
    "CLINIC_SMS_URL": "http://127.0.0.1:9",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}
settings.register_profile("clinic", deadline=None)  # how fast something is, benchmarks/ say
settings.load_profile("clinic")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "quiet river stones at dawn"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each process begins with its share of what takes minutes: nobody waits for one of them at the end.

    A process gets an equal run of the list at first; what it has not begun is stolen later.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    spread: list[pytest.Item] = []
    for place in range(count):
        mine = long[place::count]
        rest = (len(items) - len(spread)) // (count - place) - len(mine)
        spread += [*mine, *others[:rest]]
        del others[:rest]
    items[:] = spread + others


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking for garbage in it again and again took a fifth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def worker_name() -> str:
    """Each pytest process has databases of its own."""
    return os.environ.get("PYTEST_XDIST_WORKER", f"p{os.getpid()}")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def template(
    engine_name: str, worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Makes a fresh database with all tables and gives its address."""
    if engine_name == "sqlite":
        original = databases.created(f"sqlite:///{tmp_path_factory.mktemp('template')}/original.db")
        return lambda: databases.copied_file(original, "copy")
    address = databases.created(databases.made(f"clinic_{worker_name}"))
    return lambda: databases.emptied(address)


@pytest.fixture(scope="session")
def demo_templates(
    worker_name: str, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Callable[[], str]]:
    """By engine: makes a fresh database with the demo of seed 1, gives its address. Loaded once for all."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_TESTRUNUID" in os.environ:
        shared = shared.parent
    file = f"sqlite:///{shared}/demo.db"
    name = f"clinic_{os.environ.get('PYTEST_XDIST_TESTRUNUID', worker_name)}_demo"

    def on_sqlite() -> str:
        databases.once(shared / "demo.db.made", lambda: _load_demo(file))
        return databases.copied_file(file, worker_name)

    def on_postgresql() -> str:
        databases.once(shared / name, lambda: _load_demo(databases.made(name)))
        return databases.made(f"clinic_{worker_name}_demo_copy", f"TEMPLATE {name} STRATEGY FILE_COPY")

    return {"sqlite": on_sqlite, "postgresql": on_postgresql}


@pytest.fixture(scope="session")
def demo_template(engine_name: str, demo_templates: Mapping[str, Callable[[], str]]) -> Callable[[], str]:
    """Makes a fresh database with the demo of seed 1 in it and gives its address."""
    return demo_templates[engine_name]


def _load_demo(url: str) -> None:
    databases.created(url)
    with TemporaryDirectory() as state, opened({**ENV, "DATABASE_URL": url, "CLINIC_STATE_FOLDER": state}):
        load("America/New_York", seed=1, now=clock.now(), told=lambda done, of: None)


@pytest.fixture
def database_url(template: Callable[[], str]) -> str:
    """The address of a fresh database."""
    return template()


@pytest.fixture
def empty(engine_name: str, worker_name: str, tmp_path: Path) -> Callable[[], str]:
    """Makes a database without any table and gives its address."""

    def fresh() -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{tmp_path / 'empty.db'}"
        return databases.made(f"clinic_{worker_name}_empty")

    return fresh


@pytest.fixture(scope="session")
def all_tests_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the state folder of each test stands, one after the other."""
    return tmp_path_factory.mktemp("state") / "var"


@pytest.fixture
def state(all_tests_state: Path) -> Path:
    """An empty state folder, always at the same place: so tests can share what is built for it."""
    shutil.rmtree(all_tests_state, ignore_errors=True)
    return all_tests_state


@pytest.fixture
def env(database_url: str, state: Path) -> Mapping[str, str]:
    """The environment of the app and of any process that a test starts."""
    return {**ENV, "DATABASE_URL": database_url, "CLINIC_STATE_FOLDER": str(state)}


@pytest.fixture
def provider(state: Path) -> Iterator[Provider]:
    """The simulator's provider on a free port."""
    state.mkdir()
    with running(state) as here:
        yield here


@lru_cache(maxsize=8)
def _built(env: frozenset[tuple[str, str]]) -> Flask:
    """The clinic of this environment, built once in a process: its address map alone takes 0.1 s."""
    app = create_app(dict(env))
    app.testing = True
    # Requests share the test's context; each forgets what the one before knew, as in a real server.
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: g.__dict__.clear())
    return app


@contextmanager
def opened(env: Mapping[str, str]) -> Iterator[Flask]:
    """The clinic of this environment, acting as a command."""
    app = _built(frozenset(env.items()))
    with app.app_context(), actor.acting(actor.Actor(actor.ActorKind.COMMAND, name="tests")):
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(env: Mapping[str, str]) -> Iterator[Flask]:
    """The clinic on a fresh database, acting as a command."""
    with opened(env) as app:
        yield app


@pytest.fixture
def demo(demo_template: Callable[[], str], state: Path) -> Iterator[Flask]:
    """The clinic with the demo in it."""
    with opened({**ENV, "DATABASE_URL": demo_template(), "CLINIC_STATE_FOLDER": str(state)}) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; one for all, because Playwright runs once in a process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody signed in with."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs `flask` commands."""
    return app.test_cli_runner()


class MovedClock:
    """The development clock, moved as `flask clock` does."""

    def set(self, moment: datetime) -> None:
        """Go to a moment (aware)."""
        clock.move_to(moment)

    def advance(self, **by: float) -> None:
        """Go forward, as `hours=4`."""
        clock.move_to(clock.now() + timedelta(**by))

    def now(self) -> datetime:
        """The moment."""
        return clock.now()


@pytest.fixture(name="clock")
def moved_clock(app: Flask) -> MovedClock:
    """Moves time for this test."""
    return MovedClock()


@pytest.fixture
def site(app: Flask) -> UUID:
    """The clinic's one site."""
    found = configuration.sites()
    return (
        found[0].id
        if found
        else configuring.create_site("Riverside", zone="America/New_York", at=clock.now())
    )


Staff = Callable[..., UUID]
SignIn = Callable[..., FlaskClient]


@pytest.fixture
def staff(site: UUID) -> Staff:
    """Makes a staff user: `staff("nurse")`, `staff("therapist", name="Miriam Okafor")`."""
    made = 0

    def make(role: str, name: str | None = None, **more: object) -> UUID:
        nonlocal made
        made += 1
        return accounts.create_user(
            name=name or f"{role.title()} {made}",
            sign_in_name=f"{role}{made}",
            role=Role(role),
            site_id=site,
            password=PASSWORD,
            at=clock.now(),
            **more,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def sign_in(app: Flask, staff: Staff) -> SignIn:
    """A browser in which a new user of this role has signed in; `.user_id` tells who."""

    def enter(role: str = "therapist", **more: object) -> FlaskClient:
        user_id = staff(role, **more)
        browser = app.test_client()
        name = db.session.get_one(User, user_id).sign_in_name
        answer = submit(browser, "/sign-in", sign_in_name=name, password=PASSWORD)
        assert answer.status_code in (302, 303), answer.text
        browser.user_id = user_id  # type: ignore[attr-defined]
        return browser

    return enter


@pytest.fixture
def patient(site: UUID) -> Callable[..., UUID]:
    """Registers an invented patient whom intake may see."""

    def register(**given: object) -> UUID:
        facts = {
            "family_name": "Whitfield",
            "given_name": "Owen",
            "birth_date": date(1992, 5, 3),
            "pronouns": "he/him",
            "sex": "male",
            "zone": "America/New_York",
            "language": "en",
            "site_id": site,
            **given,
        }
        return patients.register(NewPatient(**facts), at=clock.now())  # type: ignore[arg-type]

    return register
