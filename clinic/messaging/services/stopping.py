"""No more texts: by STOP, by other words, by the provider (P3.2, P3.3; reliability 10)."""

from datetime import datetime
from uuid import UUID

from clinic.core.db import transaction
from clinic.messaging.services.outbox import withhold_patient
from clinic.patients import services as patients
from clinic.patients.rules import Source


def stop(number: str, source: Source, *, at: datetime) -> list[UUID]:
    """The number, for all who share it, and all numbers of those, at once. Gives the patients."""
    with transaction():
        patient_ids = patients.opt_out_number(number, source, at=at)
        for patient_id in patient_ids:
            withhold_patient(patient_id, "opted_out", at=at)
    return patient_ids


def pause(number: str, *, at: datetime) -> list[UUID]:
    """Words that may mean stop: nothing goes out until a person has asked. Gives the patients."""
    with transaction():
        patient_ids = patients.pause_number(number, Source.TEXT, at=at)
        for patient_id in patient_ids:
            withhold_patient(patient_id, "paused", at=at)
    return patient_ids
