"""'Stop messages' on the patient's page: the same as STOP by text (P3.2)."""

from datetime import datetime
from uuid import UUID, uuid5

from clinic.aftercare.services.plans import SUBJECT
from clinic.core.db import transaction
from clinic.messaging import services as messaging
from clinic.messaging.services import stopping, work
from clinic.patients import queries as patients
from clinic.patients import services as patient_services
from clinic.patients.rules import Channel, Source
from clinic.worklist.rules import Level


def stop_messages(check_in_id: UUID, patient_id: UUID, *, at: datetime) -> None:
    """Nothing more to this person's number, at once, for everybody who shares it; the owners are to call."""
    agreed = patients.permission(patient_id, Channel.SMS)
    with transaction():
        if isinstance(agreed, patients.Permission):
            stopped = stopping.stop(agreed.number, Source.PATIENT_PAGE, at=at)
        else:
            patient_services.revoke(patient_id, Channel.SMS, Source.PATIENT_PAGE, at=at)
            messaging.withhold_patient(patient_id, Channel.SMS, "opted_out", at=at)
            stopped = [patient_id]
        for each in stopped:
            work.raise_work(
                work.OPT_OUT,
                SUBJECT,
                uuid5(check_in_id, str(each)),  # one page may stop several people, each with an own item
                patient_id=each,
                level=Level.MODERATE,
                reason="Stopped all texts on the check-in page. Call, and agree how to keep in touch.",
                at=at,
            )
