"""The floor: what any page of such a clinic costs at least, written as plainly as Flask and Core allow.

/floor loads the signed-in user, asks one indexed query, renders 50 rows from a compiled template and commits
one audit row. /bare is the same without user and audit.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask, abort, render_template, request
from sqlalchemy import (
    Column,
    DateTime,
    MetaData,
    Row,
    Table,
    Text,
    Uuid,
    bindparam,
    create_engine,
    make_url,
    select,
)

from clinic.accounts.models import SignInSession, User
from clinic.accounts.rules import cookie_name
from clinic.configuration.models import Site
from clinic.core.ids import uuid7
from clinic.patients.models import Patient, Relation
from clinic.patients.rules import RelationKind

TRAIL = Table(
    "benchmark_trail",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True)),
    Column("actor_id", Uuid),
    Column("action", Text),
    Column("patient_ids", Text),
)
SIGNED_IN = (
    select(User.id, User.name, User.role, User.site_id)
    .join(SignInSession, SignInSession.user_id == User.id)
    .where(SignInSession.token_hash == bindparam("token_hash"), SignInSession.ended_at.is_(None))
)
ROWS = (
    select(
        Patient.id, Patient.given_name, Patient.family_name, Patient.pronouns, Patient.birth_date,
        Patient.record_number,
    )
    .join(Relation, Relation.patient_id == Patient.id)
    .where(Relation.subject_id == bindparam("site_id"), Relation.kind == RelationKind.DESK)
    .order_by(Patient.id)
    .limit(50)
)  # fmt: skip


def create_app() -> Flask:
    """The two pages on the database of DATABASE_URL, with the engine's settings of the clinic."""
    app = Flask(__name__)
    # The listeners of clinic.core.db set SQLite up for every engine; `writing` begins as the clinic does.
    url = make_url(os.environ["DATABASE_URL"])
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.drivername != "sqlite")
    writer = engine.execution_options(writing=True)
    TRAIL.create(engine, checkfirst=True)
    with engine.connect() as connection:
        site_id = connection.scalars(select(Site.id).join(User).where(User.sign_in_name == "desk")).one()

    def listed(connection: Any, of_site: UUID) -> list[Row[*tuple[Any, ...]]]:
        return list(connection.execute(ROWS, {"site_id": of_site}))

    @app.get("/floor")
    def floor() -> str:
        token = request.cookies.get(cookie_name(False), "")
        found = {"token_hash": hashlib.sha256(token.encode()).digest()}
        with writer.begin() as connection:
            user = connection.execute(SIGNED_IN, found).first() or abort(401)
            rows = listed(connection, user.site_id)
            ids = json.dumps([str(row.id) for row in rows])
            entry = {"id": uuid7(), "at": datetime.now(UTC), "actor_id": user.id, "patient_ids": ids}
            connection.execute(TRAIL.insert(), {**entry, "action": "list"})
        return render_template("floor.html", rows=rows, name=user.name)

    @app.get("/bare")
    def bare() -> str:
        with engine.connect() as connection:
            rows = listed(connection, site_id)
        return render_template("floor.html", rows=rows, name="")

    return app


if os.environ.get("DATABASE_URL"):
    app = create_app()
