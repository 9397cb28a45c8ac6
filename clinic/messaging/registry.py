"""What upper rooms tell the engine: may this still be sent, and who understands an inbound text."""

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from clinic.messaging.rules.states import State


class Verdict(enum.StrEnum):
    """What a subject says about its message now."""

    SEND = "send"
    WITHHOLD = "withhold"
    WAIT = "wait"


@dataclass(frozen=True)
class Decision:
    """A verdict with its reason (a code). `consent_kind` is what a patient must have agreed to."""

    verdict: Verdict
    reason: str = ""
    consent_kind: str | None = None


class MessageSource(Protocol):
    """The room that owns a kind of subject."""

    def may_send(self, subject_ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Decision]:
        """In the sending transaction, after the consents' locks: lock each subject, in the order of their

        ids, and decide on what is true.
        """

    def settled(
        self, subject_id: UUID, *, purpose: str, state: State, reason: str | None, now: datetime
    ) -> None:
        """Inside the transaction that ends a message: delivered, failed, skipped or cancelled."""


@dataclass(frozen=True)
class InboundText:
    """A text that came in. `patient_ids` are all who share the number; `digits` where it is a number only."""

    id: UUID
    number: str
    patient_ids: tuple[UUID, ...]
    words: str
    digits: int | None
    received_at: datetime


sources: dict[str, MessageSource] = {}
# By when somebody who stopped messages must be called, None where it may wait: (patient id, at).
call_by: list[Callable[[UUID, datetime], datetime | None]] = []
# In order; the first that gives True took the text, in the transaction that applies it.
inbound_handlers: list[Callable[[InboundText], bool]] = []
