"""Who a patient is, how to reach them, what they agreed to, and who may see them."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base, Versioned
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed, SealedJson
from clinic.patients.rules import Channel, ConsentEventKind, PointKind, RelationKind, Sex, Source


class Patient(Versioned, Base):
    """One person. Names and birth date stay plain: intake must search and sort them (reliability 15)."""

    __tablename__ = "patient"
    __table_args__ = (
        UniqueConstraint("record_number"),
        CheckConstraint("length(record_number) = 8", name="record_number_length"),
        CheckConstraint("length(family_name) BETWEEN 1 AND 120", name="family_name_length"),
        CheckConstraint("length(given_name) BETWEEN 1 AND 120", name="given_name_length"),
        CheckConstraint("birth_date >= '1900-01-01'", name="birth_date_possible"),
        Index(None, "birth_date", "family_sound"),
        Index(None, "family_sound", "id"),  # every record's banner looks for a namesake
        Index(None, "name_folded", "id"),  # a search by name goes through the names in order, and stops early
        Index("uq_patient_external_id", "external_id", unique=True),
    )

    record_number: Mapped[str]
    family_name: Mapped[str]
    given_name: Mapped[str]
    called_name: Mapped[str | None]
    name_folded: Mapped[str]
    family_sound: Mapped[str]
    pronouns: Mapped[str | None]
    birth_date: Mapped[date]
    former_names: Mapped[str | None]  # family names before, with commas between
    address_sealed: Mapped[bytes | None]
    address = SealedJson()  # as rules.Address; None is not known
    external_id: Mapped[str | None]  # its key in the system it was imported from
    sex: Mapped[Sex]
    zone: Mapped[str]
    language: Mapped[str]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    registered_at: Mapped[datetime]
    deceased_at: Mapped[datetime | None]
    version: Mapped[int]


class BlockingKey(Base):
    """A key under which a patient is looked up before a likely duplicate is weighed (rules.blocking).

    `key` is the beginning of a blind index. Keys are added and never taken away: an old spelling or number
    finds somebody too.
    """

    __tablename__ = "blocking_key"
    __table_args__ = (UniqueConstraint("key", "patient_id"), Index(None, "patient_id"))

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    key: Mapped[int] = mapped_column(BigInteger)


class DetailsCorrection(Base):
    """Who somebody was taken for until this `version` of the patient, kept for ever.

    `changes`: field of the details: [before, after], each as text or None.
    """

    __tablename__ = "details_correction"
    __table_args__ = (UniqueConstraint("patient_id", "version"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    version: Mapped[int]
    changes_sealed: Mapped[bytes]
    changes = SealedJson()
    reason_sealed: Mapped[bytes]
    reason = Sealed()
    corrected_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    corrected_at: Mapped[datetime]


append_only(DetailsCorrection)


class ContactPoint(Base):
    """A number or address from one day to another. It is ended and replaced, never edited (P3.1)."""

    __tablename__ = "contact_point"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        Index(None, "patient_id"),
        Index(None, "value_index"),
        Index(
            "uq_contact_point_in_use",
            "patient_id",
            "value_index",
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[PointKind]
    value_sealed: Mapped[bytes]
    value = Sealed()
    value_index: Mapped[bytes]
    may_voicemail: Mapped[bool]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class SupportPerson(Base):
    """Somebody close, and what the patient allows them to be told. Ended, never removed."""

    __tablename__ = "support_person"
    __table_args__ = (Index(None, "patient_id"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    name_sealed: Mapped[bytes]
    name = Sealed()
    relationship: Mapped[str]
    phone_sealed: Mapped[bytes | None]
    phone = Sealed()
    may_be_told: Mapped[list[str]]
    agreed_until: Mapped[date | None]
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ChannelConsent(Base):
    """The lock of a patient's consent on one channel; what holds is the last event below it."""

    __tablename__ = "channel_consent"
    __table_args__ = (UniqueConstraint("patient_id", "channel"),)

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    channel: Mapped[Channel]


class ConsentEvent(Base):
    """A patient agreed, stopped or paused; with the words shown, the number and who took it (P3.1)."""

    __tablename__ = "consent_event"
    __table_args__ = (
        UniqueConstraint("channel_consent_id", "position"),
        CheckConstraint(
            "event <> 'opt_in' OR (contact_point_id IS NOT NULL AND words_shown IS NOT NULL"
            " AND safe_from IS NOT NULL AND safe_until IS NOT NULL AND safe_from < safe_until)",
            name="opt_in_complete",
        ),
        Index(None, "contact_point_id"),
    )

    channel_consent_id: Mapped[UUID] = mapped_column(ForeignKey("channel_consent.id"))
    position: Mapped[int]  # 1, 2, 3…: which came last never hangs on a clock
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_point.id"))
    event: Mapped[ConsentEventKind]
    kinds: Mapped[list[str]]
    words_shown: Mapped[str | None]
    words_version: Mapped[str | None]
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    may_use_first_name: Mapped[bool]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    source: Mapped[Source]
    at: Mapped[datetime]


append_only(ConsentEvent)


class Relation(Base):
    """Who may see whom, since when and why. The subject is a staff user or a site (reliability 12)."""

    __tablename__ = "relation"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
        Index(None, "subject_id", "kind"),
        Index(None, "patient_id", "subject_id", "kind"),  # may this one see that one? stands in every query
        Index(
            "uq_relation_current",
            "patient_id",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("ends_at IS NULL"),
            postgresql_where=text("ends_at IS NULL"),
        ),
    )

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    kind: Mapped[RelationKind]
    subject_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
