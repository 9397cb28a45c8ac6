"""A whole consent of each kind for the rules, and the pages of one for the doors."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clinic.consents.rules.elements import (
    Category,
    Consent,
    Expiry,
    Intermediary,
    Kind,
    Purpose,
    Recipient,
    Signature,
    Way,
)
from clinic.consents.rules.writing import Written, drafted
from tests.cases.conftest import Owned, own, person
from tests.forms import submit

__all__ = ["own", "person"]

SIGNED_AT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
OFFICER = Recipient("Dana Reyes, county probation")
WRITTEN = Written(
    discloser="Riverside",
    categories=frozenset({Category.ADMISSION, Category.ATTENDANCE}),
    recipients=(OFFICER,),
    intermediary=Intermediary("County exchange", "Probation offices"),
    purpose=Purpose.MONITORING,
    expiry=Expiry(Way.DATE, date(2027, 3, 1), zone="America/New_York"),
)
FORM: dict[str, Any] = {
    "discloser": "Riverside",
    "categories": ["demographics", "admission"],
    "names": "Dana Reyes, county probation",
    "purpose": "monitoring",
    "expires": "date",
    "expires_on": "2027-03-01",
}


def signed(kind: Kind, written: Written) -> Consent:
    """What comes of it when the person signs."""
    return replace(
        drafted(kind, "Owen Whitfield", written), signature=Signature("Owen Whitfield"), signed_at=SIGNED_AT
    )


def address(person: Owned, page: str = "") -> str:
    """Of the consents or one of their pages."""
    return f"/patients/{person.id}/consents{page}"


def write(person: Owned, kind: str = "specific", **changed: Any) -> str:
    """Write a draft down; the address of its page."""
    answer = submit(person.therapist, address(person, f"/new/{kind}"), **(FORM | changed))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sign(browser: FlaskClient, page: str, **changed: Any) -> TestResponse:
    """The person signs the draft at `page`."""
    return submit(browser, f"{page}/sign", **({"signer": "patient", "name": "Owen Whitfield"} | changed))


def active(person: Owned, **changed: Any) -> str:
    """The address of a consent in force."""
    page = write(person, **changed)
    assert sign(person.therapist, page).status_code == 303
    return page


def share(browser: FlaskClient, page: str, **changed: Any) -> TestResponse:
    """Share with the consent at `page`."""
    told = {"recipient": "0", "purpose": "monitoring", "categories": ["admission"]}
    return submit(browser, f"{page}/disclose", **(told | changed))


def id_of(page: str) -> UUID:
    """The id that ends an address."""
    return UUID(page.rpartition("/")[2])
