"""What a patient agreed to be sent, when, in which words (P3.1 to P3.4)."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from clinic.patients.rules.contacts import PointKind


class Channel(enum.StrEnum):
    """How messages reach a patient; each has its own consent."""

    SMS = "sms"
    EMAIL = "email"

    @property
    def label(self) -> str:
        """What goes out by it, in the plural."""
        return "texts" if self is Channel.SMS else "email"


CARRIES: Mapping[Channel, PointKind] = {Channel.SMS: PointKind.PHONE, Channel.EMAIL: PointKind.EMAIL}


class MessageKind(enum.StrEnum):
    """What a patient may agree to be sent (P3.1)."""

    APPOINTMENTS = "appointments"
    CHECK_INS = "check_ins"
    CALL_ME = "call_me"

    @property
    def label(self) -> str:
        """As the consent form says it."""
        return _MESSAGE_KINDS[self]


_MESSAGE_KINDS = {
    MessageKind.APPOINTMENTS: "Reminders of appointments",
    MessageKind.CHECK_INS: "Check-ins after leaving",
    MessageKind.CALL_ME: "'Please call me' messages",
}


class ConsentEventKind(enum.StrEnum):
    """What happened to a consent. The last event of a patient and channel is what holds."""

    OPT_IN = "opt_in"
    NARROWED = "narrowed"  # what was agreed holds for fewer kinds
    OPT_OUT = "opt_out"
    PAUSED = "paused"
    WRONG_CONTACT = "wrong_contact"

    def label(self, channel: Channel) -> str:
        """As a page says it."""
        return _EVENTS[self].format(channel.label)


_EVENTS = {
    ConsentEventKind.OPT_IN: "Agreed to {}",
    ConsentEventKind.NARROWED: "Stopped some kinds of {}",
    ConsentEventKind.OPT_OUT: "Stopped {}",
    ConsentEventKind.PAUSED: "Paused {} until somebody has asked",
    ConsentEventKind.WRONG_CONTACT: "Contact for {} found to be wrong",
}
SILENCED = (ConsentEventKind.OPT_OUT, ConsentEventKind.PAUSED, ConsentEventKind.WRONG_CONTACT)


class Source(enum.StrEnum):
    """By which way a consent was given, stopped or paused (P3.2: any reasonable way counts)."""

    IN_PERSON = "in_person"
    PHONE_CALL = "phone_call"
    WRITTEN = "written"
    TEXT = "text"
    EMAIL = "email"
    PATIENT_PAGE = "patient_page"
    PROVIDER = "provider"

    @property
    def label(self) -> str:
        """As a page says it."""
        return _SOURCES[self]


_SOURCES = {
    Source.IN_PERSON: "In person",
    Source.PHONE_CALL: "By phone call",
    Source.WRITTEN: "In writing",
    Source.TEXT: "By text",
    Source.EMAIL: "By email",
    Source.PATIENT_PAGE: "On the patient's page",
    Source.PROVIDER: "Told by the message provider",
}


class WhyNot(enum.StrEnum):
    """Why nothing may be sent on a channel."""

    DECEASED = "deceased"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    PAUSED = "paused"
    WRONG_CONTACT = "wrong_contact"  # it is another person's, or no mailbox
    NO_CONTACT = "no_contact"  # the number or address agreed to is no longer in use

    @property
    def label(self) -> str:
        """As a page says it of texts."""
        return self.of(Channel.SMS)

    def of(self, channel: Channel) -> str:
        """As a page says it of a channel."""
        return f"No {channel.label}{_WHY_NOT[self]}"


_WHY_NOT = {
    WhyNot.DECEASED: ". The person has died",
    WhyNot.NO_CONSENT: ". Not agreed yet",
    WhyNot.OPTED_OUT: ". Stopped by the person",
    WhyNot.PAUSED: " for now. Ask the person whether to stop",
    WhyNot.WRONG_CONTACT: ". The contact agreed to was found to be wrong",
    WhyNot.NO_CONTACT: ". The contact agreed to is no longer in use",
}


def why_not(last: ConsentEventKind | None, *, deceased: bool, in_use: bool) -> WhyNot | None:
    """Why nothing may be sent after this last event; None if it may. `in_use`: the number agreed to."""
    if deceased:
        return WhyNot.DECEASED
    if last is None:
        return WhyNot.NO_CONSENT
    if last is ConsentEventKind.OPT_OUT:
        return WhyNot.OPTED_OUT
    if last is ConsentEventKind.PAUSED:
        return WhyNot.PAUSED
    if last is ConsentEventKind.WRONG_CONTACT:
        return WhyNot.WRONG_CONTACT
    return None if in_use else WhyNot.NO_CONTACT


LAW_FROM, LAW_UNTIL = time(8), time(21)  # P3.4: no setting and no wish widens this


def safe_hours_problem(start: time, end: time, clinic_from: time, clinic_until: time) -> str | None:
    """What is wrong with a patient's safe hours beside the clinic's sending hours (P3.4); None if fine."""
    if start < LAW_FROM or end > LAW_UNTIL:
        return f"Enter safe hours between {LAW_FROM:%H:%M} and {LAW_UNTIL:%H:%M}"
    if start >= end:
        return "Enter safe hours that end after they start"
    if max(start, clinic_from) >= min(end, clinic_until):
        return (
            f"Enter safe hours that leave time to send between {clinic_from:%H:%M} and {clinic_until:%H:%M}"
        )
    return None


@dataclass(frozen=True)
class Wording:
    """A text that somebody agreed to, kept with the agreement as it was shown."""

    version: str
    text: str


@dataclass(frozen=True)
class ConsentGiven:
    """What a patient agreed to on a channel, in their local hours. `words` is the text that was shown."""

    contact_point_id: UUID
    kinds: frozenset[MessageKind]
    safe_from: time
    safe_until: time
    may_use_first_name: bool
    source: Source
    words: Wording
    channel: Channel = Channel.SMS


CONSENT_WORDS = Wording(
    version="texts-1",
    text=(
        "We may send text messages to the number below, for the kinds of message ticked. Texts are not "
        "encrypted: someone who holds the phone, or the phone company, could read them. They never say why "
        "you come to us. Your carrier may charge for them. You can stop them at any time: reply STOP, use "
        "the page that a text links to, or tell any member of staff. Care does not depend on agreeing. "
        "Nobody reads replies in an emergency: call the emergency number then."
    ),
)
EMAIL_CONSENT_WORDS = Wording(
    version="email-1",
    text=(
        "We may send email to the address below, for the kinds of message ticked. Email is not encrypted: "
        "whoever can open the mailbox, or the companies that carry it, could read it. It never says why you "
        "come to us. You were told of this and prefer email. You can stop it at any time: use the link in "
        "every mail, or tell any member of staff. Care does not depend on agreeing. Nobody reads replies: "
        "in an emergency call the emergency number."
    ),
)
WORDS_OF: Mapping[Channel, Wording] = {Channel.SMS: CONSENT_WORDS, Channel.EMAIL: EMAIL_CONSENT_WORDS}
