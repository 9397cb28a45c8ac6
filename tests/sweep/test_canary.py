"""What people write and answer along the whole way stands nowhere in the clear (reliability 15)."""

import base64
import json
import logging
import os
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import redis
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.app import create_celery
from clinic.core import periodic
from clinic.core.db import db
from clinic.core.tasks import ring
from clinic.intake.models import Referral
from clinic.worklist.models import WorkItem
from tests.aftercare.conftest import DISCHARGE, NUMBER, Person, answer_all, link_of
from tests.conftest import ENV, MovedClock, SignIn
from tests.forms import submit
from tests.messaging.test_webhooks import texted
from tests.patients.test_canary import everything_kept

ASKED = {"source": "relative", "name": "Quillon Featherstone", "phone": "202-555-0191", "texts_safe": "yes"}
HELP, CALLED = "zithers behind the wardrobe", "somebody played a hurdy-gurdy"
NOTE, DRAFT, OFFERED = "he dreamt of seven herons", "nine lanterns in the rain", "prefers the blue teapot"
TEXTED, OUTCOME, LOST = (
    "my canary sang at noon",
    "he sat under the old mulberry",
    "eleven swans, not yet saved",
)
STAFF_PHONE, PASSWORD = "202-555-0177", "violet harbour under snow"
TAPS = ("2", "hardly_slept", "9", "nothing", "call_soon")
SECRETS = (
    ASKED["name"], "2025550191", "555-0191", HELP, CALLED, NOTE, DRAFT, OFFERED, TEXTED, OUTCOME, LOST,
    "2025550177", "555-0177", PASSWORD, "hardly_slept", "call_soon", "Hardly slept", NUMBER, NUMBER[2:],
    DISCHARGE["signs"], DISCHARGE["person_1_name"], "2025550133", "Walk to the river",
)  # fmt: skip


def ask_for_help(stranger: FlaskClient, coordinator: FlaskClient) -> None:
    """Somebody asks on the public page; the coordinator calls back."""
    assert submit(stranger, "/help", **ASKED, words=HELP).status_code == 303
    db.session.rollback()
    calls = f"/intake/referrals/{db.session.scalars(select(Referral.id)).one()}/calls"
    assert HELP in coordinator.get(calls).text
    assert submit(coordinator, calls, outcome="no_answer", words=CALLED).status_code == 303


def write_notes(person: Person, to_id: UUID) -> None:
    """A note, a draft, an offer, and a note whose form had lost its token."""
    address = f"/patients/{person.id}/notes/new"
    about = {"kind": "call", "happened_on": "2026-11-24", "happened_at": "09:00"}
    for words, action in ((NOTE, "sign"), (DRAFT, "draft")):
        assert submit(person.therapist, address, words=words, action=action, **about).status_code == 303
    assert NOTE in person.therapist.get(f"/patients/{person.id}/notes").text
    assert person.therapist.post(address, data={**about, "words": LOST}).status_code == 400
    offered = submit(person.therapist, f"/patients/{person.id}/hand-over", to_id=to_id, words=OFFERED)
    assert offered.status_code == 303


def answer_and_be_called(person: Person, phone: FlaskClient) -> None:
    """Every tap of a check-in, a text in words, and the call that came of it."""
    assert answer_all(phone, link_of(person), *TAPS).status_code == 200
    assert texted(phone, TEXTED, NUMBER).status_code == 200
    db.session.rollback()
    items = db.session.scalars(select(WorkItem.id).where(WorkItem.patient_id == person.id)).all()
    assert len(items) >= 2
    for item_id in items:
        done = submit(person.therapist, f"/work/{item_id}", outcome="reached", note=OUTCOME, close="y")
        assert done.status_code == 303


def test_nothing_of_the_way_stands_in_the_clear(
    discharged: Person, client: FlaskClient, clock: MovedClock, sign_in: SignIn, env: Mapping[str, str]
) -> None:
    log = StringIO()
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(log)
    ask_for_help(client, sign_in("coordinator"))
    supervisor = sign_in("supervisor")
    write_notes(discharged, supervisor.user_id)  # type: ignore[attr-defined]
    new: dict[str, Any] = {
        "name": "Ewa Nowak",
        "sign_in_name": "ewa",
        "role": "nurse",
        "site_id": discharged.site_id,
    }
    hired = submit(
        sign_in("administrator"), "/administration/staff/new", **new, phone=STAFF_PHONE, password=PASSWORD
    )
    assert hired.status_code == 303
    clock.advance(hours=19)  # 10:00 on the day after discharge
    answer_and_be_called(discharged, client)
    db.session.remove()
    kept, logged = everything_kept(env), log.getvalue()
    assert b"Whitfield" in kept  # names are plain: what is looked at is the real thing
    assert '"route": "/patients/<uuid:patient_id>/notes/new"' in logged
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
        assert secret.encode().hex().encode() not in kept, secret
        assert secret not in logged, secret


def test_the_broker_hears_the_name_of_a_job_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broker = os.environ["CLINIC_TEST_REDIS_URL"].rpartition("/")[0] + "/9"
    state = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db", "CLINIC_STATE_FOLDER": str(tmp_path)}
    for name, value in {**ENV, **state, "REDIS_URL": broker}.items():
        monkeypatch.setenv(name, value)
    celery, job = create_celery(), "messaging.pump"
    assert [name for name in celery.tasks if not name.startswith("celery.")] == [ring.name]
    rung = {entry["args"] for entry in celery.conf.beat_schedule.values()}
    assert rung == {(name,) for name in periodic.jobs}
    with redis.Redis.from_url(broker) as store:
        store.flushdb()
        ring.delay(job)
        [message] = [json.loads(each) for each in _queue(store)]
        told = {key for key in store.scan_iter() if not key.startswith((b"_kombu", b"celery"))}
        store.flushdb()
    assert json.loads(base64.b64decode(message["body"]))[:2] == [[job], {}]
    assert told == set()


def _queue(store: Any) -> list[bytes]:
    waiting: list[bytes] = store.lrange("celery", 0, -1)
    return waiting
