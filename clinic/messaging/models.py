"""Messages, what was tried, what came back, and who was paged. No address and no text stand in `message`."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.core.db import Base
from clinic.core.ddl import append_only
from clinic.core.sealed import Sealed, SealedJson
from clinic.messaging.rules.breaker import Breaker
from clinic.messaging.rules.outcomes import Family, Outcome
from clinic.messaging.rules.states import State
from clinic.patients.rules import Channel


class Message(Base):
    """One text or e-mail owed to one person: the outbox itself, written with the cause, found by all.

    The same one by subject, purpose and channel. From `next_attempt_at` on it may be claimed. `claim_count`
    counts the claims in a row that ended before anything was decided: each may have killed its worker.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "purpose", "channel"),
        UniqueConstraint("link_hash"),
        CheckConstraint(
            "state NOT IN ('claimed', 'sending') OR (lease_token IS NOT NULL AND lease_until IS NOT NULL)",
            name="leased",
        ),
        CheckConstraint(
            "state NOT IN ('failed', 'skipped', 'cancelled') OR reason IS NOT NULL", name="end_has_reason"
        ),
        CheckConstraint("patient_id IS NULL OR staff_id IS NULL", name="one_recipient"),
        CheckConstraint("expires_at >= not_before", name="expires_after_start"),
        CheckConstraint("(link_hash IS NULL) = (link_key_version IS NULL)", name="link_complete"),
        # not only of what is scheduled: a partial index is of no use to a plan made before the state is known
        Index("ix_message_due", "state", "next_attempt_at", "id"),
        Index("ix_message_state", "state", "lease_until"),
        Index(None, "patient_id", "not_before"),
    )

    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    purpose: Mapped[str]
    channel: Mapped[Channel]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    template: Mapped[str]
    template_version: Mapped[int]
    own_words_id: Mapped[UUID | None] = mapped_column(ForeignKey("own_words.id"))
    language: Mapped[str]
    fill_ins_sealed: Mapped[bytes]
    fill_ins = SealedJson()
    link_key_version: Mapped[str | None]
    link_hash: Mapped[bytes | None]
    link_dies_at: Mapped[datetime | None]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    receipt_by: Mapped[datetime | None]
    state: Mapped[State]
    reason: Mapped[str | None]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    claim_count: Mapped[int] = mapped_column(default=0)
    accepted_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Base):
    """One request to a provider: written before the call, so that whoever dies leaves a trace of it.

    `body_index` is a keyed fingerprint of the text that went out, `number` (or e-mail address) where it went:
    to find it again. `http_status` is the provider's answer, over SMTP the code of its reply.
    `first_empty_at` is the system's own time, never moved: it measures what happens at the provider.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("message_id", "n"),
        UniqueConstraint("provider", "provider_message_id"),
        CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="finished_with_outcome"),
        CheckConstraint("n >= 1", name="counted_from_one"),
        Index(None, "finished_at"),
        Index(None, "body_index"),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    n: Mapped[int]
    provider: Mapped[str]
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_point.id"))
    number_sealed: Mapped[bytes]
    number = Sealed()
    body_index: Mapped[bytes]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    reason: Mapped[str | None]
    family: Mapped[Family | None]
    http_status: Mapped[int | None]
    provider_message_id: Mapped[str | None]
    look_at: Mapped[datetime | None]
    first_empty_at: Mapped[datetime | None]


class Receipt(Base):
    """What a provider told about a message, kept even when it fits none. Only its handling is ever changed.

    `not_applied` says why it changed nothing; empty when it did.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("provider", "dedupe_key"),
        CheckConstraint("not_applied IS NULL OR handled_at IS NOT NULL", name="reason_when_handled"),
        Index(None, "message_id"),
        Index(
            "ix_receipt_waiting",
            "received_at",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    provider: Mapped[str]
    dedupe_key: Mapped[str]
    message_id: Mapped[UUID]  # as the signed address says it; there may be no such message
    provider_message_id: Mapped[str]
    status: Mapped[str]
    error: Mapped[int | None]
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    not_applied: Mapped[str | None]


class InboundMessage(Base):
    """A text that came in, kept before anybody decides what it means."""

    __tablename__ = "inbound_message"
    __table_args__ = (
        UniqueConstraint("provider", "provider_message_id"),
        CheckConstraint("(applied_at IS NULL) = (handler IS NULL)", name="applied_by_handler"),
        Index(
            "ix_inbound_message_waiting",
            "received_at",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
    )

    provider: Mapped[str]
    provider_message_id: Mapped[str]
    number_sealed: Mapped[bytes]
    number = Sealed()
    number_index: Mapped[bytes] = mapped_column(index=True)
    words_sealed: Mapped[bytes]
    words = Sealed()
    patient_ids: Mapped[list[str]]
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    handler: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)


class ProviderHealth(Base):
    """The breaker of one provider for one family of trouble; shared by all processes."""

    __tablename__ = "provider_health"
    __table_args__ = (
        UniqueConstraint("provider", "family"),
        CheckConstraint("state = 'closed' OR retry_at IS NOT NULL", name="open_until"),
    )

    provider: Mapped[str]
    family: Mapped[Family]
    state: Mapped[Breaker]
    openings: Mapped[int]
    retry_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class How(enum.StrEnum):
    """By which way a page was acknowledged."""

    REPLY = "reply"
    SCREEN = "screen"
    ANSWER = "answer"


class OnCallPage(Base):
    """One person paged for one piece of work. At `next_at` the next one is paged unless this one answers."""

    __tablename__ = "on_call_page"
    __table_args__ = (
        UniqueConstraint("work_item_id", "rung"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
            " AND (acknowledged_at IS NULL) = (how IS NULL)",
            name="acknowledged_whole",
        ),
        Index(None, "user_id"),
    )

    work_item_id: Mapped[UUID] = mapped_column(ForeignKey("work_item.id"))
    rung: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("staff_user.id"))
    paged_at: Mapped[datetime]
    next_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # acknowledged, handed on, or the work was closed
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    how: Mapped[How | None]


class OwnWords(Base):
    """How the clinic says one text or letter in one language from `version` on; no text is as shipped.

    The newest row holds for what is sent from now on; a message keeps the row it was sent by.
    """

    __tablename__ = "own_words"
    __table_args__ = (
        UniqueConstraint("channel", "template", "language", "version"),
        CheckConstraint(
            "(subject IS NOT NULL) = (channel = 'email' AND text IS NOT NULL)", name="letter_has_subject"
        ),
        CheckConstraint("link_words IS NULL OR subject IS NOT NULL", name="link_words_of_letter"),
    )

    channel: Mapped[Channel]
    template: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    link_words: Mapped[str | None]
    reason_sealed: Mapped[bytes | None]
    reason = Sealed()
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_user.id"))
    changed_at: Mapped[datetime]


append_only(OwnWords)


class EngineCount(Base):
    """How often something happened that leaves no row of its own, as a wrong signature."""

    __tablename__ = "engine_count"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str]
    count: Mapped[int]
    last_at: Mapped[datetime]
