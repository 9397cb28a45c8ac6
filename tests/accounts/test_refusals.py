"""Who was refused stands in the trail; who is not signed in leaves nothing there."""

from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from clinic.audit.models import AuditEntry
from clinic.core.db import db
from tests.conftest import SignIn

REFUSED = select(AuditEntry.detail, AuditEntry.patient_ids, AuditEntry.subject_id).where(
    AuditEntry.action == "page.refused"
)


@pytest.mark.parametrize(
    ("address", "status", "endpoint", "about"),
    [
        ("/administration/staff", 403, "accounts.staff", (False, False)),
        ("/administration/staff/{}", 404, "accounts.staff_edit", (False, True)),
        ("/patients/{}/aftercare", 404, "aftercare.plan", (True, False)),
        ("/work/{}", 404, "worklist.item", (False, True)),
    ],
)
def test_a_page_of_another_role_or_a_foreign_record(
    sign_in: SignIn, address: str, status: int, endpoint: str, about: tuple[bool, bool]
) -> None:
    asked, role = uuid4(), "nurse" if "work" in address or status == 403 else "desk"
    assert sign_in(role).get(address.format(asked)).status_code == status
    [row] = db.session.execute(REFUSED)
    patient_ids: list[str] = [str(asked)] if about[0] else []
    subject_id: UUID | None = asked if about[1] else None
    assert tuple(row) == (endpoint, patient_ids, subject_id)


def test_no_page_and_no_person_leave_nothing(sign_in: SignIn, client: FlaskClient) -> None:
    sign_in("nurse").get("/no-such-page")
    client.get(f"/work/{uuid4()}")
    assert db.session.execute(REFUSED).all() == []
