"""The people of the desk's tests, and a plan as the form sends it."""

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from clinic.core.db import db
from clinic.worklist.models import WorkItem
from tests.cases.conftest import Owned, own, person
from tests.forms import submit

__all__ = ["own", "person"]

WHOLE: dict[str, Any] = {
    "signs": "I stop answering the phone\nI walk at night",
    "alone": "Cold water on my face",
    "away": "The library on Mill Street",
    "helpers-0-name": "Ada Obi",
    "helpers-0-phone": "202-555-0133",
    "helpers-0-may_be_told": "y",
    "services-0-name": "Miriam Okafor",
    "services-0-number": "202-555-0100",
    "means": "filled",
    "named": "Old pills in the bathroom",
    "kept": "My sister takes them today",
    "naloxone": "In the kitchen drawer",
}
SIGNED = {"agreement": "agreed", "signed_name": "Owen Whitfield", "copy_given": "y"}


def address(person: Owned, page: str = "") -> str:
    """Of the plan or one of its pages."""
    return f"/patients/{person.id}/safety-plan{page}"


def write(person: Owned, do: str = "sign", **changed: Any) -> TestResponse:
    """Fill in the plan and press a button."""
    given = WHOLE | (SIGNED if do == "sign" else {}) | changed
    return submit(person.therapist, address(person, "/write"), do=do, **given)


def work(person: Owned) -> list[WorkItem]:
    """The open items that ask for a plan."""
    db.session.rollback()
    wanted = select(WorkItem).where(
        WorkItem.patient_id == person.id, WorkItem.kind == "safety.plan", WorkItem.closed_at.is_(None)
    )
    return list(db.session.scalars(wanted))
