"""Whom to tell, in the same transaction, that answers raised flags."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Flagged:
    """Flags that stand on the answers just saved, of a draft too. The same may come with every saving."""

    administration_id: UUID
    patient_id: UUID
    instrument_id: str
    flags: frozenset[str]
    at: datetime


flagged: list[Callable[[Flagged], None]] = []
