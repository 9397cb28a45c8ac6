"""Whom to tell, in the same transaction, which flags the answers of a form raise or leave open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Flagged:
    """What stands on the answers just saved, of a draft too. The same may come with every saving.

    `open` are flags that an unanswered item leaves open; `finished` says that somebody meant to complete it.
    """

    administration_id: UUID
    patient_id: UUID
    instrument_id: str
    flags: frozenset[str]
    open: frozenset[str]
    finished: bool
    at: datetime


flagged: list[Callable[[Flagged], None]] = []
