"""What a provider tells of a recipient is kept as ours: opted out, or a number out of reach (P4.3)."""

from datetime import datetime
from uuid import UUID

from clinic.messaging.rules.outcomes import Trouble
from clinic.messaging.services.stopping import stop
from clinic.messaging.services.work import CONTACT_POINT, raise_work
from clinic.patients import services as patients
from clinic.patients.rules import Channel, Source
from clinic.worklist.rules import Level

TO_MEND = {
    Trouble.BAD_NUMBER: "Texts cannot reach this phone number. Ask for a number that can get texts.",
    Trouble.BAD_ADDRESS: "This e-mail address has no mailbox. Nothing more is sent there. Ask for another.",
}


def take(
    trouble: Trouble | None,
    *,
    number: str,
    patient_id: UUID | None,
    contact_point_id: UUID | None,
    at: datetime,
) -> None:
    """In the caller's transaction, before it locks the message: consent comes first (reliability 4)."""
    if trouble is Trouble.OPTED_OUT:
        stop(number, Source.PROVIDER, at=at)
    if trouble is Trouble.BAD_ADDRESS:
        patients.report_wrong(number, Channel.EMAIL, Source.PROVIDER, at=at)
    if trouble in TO_MEND and patient_id and contact_point_id:
        raise_work(
            CONTACT_POINT,
            "contact_point",
            contact_point_id,
            patient_id=patient_id,
            level=Level.MODERATE,
            reason=TO_MEND[trouble],
            at=at,
        )
