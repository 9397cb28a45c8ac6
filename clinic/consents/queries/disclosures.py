"""What was disclosed with consent: one sheet, and the accounting of a patient (P1.9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from clinic.accounts.models import User
from clinic.consents.models import Disclosure
from clinic.consents.queries.consents import dated
from clinic.consents.queries.contents import Section
from clinic.consents.rules.elements import Category, Purpose
from clinic.core.db import read
from clinic.core.errors import Missing

# What a patient may ask for (2.25); what is kept is never removed, which covers the six years of HIPAA.
ACCOUNTED = timedelta(days=3 * 366)


class Told(NamedTuple):
    """One disclosure; `discloser` is the name of a member of staff."""

    id: UUID
    consent_id: UUID
    recipient: str
    purpose: Purpose
    categories: Sequence[Category]
    sections: Sequence[Section]
    notice: str
    notice_version: str
    at: datetime
    discloser: str | None

    @property
    def disclosed_on(self) -> str:
        """Nov 24, 2026, 14:05."""
        return dated(self.at)


_DISCLOSURES = (
    select(*Disclosure.__table__.c, User.name.label("discloser"))
    .outerjoin(User, User.id == Disclosure.disclosed_by)
    .where(Disclosure.patient_id == bindparam("patient_id"))
    .order_by(Disclosure.disclosed_at.desc(), Disclosure.id)
)
_ONE = _DISCLOSURES.where(Disclosure.id == bindparam("disclosure_id"))
_SINCE = _DISCLOSURES.where(Disclosure.disclosed_at >= bindparam("since"))


def accounting(patient_id: UUID, *, now: datetime) -> list[Told]:
    """Every disclosure with consent of the last three years, newest first. The record was opened before."""
    return [_told(row) for row in read(_SINCE, {"patient_id": patient_id, "since": now - ACCOUNTED})]


def one(patient_id: UUID, disclosure_id: UUID) -> Told:
    """One disclosure of a patient whose record was opened. Raises Missing."""
    row = read(_ONE, {"patient_id": patient_id, "disclosure_id": disclosure_id}).one_or_none()
    if row is None:
        raise Missing
    return _told(row)


def _told(row: Row[*tuple[Any, ...]]) -> Told:
    plain = Disclosure.contents.reveal(row.id, row.contents_sealed)
    return Told(
        row.id,
        row.consent_id,
        Disclosure.recipient.reveal(row.id, row.recipient_sealed),
        row.purpose,
        [Category(each) for each in row.categories],
        [Section.read(each) for each in plain],
        row.notice,
        row.notice_version,
        row.disclosed_at,
        row.discloser,
    )
