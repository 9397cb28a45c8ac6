"""Who may see what of a patient by which relation, and the rules of identity and consent. Pure."""

import enum
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from clinic.accounts.rules import Role


class Right(enum.StrEnum):
    """A part of a record that is opened as one (reliability.md 12)."""

    DEMOGRAPHICS = "demographics"  # name, contact, consent to be contacted
    INTAKE = "intake"  # referral, assessment, placement
    CLINICAL = "clinical"  # programme, scales, facts of history, medication
    NOTES = "notes"
    SCHEDULE = "schedule"  # which appointments
    AFTERCARE = "aftercare"  # check-ins, their answers, relapse-prevention plan


class RelationKind(enum.StrEnum):
    """Why somebody has to do with a patient. The subject is a staff user or a site."""

    INTAKE = "intake"
    OWNER = "owner"
    SUPERVISION = "supervision"
    UNIT = "unit"
    CARE = "care"
    DESK = "desk"
    GROUP = "group"
    COUNTERSIGN = "countersign"  # a placement waits for a clinician of the site (C4.7)


_D, _I, _C, _N, _S, _A = Right
ALL_RIGHTS = frozenset(Right)
_APPOINTMENT = frozenset({_D, _S})

# Role and relation together give the rights; a pair that is not here gives nothing (reliability.md 12).
RIGHTS: Mapping[Role, Mapping[RelationKind, frozenset[Right]]] = {
    Role.COORDINATOR: {
        RelationKind.INTAKE: frozenset({_D, _I, _C, _S}),
        RelationKind.OWNER: frozenset({_D, _I, _C, _S}),
        RelationKind.DESK: frozenset({_D}),
    },
    Role.NURSE: {
        RelationKind.UNIT: frozenset({_D, _I, _C, _S}),
        RelationKind.OWNER: frozenset({_D, _I, _C, _S, _A}),
    },
    Role.PRESCRIBER: {
        RelationKind.CARE: ALL_RIGHTS,
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
    },
    Role.THERAPIST: {
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
        RelationKind.GROUP: _APPOINTMENT,
    },
    Role.SUPERVISOR: {
        RelationKind.SUPERVISION: ALL_RIGHTS,
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
        RelationKind.GROUP: _APPOINTMENT,
    },
    Role.DESK: {RelationKind.DESK: _APPOINTMENT},
    Role.PEER: {RelationKind.CARE: frozenset({_D}), RelationKind.OWNER: frozenset({_D})},
    Role.PRIVACY: {},
    Role.ADMINISTRATOR: {},
}


# Roles that work with patients; a peer keeps support people, but no contacts and no consent.
WRITERS = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR, Role.DESK)
READERS = (*WRITERS, Role.PEER)


def kinds(right: Right, role: str | None) -> tuple[RelationKind, ...]:
    """The relations by which this role gains this right; none for who has no role."""
    table = RIGHTS[Role(role)] if role else {}
    return tuple(kind for kind, rights in table.items() if right in rights)


def caseload_kinds(role: str | None) -> tuple[RelationKind, ...]:
    """The relations that make a patient one of 'my patients': the desk's only for the desk itself."""
    table = RIGHTS[Role(role)] if role else {}
    return tuple(kind for kind in table if kind is not RelationKind.DESK or role == Role.DESK)


def rights(role: str | None, held: Iterable[RelationKind]) -> frozenset[Right]:
    """Every right that this role has by the relations it holds to one patient."""
    table = RIGHTS[Role(role)] if role else {}
    return frozenset(right for kind in held for right in table.get(kind, ()))


# Damm's quasigroup: finds every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def _damm(digits: str) -> str:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return str(state)


def record_number(digits: str) -> str:
    """Seven random digits made a record number of eight: the last one checks the others."""
    return digits + _damm(digits)


def is_record_number(text: str) -> bool:
    """Whether eight digits could be a record number: no digit mistyped, no neighbours swapped."""
    return len(text) == 8 and text.isascii() and text.isdigit() and _damm(text) == "0"


def spaced(number: str) -> str:
    """A record number as people read it out: 4821 7306."""
    return f"{number[:4]} {number[4:]}"


def folded(name: str) -> str:
    """A name for searching: lower case, without accents, in any script."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


_SOUNDS = {letter: code for code, letters in enumerate(("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"), 1)
           for letter in letters.lower()}  # fmt: skip


def sounds_like(name: str) -> str:
    """A code that surnames which sound alike share: Soundex, the first letter coded too, up to six signs.

    Clarke and Klark, Whitfield and Whitfeld share one. A name without Latin letters is its own code.
    """
    letters = [letter for letter in folded(name) if letter.isascii() and letter.isalpha()]
    if not letters:
        return folded(name)
    code, before = "", 0
    for place, letter in enumerate(letters):
        sound = _SOUNDS.get(letter, 0)
        if (sound and sound != before) or place == 0:
            code += str(sound)
        if letter not in "hw":  # they do not part two equal sounds
            before = sound
    return code[:6]


@dataclass(frozen=True)
class Search:
    """What a search looks for; every part that is given must fit. `words` are folded parts of a name."""

    words: tuple[str, ...] = ()
    birth_date: date | None = None
    phone: str | None = None
    record_number: str | None = None


OLDEST = 120


def age(birth_date: date, on: date) -> int:
    """Completed years of life."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def born(birth_date: date) -> str:
    """May 3, 1992: always with the year, without the weekday."""
    return f"{birth_date:%b} {birth_date.day}, {birth_date.year}"


def birth_date_problem(birth_date: date, today: date) -> str | None:
    """What is wrong with a birth date, in words for the form; None if it can be."""
    if birth_date > today:
        return "Enter a date of birth that is not in the future"
    if age(birth_date, today) > OLDEST:
        return f"Enter a date of birth within the last {OLDEST} years"
    return None


class Sex(enum.StrEnum):
    """As registered; needed for who is asked about pregnancy (C5.3). Unknown is never read as no."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class Channel(enum.StrEnum):
    """How messages reach a patient; each has its own consent."""

    SMS = "sms"
    EMAIL = "email"


class PointKind(enum.StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"


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
    OPT_OUT = "opt_out"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        """As a page says it."""
        return _EVENTS[self]


_EVENTS = {
    ConsentEventKind.OPT_IN: "Agreed to texts",
    ConsentEventKind.OPT_OUT: "Stopped texts",
    ConsentEventKind.PAUSED: "Texts paused until somebody has asked",
}


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


class Topic(enum.StrEnum):
    """What somebody close may be told."""

    ATTENDANCE = "attendance"
    APPOINTMENTS = "appointments"
    PROGRESS = "progress"
    MEDICATION = "medication"
    CRISIS = "crisis"

    @property
    def label(self) -> str:
        """As a page says it."""
        return _TOPICS[self]


_TOPICS = {
    Topic.ATTENDANCE: "Whether the person came",
    Topic.APPOINTMENTS: "Appointments",
    Topic.PROGRESS: "How it is going",
    Topic.MEDICATION: "Medication",
    Topic.CRISIS: "A crisis",
}


class WhyNot(enum.StrEnum):
    """Why nothing may be sent on a channel."""

    DECEASED = "deceased"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    PAUSED = "paused"
    NO_CONTACT = "no_contact"  # the number agreed to is no longer in use

    @property
    def label(self) -> str:
        """As a page says it."""
        return _WHY_NOT[self]


_WHY_NOT = {
    WhyNot.DECEASED: "No texts. The person has died",
    WhyNot.NO_CONSENT: "No texts. Not agreed yet",
    WhyNot.OPTED_OUT: "No texts. Stopped by the person",
    WhyNot.PAUSED: "No texts for now. Ask the person whether to stop",
    WhyNot.NO_CONTACT: "No texts. The number agreed to is no longer in use",
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
class NewPatient:
    """Who is registered. Names as written; `zone` is an IANA name; `phone` E.164 or None."""

    family_name: str
    given_name: str
    birth_date: date
    site_id: UUID
    zone: str
    called_name: str | None = None
    pronouns: str | None = None
    sex: Sex = Sex.UNKNOWN
    language: str = "en"
    phone: str | None = None
    may_voicemail: bool = False
    email: str | None = None


@dataclass(frozen=True)
class NewSupporter:
    """Somebody close and what they may be told; `phone` E.164."""

    name: str
    relationship: str
    phone: str | None
    may_be_told: frozenset[Topic]
    agreed_until: date | None


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
