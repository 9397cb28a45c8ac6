"""One way to write and one to read, on both databases."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from clinic.audit import services as audit
from clinic.audit.models import AuditEntry
from clinic.core import actor
from clinic.core.actor import Actor, ActorKind
from clinic.core.db import WriteOutsideTransaction, db, insert_new, once_per_request, read, transaction
from clinic.core.ids import uuid7
from clinic.core.models import Heartbeat, SubmittedForm
from clinic.worklist.models import WorkEvent, WorkItem
from tests.questions import counted
from tests.race import race

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(WriteOutsideTransaction):
        db.session.execute(update(Heartbeat).values(handled=1))
    db.session.add(Heartbeat(name="x", started_at=AT, handled=0))
    with pytest.raises(WriteOutsideTransaction):
        db.session.flush()


def test_an_error_undoes_the_outer_and_the_inner_block(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(Heartbeat(name="outer", started_at=AT, handled=0))
        with transaction() as inner:
            inner.add(Heartbeat(name="inner", started_at=AT, handled=0))
        _ = 1 // 0
    assert db.session.scalar(select(func.count()).select_from(Heartbeat)) == 0


def test_rows_that_are_there_already_are_kept(app: Flask) -> None:
    row = {"id": uuid7(), "name": "x", "started_at": AT, "handled": 1}
    with transaction() as session:
        assert insert_new(session, Heartbeat, [row]) == 1
        assert insert_new(session, Heartbeat, [{**row, "id": uuid7(), "handled": 2}]) == 0
    assert db.session.scalars(select(Heartbeat.handled)).all() == [1]


@once_per_request
def names() -> Sequence[str]:
    """What somebody may ask several times."""
    return read(select(Heartbeat.name)).scalars().all()


def test_a_request_asks_once_until_it_writes(app: Flask) -> None:
    other = Actor(ActorKind.TASK, name="somebody else")
    with app.test_request_context(), counted() as asked:
        assert names() == names() == []
        assert len(asked) == 1
        with transaction() as session:
            session.add(Heartbeat(name="x", started_at=AT, handled=0))
            assert names() == ["x"]  # within a transaction nothing is remembered
        assert names() == names() == ["x"]
        before = len(asked)
        with actor.acting(other):
            names()
        assert len(asked) == before + 1


def test_outside_of_requests_every_question_is_asked(app: Flask) -> None:
    with counted() as asked:
        assert names() == names() == []
    assert len(asked) == 2


def test_text_is_sealed_and_opens_only_in_its_own_row(app: Flask) -> None:
    sealed = WorkItem.reason.seal(first := uuid7(), "Third bad night")
    assert b"Third" not in (sealed or b"Third")
    assert WorkItem.reason.reveal(first, sealed) == "Third bad night"
    with pytest.raises(InvalidTag):
        WorkItem.reason.reveal(uuid7(), sealed)
    with pytest.raises(InvalidTag):
        WorkEvent.note.reveal(first, sealed)


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_trail_is_append_only(app: Flask, change: str) -> None:
    audit.record("patient.opened", [uuid7()], at=AT)
    with pytest.raises(DatabaseError, match="never changed"), transaction() as session:
        session.execute(text(change))
    assert db.session.scalar(select(AuditEntry.action)) == "patient.opened"


def _take(form_id: UUID) -> None:
    with transaction() as session:
        if not insert_new(session, SubmittedForm, [{"id": form_id, "submitted_at": AT}]):
            raise LookupError


def test_of_ten_processes_one_is_first(app: Flask, env: Mapping[str, str]) -> None:
    act = partial(_take, uuid7())
    assert race(env, [act] * 10) == ["LookupError"] * 9 + ["done"]
