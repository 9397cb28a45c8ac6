"""Naloxone is offered at every intake: what came of it stands in the history (C5.2)."""

from datetime import datetime
from uuid import UUID

from clinic.core.errors import Invalid
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.history import services as history
from clinic.history.rules import FactKind, NewFact
from clinic.intake.rules.decision import Naloxone


def record(patient_id: UUID, naloxone: Naloxone, source_kind: str, source_id: UUID, *, at: datetime) -> None:
    """Keep what was done. Raises Invalid for the fields `naloxone_code` and `naloxone_expires_on`."""
    today = local(at, current().zone).date()
    fact = NewFact(
        FactKind.NALOXONE, naloxone.code, on=today, expires_on=naloxone.expires_on, source_kind=source_kind
    )
    try:
        history.record_fact(patient_id, fact, source_id=source_id, at=at)
    except Invalid as error:
        raise Invalid(f"naloxone_{error.field}", error.message) from error
