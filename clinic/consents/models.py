"""Consents, what ended them, and what was disclosed with them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.consents.rules.elements import EndKind, Kind, Purpose, Signer, Way
from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only, frozen_once, statement
from clinic.core.sealed import Sealed, SealedJson

# What must stand before a consent is activated (P1.2), element by element; a draft may lack anything.
WHOLE = {
    "discloser": "discloser_sealed IS NOT NULL",
    "scope": "kind = 'treatment' OR categories <> '[]'",
    "recipients": "kind = 'treatment' OR recipients_sealed IS NOT NULL",
    "intermediary": "(intermediary_sealed IS NULL) = (participants_sealed IS NULL)",
    "redisclosure": "redisclosure IS NOT NULL OR NOT to_covered_entity OR purpose NOT IN"
    " ('treatment_payment_operations', 'treatment', 'payment', 'operations')",
    "purpose": "purpose IS NOT NULL",
    "right_to_revoke": "right_to_revoke IS NOT NULL",
    "expiry": "expires IS NOT NULL AND (expires <> 'date' OR expires_on IS NOT NULL)"
    " AND (expires <> 'event' OR expires_event_sealed IS NOT NULL) AND (expires <> 'none' OR kind = 'tpo')",
    "signature": "signer IS NOT NULL AND signed_name_sealed IS NOT NULL"
    " AND (signer = 'patient' OR authority_sealed IS NOT NULL)",
    "date_signed": "signed_at IS NOT NULL",
    "tpo_statements": "kind <> 'tpo' OR (tpo_redisclosure IS NOT NULL AND tpo_refusal IS NOT NULL)",
    "who_activated": "activated_by IS NOT NULL",
}


class Consent(Versioned, Base):
    """One consent of one patient: a draft until it is activated, never changed after.

    `categories` are codes; `recipients` a list of {name, group}; the statements are the words shown.
    """

    __tablename__ = "consent"
    __table_args__ = (
        *(
            CheckConstraint(f"activated_at IS NULL OR ({stands})", name=f"active_with_{element}")
            for element, stands in WHOLE.items()
        ),
        Index(None, "patient_id"),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[Kind]
    discloser_sealed: Mapped[bytes | None]
    discloser = Sealed()
    categories: Mapped[list[str]]
    recipients_sealed: Mapped[bytes | None]
    recipients = SealedJson()
    intermediary_sealed: Mapped[bytes | None]
    intermediary = Sealed()
    participants_sealed: Mapped[bytes | None]
    participants = Sealed()
    to_covered_entity: Mapped[bool]
    purpose: Mapped[Purpose | None]
    expires: Mapped[Way | None]
    expires_on: Mapped[date | None]
    expires_event_sealed: Mapped[bytes | None]
    expires_event = Sealed()
    right_to_revoke: Mapped[str | None]
    redisclosure: Mapped[str | None]
    tpo_redisclosure: Mapped[str | None]
    tpo_refusal: Mapped[str | None]
    words_version: Mapped[str]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    signer: Mapped[Signer | None]
    signed_name_sealed: Mapped[bytes | None]
    signed_name = Sealed()
    authority_sealed: Mapped[bytes | None]
    authority = Sealed()
    drawing_sealed: Mapped[bytes | None]
    drawing = Sealed()
    witness_sealed: Mapped[bytes | None]
    witness = Sealed()
    signed_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    activated_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    version: Mapped[int]


frozen_once(Consent, "activated_at")


class ConsentEnd(Base):
    """That an active consent was taken back, met its event or is known to be false (P1.7)."""

    __tablename__ = "consent_end"
    __table_args__ = (UniqueConstraint("consent_id", "kind"),)

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    kind: Mapped[EndKind]
    at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))


append_only(ConsentEnd)


class Disclosure(Base):
    """What was told to whom with which consent and notice, kept for the accounting (P1.5, P1.9).

    `contents`: [{category, lines: [[label, value]], note}], word for word what the recipient got.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("categories <> '[]'", name="of_something"),
        Index(None, "consent_id"),
        Index(None, "patient_id", "disclosed_at"),
    )

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    categories: Mapped[list[str]]
    purpose: Mapped[Purpose]
    recipient_sealed: Mapped[bytes]
    recipient = Sealed()
    contents_sealed: Mapped[bytes]
    contents = SealedJson()
    notice: Mapped[str]
    notice_version: Mapped[str]
    disclosed_at: Mapped[datetime]
    disclosed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))


append_only(Disclosure)

# Whatever a service forgets: without an active consent of this patient that nothing has ended, no row.
NOT_IN_FORCE = (
    "NOT EXISTS (SELECT 1 FROM consent WHERE id = NEW.consent_id AND patient_id = NEW.patient_id"
    " AND activated_at IS NOT NULL AND kind <> 'treatment')"
    " OR EXISTS (SELECT 1 FROM consent_end WHERE consent_id = NEW.consent_id)"
)
statement(
    Disclosure.__table__,  # type: ignore[arg-type]
    sqlite=[
        f"CREATE TRIGGER disclosure_in_force BEFORE INSERT ON disclosure WHEN {NOT_IN_FORCE} "
        "BEGIN SELECT RAISE(ABORT, 'disclosure without a consent in force'); END"
    ],
    postgresql=[
        "CREATE OR REPLACE FUNCTION disclosure_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {NOT_IN_FORCE} THEN RAISE EXCEPTION 'disclosure without a consent in force'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER disclosure_in_force BEFORE INSERT ON disclosure FOR EACH ROW "
        "EXECUTE FUNCTION disclosure_refuse()",
    ],
)
