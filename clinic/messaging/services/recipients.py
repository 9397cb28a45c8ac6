"""To whom a message goes, found when it is sent and never earlier."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.accounts import queries as accounts
from clinic.configuration import queries as configuration
from clinic.core.settings import current
from clinic.messaging.models import InboundMessage
from clinic.messaging.rules.decision import Claim
from clinic.messaging.rules.timing import Hours
from clinic.patients import services as patients
from clinic.patients.queries import NoPermission, Permission
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


def recipients_of(session: Session, claims: Sequence[Claim]) -> dict[UUID, Recipient]:
    """By message: hold the patients' consents, and say what they allow; others need none."""
    others = {claim.message_id: _other(session, claim) for claim in claims if claim.patient_id is None}
    return others | _patients(claims)


def _other(session: Session, claim: Claim) -> Recipient:
    """Staff, or who has just written to us."""
    if claim.staff_id is not None:
        entry = accounts.entry(claim.staff_id)
        phone = entry.phone if entry and not entry.disabled_at else None
        return Recipient(phone) if phone else Recipient(why="no_contact")
    if claim.subject_kind == INBOUND:
        return Recipient(session.get_one(InboundMessage, claim.subject_id).number)
    return Recipient(why="no_contact")


def _patients(claims: Sequence[Claim]) -> dict[UUID, Recipient]:
    found: dict[UUID, Recipient] = {}
    for channel in Channel:  # in the order in which a wish to stop locks them
        to = {
            claim.message_id: claim.patient_id
            for claim in claims
            if claim.patient_id and claim.channel is channel
        }
        allowed = patients.lock_consents(set(to.values()), channel) if to else {}
        found |= {message_id: _patient(allowed[patient_id]) for message_id, patient_id in to.items()}
    return found


def _patient(allowed: Permission | NoPermission) -> Recipient:
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
