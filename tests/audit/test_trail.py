"""The trail tells when it was changed behind its back."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text

from clinic.audit import services as audit
from clinic.audit.models import AuditEntry
from clinic.core.db import db, transaction
from clinic.core.ids import uuid7

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def _without_triggers(change: str) -> None:
    """What somebody with the database's password could do."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    with transaction() as session:
        if on_sqlite:
            session.execute(text("DROP TRIGGER audit_entry_refuse_update"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(change))


def test_every_row_as_written_verifies(app: Flask, runner: FlaskCliRunner) -> None:
    audit.record("patient.opened", [uuid7()], at=AT, detail="clinical")
    audit.record("consent.given", [uuid7()], at=AT, changes={"kinds": [[], ["appointments"]]})
    result = runner.invoke(args=["audit", "verify"])
    assert (result.exit_code, result.output) == (0, "Every row is as it was written.\n")


def test_a_changed_row_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    audit.record("patient.opened", [uuid7()], at=AT)
    _without_triggers("UPDATE audit_entry SET action = 'patient.listed'")
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert str(db.session.scalar(select(AuditEntry.id))) in result.output


def test_what_changed_is_kept_sealed(app: Flask) -> None:
    audit.record("contact.added", at=AT, changes={"phone": [None, "+12025550143"]})
    entry = db.session.scalars(select(AuditEntry)).one()
    assert b"2025550143" not in (entry.changes_sealed or b"2025550143")
    assert entry.changes == {"phone": [None, "+12025550143"]}
