"""To whom a message goes, found when it is sent and never earlier."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core.settings import current
from clinic.messaging.models import InboundMessage, Message
from clinic.messaging.rules.timing import Hours
from clinic.patients import services as patients
from clinic.patients.queries import NoPermission
from clinic.patients.rules import Channel
from clinic.web import filters

INBOUND = "inbound_message"


@dataclass(frozen=True)
class Recipient:
    """A number or address with all that limits its use; `why`: why there is none. No `kinds`: no limit."""

    number: str = ""
    why: str | None = None
    zone: str = "UTC"
    hours: tuple[Hours, ...] | None = None
    kinds: frozenset[str] | None = None
    first_name: str | None = None
    contact_point_id: UUID | None = None


def recipient_of(session: Session, message: Message) -> Recipient:
    """Hold the patient's consent and say what it allows; staff and who just wrote to us need none."""
    if message.patient_id is not None:
        return _patient(message.patient_id, message.channel)
    if message.staff_id is not None:
        entry = accounts.entry(message.staff_id)
        phone = entry.phone if entry and not entry.disabled_at else None
        return Recipient(phone) if phone else Recipient(why="no_contact")
    if message.subject_kind == INBOUND:
        return Recipient(session.get_one(InboundMessage, message.subject_id).number)
    return Recipient(why="no_contact")


def _patient(patient_id: UUID, channel: Channel) -> Recipient:
    allowed = patients.lock_consent(patient_id, channel)
    if isinstance(allowed, NoPermission):
        return Recipient(why=allowed.why.value)
    clinic = Hours(configuration.value("quiet_hours_from"), configuration.value("quiet_hours_until"))
    return Recipient(
        number=allowed.number,
        zone=allowed.zone,
        hours=(clinic, Hours(allowed.safe_from, allowed.safe_until)),
        kinds=allowed.kinds,
        first_name=allowed.first_name,
        contact_point_id=allowed.contact_point_id,
    )


def common_words(recipient: Recipient) -> dict[str, str]:
    """The fill-ins that every message may use; the emergency number is never guessed (P5.4)."""
    phone = configuration.value("clinic_phone") or current().sms_from
    words = {
        "phone": filters.phone(phone),
        "emergency": configuration.emergency_number() or filters.phone(phone),
    }
    return words | ({"name": recipient.first_name} if recipient.first_name else {})
