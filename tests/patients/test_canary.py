"""A known number, name and free text, written through pages, stand nowhere in the clear (reliability 15)."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url

from clinic.core import clock
from clinic.core.db import db
from clinic.patients import services
from clinic.patients.rules import RelationKind
from tests.conftest import SignIn
from tests.forms import submit

NUMBER, SUPPORTER, ALLERGY = "2025550143", "Zebedee Quillfeather", "quince jelly of autumn"


def everything_kept(env: Mapping[str, str]) -> bytes:
    """The bytes of the database: the file with its log, or a dump."""
    url = make_url(env["DATABASE_URL"])
    if url.drivername == "sqlite":
        file = Path(str(url.database))
        return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.run(["pg_dump", address], capture_output=True, check=True, env=dict(os.environ)).stdout


def test_the_canary_sings_nowhere(
    sign_in: SignIn, patient: Callable[..., UUID], env: Mapping[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    therapist, owen = sign_in("therapist"), patient()
    user_id: UUID = therapist.user_id  # type: ignore[attr-defined]
    services.relate(owen, RelationKind.OWNER, user_id, at=clock.now(), source_kind="test", source_id=owen)
    page = f"/patients/{owen}"
    assert submit(therapist, f"{page}/contacts/phone", value=NUMBER).status_code == 303
    added = submit(therapist, f"{page}/contacts/people", name=SUPPORTER, relationship="friend", phone=NUMBER)
    assert added.status_code == 303
    told = submit(therapist, f"{page}/history/allergy", code="known", detail=ALLERGY, on="2020-01-01")
    assert told.status_code == 303
    assert "(202) 555-0143" in therapist.get(f"{page}/contacts").text
    assert ALLERGY in therapist.get(f"{page}/history").text
    submit(therapist, "/patients", words=NUMBER)
    therapist.post(f"{page}/contacts/phone", data={"value": NUMBER})  # without a token: kept for its author
    db.session.remove()
    kept, logged = everything_kept(env), caplog.text
    assert b"Whitfield" in kept  # names are plain: what is looked at is the real thing
    assert "/patients" in logged
    for secret in (NUMBER, "202) 555-0143", SUPPORTER, ALLERGY):
        assert secret.encode() not in kept, secret
        assert secret not in logged, secret
