"""Every form of every page, filled as a browser would send it: to be sent twice, as by a double click."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask.testing import FlaskClient

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.db import db
from clinic.core.rules import local
from clinic.demo.services.clinic import PASSWORD
from tests.forms import HtmlForm, forms
from tests.sweep.walk import Route, Walk
from tests.sweep.world import ZONE

# Forms that ask for a way of their own, and where they are sent twice.
ELSEWHERE = {
    "accounts.end_session": "tests/accounts/test_sign_in.py",
    "accounts.leave_new": "tests/accounts/test_leave.py",
    "accounts.staff_end_sessions": "tests/accounts/test_staff.py",
    "aftercare.resume": "tests/aftercare/texted/test_wishes.py",
    "aftercare.review": "tests/aftercare/texted/test_ladder.py",
    "intake.admit": "tests/intake/test_admission.py",
    "scheduling.sign": "tests/scheduling/test_attendance.py",
}
# Forms without a key, and why the second of two does no harm.
WITHOUT_KEY = {
    "accounts.sign_out": "out is out",
    "instruments.running_score": "it only reads",
    "patients.search": "it only reads",
}
# The supervisor's own referral is closed: the coordinator's becomes a patient.
NOT_BY = {"intake.close": Role.COORDINATOR}
# Sent when all others were: what they need another form does first, or they end what others need.
LAST = (
    "accounts.staff_disable",
    "instruments.amend",
    "intake.close",
    "aftercare.discharge",
    "consents.end",
    "accounts.password",
)
WRITERS = (Role.COORDINATOR, Role.THERAPIST, Role.SUPERVISOR, Role.PRESCRIBER, Role.ADMINISTRATOR)
_DAY, _NOBODY = "2026-12-01", {f"person_{n}_{part}": "" for n in (2, 3) for part in ("name", "phone")}
_PLAN = {"on_date": _DAY, "minutes": "30", "room_id": "none"}
_HOURS = {"local_date": "2027-01-05", "starts": "08:00", "ends_date": "2027-01-05", "ends": "20:00"}
_NEXT = {"next_on": _DAY, "next_at": "10:00"}
_PARTS = ("substance", "route", "precision", "on", "at")
_NO_USES = {f"uses-{row}-{part}": "" for row in range(8) for part in _PARTS}
_WORDS = "four other long words"
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What a form wants that no default can know.
WANTED: Mapping[str, Mapping[str, str]] = {
    "accounts.hours_edit": {f"{day}-{part}": "" for day in _WEEK for part in ("starts", "ends")},
    "accounts.hours_undo": {"version": "0", "read": "2"},  # the form above it made version 2
    "accounts.password": {"current": PASSWORD, "password": _WORDS},
    "accounts.roster": _HOURS,
    "accounts.staff_new": {"phone": "", "sign_in_name": "told", "password": _WORDS},
    "accounts.staff_password": {"password": _WORDS},
    "consents.disclose": {"categories": "admission"},
    "aftercare.discharge": {
        **_NOBODY, "person_1_phone": "", "naloxone_expires_on": "2028-01-01", "appointment_on": "",
        "appointment_at": "",
    },
    "aftercare.revise": _NOBODY,
    "cases.move": _NEXT,
    "configuration.site": {"phone": ""},
    "configuration.site_undo": {"version": "1", "read": "2"},
    "configuration.sites": {"name": "Annex", "phone": ""},
    "configuration.undo": {"version": "0", "read": "2"},
    "history.use_new": {"last_use_at": "", "last_use_time": "", "precision": "unknown"},
    "instruments.amend": {"item_q2": "2"},
    "intake.call": {"next_on": "", "next_time": ""},
    "intake.not_taken": {"reason": "Left before"},
    "intake.referral_new": {"phone": "(202) 555-0198", "email": ""},
    "intake.register": {"phone": "(202) 555-0197", "email": ""},
    "intake.save": {"none": "y", **_NO_USES},
    "messaging.words_undo": {"version": "0", "read": "1"},
    "patients.consent": {"kinds": "appointments", "safe_from": "10:00", "safe_until": "18:00"},
    "patients.email_consent": {"kinds": "appointments", "safe_from": "10:00", "safe_until": "18:00"},
    "patients.email_new": {"value": "told@example.org"},
    "patients.phone_new": {"value": "(202) 555-0199"},
    "patients.supporter_new": {"phone": ""},
    "safety.write": {f"helpers-{row}-phone": "" for row in range(4)},
    "scheduling.amend": {"minutes": ""},
    "scheduling.group_new": {**_PLAN, "at_time": "05:00"},
    "scheduling.move": {**_PLAN, "at_time": "07:30"},
    "scheduling.new": {**_PLAN, "at_time": "08:10"},
    "scheduling.new_for": {**_PLAN, "at_time": "06:30"},
    "scheduling.rooms": {"capacity": "8"},
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A form, and the browser that saw it."""

    endpoint: str
    browser: FlaskClient
    form: HtmlForm


def expected(walk: Walk) -> set[str]:
    """The endpoints behind a sign-in that take a form and are tried here."""
    return {route.endpoint for route in walk.guarded() if route.method == "POST"} - set(ELSEWHERE)


def found(walk: Walk) -> Iterator[Found]:
    """One form of each endpoint, each read just before it is sent: the next page is opened afterwards."""
    missing = expected(walk)
    last: dict[str, Found] = {}
    for role in (*WRITERS, *(role for role in Role if role not in WRITERS)):
        for one in _of_role(walk, role, missing):
            if one.endpoint in LAST:
                last[one.endpoint] = one
            else:
                yield one
    yield from (last[endpoint] for endpoint in LAST if endpoint in last)


def _of_role(walk: Walk, role: Role, missing: set[str]) -> Iterator[Found]:
    browser, ids = walk.world.browsers[role], walk.world.own[role]
    today = local(clock.now(), ZONE).date().isoformat()
    for route in walk.guarded():
        if not any(Route(endpoint, "POST").allows(role) for endpoint in missing - set(WITHOUT_KEY)):
            return
        if route.method == "POST" or not route.allows(role) or not walk.has(route, ids):
            continue
        address = walk.address(route, ids)
        while one := _next_of_page(walk, role, browser, address, today, missing):
            yield one


def _next_of_page(
    walk: Walk, role: Role, browser: FlaskClient, address: str, today: str, missing: set[str]
) -> Found | None:
    """A form of the page that was not found before; the page is read anew, for the one before has acted."""
    db.session.remove()
    page = browser.get(address)
    for form in forms(page.text, address, today) if page.status_code == 200 else ():
        endpoint, _ = walk.addresses.match(form.action.partition("?")[0], method="POST")
        if form.pressed and endpoint in missing and NOT_BY.get(endpoint) is not role:
            missing.discard(endpoint)
            form.sent |= {name: [text] for name, text in WANTED.get(endpoint, {}).items()}
            return Found(endpoint, browser, form)
    return None
