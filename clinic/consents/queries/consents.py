"""Reading the consents of one patient, with what ended them. The caller has opened the record."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from clinic.accounts.models import User
from clinic.consents.models import Consent, ConsentEnd
from clinic.consents.rules import elements
from clinic.consents.rules.completeness import ON_SIGNING, Element, missing
from clinic.consents.rules.disclosing import Decision, ended
from clinic.consents.rules.elements import Category, End, Expiry, Group, Intermediary, Recipient, Signature
from clinic.consents.rules.writing import ending
from clinic.core.db import read
from clinic.core.errors import Missing
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.patients.models import Patient
from clinic.patients.rules import born


class Shown(NamedTuple):
    """One consent as a page shows it, with the names of who wrote it down and who activated it."""

    id: UUID
    version: int
    consent: elements.Consent
    words_version: str
    drafted_at: datetime
    drafter: str | None
    activated_at: datetime | None
    activator: str | None

    @property
    def lacks(self) -> list[Element]:
        """What a draft lacks before it can be signed."""
        return [one for one in missing(self.consent) if one not in ON_SIGNING]

    @property
    def title(self) -> str:
        """For whom, or what kind it is where nobody is named."""
        names = ", ".join(one.words for one in self.consent.recipients)
        return names or self.consent.kind.label

    @property
    def ends(self) -> str:
        """When it ends, in words."""
        return ending(self.consent.expiry)

    @property
    def signed_on(self) -> str:
        """Nov 24, 2026, 14:05: the date signed, for paper; empty for a draft."""
        return dated(self.consent.signed_at) if self.consent.signed_at else ""

    def ended(self, at: datetime) -> Decision | None:
        """Why it is not in force; None while it is."""
        return ended(self.consent, at)


def dated(at: datetime) -> str:
    """Nov 24, 2026, 14:05 in the clinic's zone: what leaves the house says the year."""
    there = local(at, current().zone)
    return f"{born(there.date())}, {there:%H:%M}"


_drafter, _activator = aliased(User), aliased(User)
_CONSENTS = (
    select(
        *Consent.__table__.c,
        Patient.given_name,
        Patient.family_name,
        Patient.zone,
        _drafter.name.label("drafter"),
        _activator.name.label("activator"),
        ConsentEnd.kind.label("end_kind"),
        ConsentEnd.at.label("ended_at"),
    )
    .join(Patient, Patient.id == Consent.patient_id)
    .outerjoin(_drafter, _drafter.id == Consent.drafted_by)
    .outerjoin(_activator, _activator.id == Consent.activated_by)
    .outerjoin(ConsentEnd, ConsentEnd.consent_id == Consent.id)
    .where(Consent.patient_id == bindparam("patient_id"))
    .order_by(Consent.drafted_at.desc(), Consent.id, ConsentEnd.at)
)
_ONE = _CONSENTS.where(Consent.id == bindparam("consent_id"))


def of_patient(patient_id: UUID) -> list[Shown]:
    """All consents of a patient, newest first."""
    by_consent = groupby(read(_CONSENTS, {"patient_id": patient_id}), attrgetter("id"))
    return [_shown(list(rows)) for _, rows in by_consent]


def one(patient_id: UUID, consent_id: UUID) -> Shown:
    """One consent of a patient. Raises Missing."""
    rows = read(_ONE, {"patient_id": patient_id, "consent_id": consent_id}).all()
    if not rows:
        raise Missing
    return _shown(rows)


def _shown(rows: Sequence[Row[*tuple[Any, ...]]]) -> Shown:
    """One consent: its row comes once for each end."""
    row = rows[0]
    ends = tuple(End(each.end_kind, each.ended_at) for each in rows if each.end_kind)
    return Shown(
        row.id,
        row.version,
        _consent(row, ends),
        row.words_version,
        row.drafted_at,
        row.drafter,
        row.activated_at,
        row.activator,
    )


def _consent(row: Row[*tuple[Any, ...]], ends: tuple[End, ...]) -> elements.Consent:
    through = Consent.intermediary.reveal(row.id, row.intermediary_sealed) or ""
    participants = Consent.participants.reveal(row.id, row.participants_sealed) or ""
    recipients = Consent.recipients.reveal(row.id, row.recipients_sealed) or []
    return elements.Consent(
        row.kind,
        f"{row.given_name} {row.family_name}",
        discloser=Consent.discloser.reveal(row.id, row.discloser_sealed) or "",
        categories=frozenset(map(Category, row.categories)),
        recipients=tuple(
            Recipient(each["name"], Group(each["group"]) if each["group"] else None) for each in recipients
        ),
        intermediary=Intermediary(through, participants) if through or participants else None,
        to_covered_entity=row.to_covered_entity,
        purpose=row.purpose,
        right_to_revoke=row.right_to_revoke or "",
        redisclosure=row.redisclosure or "",
        tpo_redisclosure=row.tpo_redisclosure or "",
        tpo_refusal=row.tpo_refusal or "",
        expiry=_expiry(row),
        signature=_signature(row),
        signed_at=row.signed_at,
        ends=ends,
    )


def _expiry(row: Row[*tuple[Any, ...]]) -> Expiry | None:
    if row.expires is None:
        return None
    event = Consent.expires_event.reveal(row.id, row.expires_event_sealed) or ""
    return Expiry(row.expires, row.expires_on, event, row.zone)


def _signature(row: Row[*tuple[Any, ...]]) -> Signature | None:
    if row.signer is None:
        return None
    opened = {
        name: getattr(Consent, field).reveal(row.id, getattr(row, f"{field}_sealed")) or ""
        for name, field in {
            "name": "signed_name", "authority": "authority", "drawing": "drawing", "witness": "witness",
        }.items()
    }  # fmt: skip
    return Signature(signer=row.signer, **opened)
