"""A consent as 42 CFR 2.31(a) asks for it: kinds, elements, what each holds (P1.2, P1.3). Pure."""

import enum
from dataclasses import dataclass
from datetime import date, datetime

from clinic.core.rules import local


class Kind(enum.StrEnum):
    """Kinds of consent that may not be mixed (P1.3)."""

    TREATMENT = "treatment"
    TPO = "tpo"  # the single consent for treatment, payment and health care operations
    NOTES = "counseling_notes"
    PROCEEDINGS = "proceedings"
    SPECIFIC = "specific"

    @property
    def label(self) -> str:
        """In words for staff and patient."""
        return _KINDS[self]

    @property
    def about(self) -> str:
        """What the person says yes to, in plain words."""
        return _ABOUT[self]

    @property
    def discloses(self) -> bool:
        """Whether it may open the record to anybody; a consent to be treated does not."""
        return self is not Kind.TREATMENT


_KINDS = {
    Kind.TREATMENT: "Treatment",
    Kind.TPO: "Treatment, payment and operations",
    Kind.NOTES: "Counseling notes",
    Kind.PROCEEDINGS: "Legal proceedings",
    Kind.SPECIFIC: "Somebody named",
}
_ABOUT = {
    Kind.TREATMENT: "I agree to be treated here. This opens my record to nobody.",
    Kind.TPO: "One yes for all sharing that my care, its payment and the running of this program need, "
    "until I take it back.",
    Kind.NOTES: "What a counselor writes for themselves about our talks. My treatment never depends on this.",
    Kind.PROCEEDINGS: "Use in a court case or another proceeding. It stands alone, with nothing else in it.",
    Kind.SPECIFIC: "For an employer, my family, housing, a court’s monitor or anybody else I name, "
    "and for one purpose.",
}


class Category(enum.StrEnum):
    """A part of the record that is shared as one. `EVERYTHING` has to be chosen; it never means `NOTES`."""

    DEMOGRAPHICS = "demographics"
    ADMISSION = "admission"
    ATTENDANCE = "attendance"
    ASSESSMENT = "assessment"
    DIAGNOSIS = "diagnosis"
    MEDICATION = "medication"
    TESTS = "tests"
    PLAN = "plan"
    DISCHARGE = "discharge"
    EVERYTHING = "everything"
    NOTES = "counseling_notes"

    @property
    def label(self) -> str:
        """In words."""
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.DEMOGRAPHICS: "Name, date of birth and record number",
    Category.ADMISSION: "Admission and level of care",
    Category.ATTENDANCE: "Appointments kept and missed",
    Category.ASSESSMENT: "Assessment and scales",
    Category.DIAGNOSIS: "Diagnosis",
    Category.MEDICATION: "Medication",
    Category.TESTS: "Drug test results",
    Category.PLAN: "Treatment plan and progress",
    Category.DISCHARGE: "Discharge and aftercare plan",
    Category.EVERYTHING: "Everything in the record",
    Category.NOTES: "Counseling notes",
}
IN_EVERYTHING = tuple(one for one in Category if one not in (Category.EVERYTHING, Category.NOTES))


class Purpose(enum.StrEnum):
    """What the recipient may use it for (P1.2, element 5)."""

    TREATMENT_PAYMENT_OPERATIONS = "treatment_payment_operations"
    TREATMENT = "treatment"
    PAYMENT = "payment"
    OPERATIONS = "operations"
    PATIENT_REQUEST = "patient_request"
    FAMILY = "family"
    EMPLOYMENT = "employment"
    HOUSING = "housing"
    BENEFITS = "benefits"
    MONITORING = "monitoring"
    PROCEEDINGS = "proceedings"

    @property
    def label(self) -> str:
        """In words."""
        return _PURPOSES[self]


_PURPOSES = {
    Purpose.TREATMENT_PAYMENT_OPERATIONS: "Treatment, payment, and health care operations",
    Purpose.TREATMENT: "Treatment",
    Purpose.PAYMENT: "Payment",
    Purpose.OPERATIONS: "Health care operations",
    Purpose.PATIENT_REQUEST: "At the request of the patient",
    Purpose.FAMILY: "Support by family or friends",
    Purpose.EMPLOYMENT: "Work and employment",
    Purpose.HOUSING: "Housing",
    Purpose.BENEFITS: "Benefits and services",
    Purpose.MONITORING: "Monitoring by a court, probation or parole",
    Purpose.PROCEEDINGS: "Use in a civil, criminal, administrative or legislative proceeding",
}
TPO = (
    Purpose.TREATMENT_PAYMENT_OPERATIONS,
    Purpose.TREATMENT,
    Purpose.PAYMENT,
    Purpose.OPERATIONS,
)
OWN_PURPOSES = {  # of the kinds that are for one purpose only
    Kind.TREATMENT: (Purpose.TREATMENT,),
    Kind.TPO: (Purpose.TREATMENT_PAYMENT_OPERATIONS,),
    Kind.PROCEEDINGS: (Purpose.PROCEEDINGS,),
}
_OWNED = {purpose for purposes in OWN_PURPOSES.values() for purpose in purposes} - {Purpose.TREATMENT}
PURPOSES = {kind: OWN_PURPOSES.get(kind, tuple(one for one in Purpose if one not in _OWNED)) for kind in Kind}


class Group(enum.StrEnum):
    """A class of recipients, which only the TPO consent may use (P1.2, element 4)."""

    PROVIDERS = "providers"
    PLANS = "plans"
    PAYERS = "payers"
    HELPERS = "helpers"

    @property
    def label(self) -> str:
        """As the consent says it."""
        return _GROUPS[self]


_GROUPS = {
    Group.PROVIDERS: "My treating providers",
    Group.PLANS: "My health plans",
    Group.PAYERS: "Other payers",
    Group.HELPERS: "People helping to run this program",
}


@dataclass(frozen=True)
class Recipient:
    """Somebody by name, a class of recipients, or, when something is disclosed, a member of a class."""

    name: str = ""
    group: Group | None = None

    @property
    def words(self) -> str:
        """The name, or the class where nobody is named."""
        return self.name or (self.group.label if self.group else "")

    def takes_in(self, asked: "Recipient") -> bool:
        """Whether a consent to this one covers `asked`, who must have a name."""
        if not _folded(asked.name):
            return False
        if self.group:
            return self.group is asked.group
        return _folded(self.name) == _folded(asked.name)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


@dataclass(frozen=True)
class Intermediary:
    """Through whom it goes, as a health exchange, and who takes part there (P1.2, element 4ii)."""

    name: str = ""
    participants: str = ""


class Way(enum.StrEnum):
    """How a consent expires (P1.2, element 7)."""

    DATE = "date"
    TREATMENT_END = "treatment_end"
    EVENT = "event"
    NONE = "none"

    @property
    def label(self) -> str:
        """As the form asks it."""
        return _WAYS[self]


_WAYS = {
    Way.DATE: "At the end of a day",
    Way.TREATMENT_END: "When treatment here ends, aftercare included",
    Way.EVENT: "When something happens",
    Way.NONE: "Never, until it is taken back",
}


@dataclass(frozen=True)
class Expiry:
    """When a consent ends by itself: after the day `on` in `zone`, with an event, or (TPO) not at all."""

    way: Way
    on: date | None = None
    event: str = ""
    zone: str = "UTC"

    @property
    def said(self) -> bool:
        """Whether it says all that its way needs."""
        return {Way.DATE: self.on is not None, Way.EVENT: bool(self.event.strip())}.get(self.way, True)

    def over(self, at: datetime) -> bool:
        """Whether its last day is over at `at`; an event is told by an `End`."""
        return self.way is Way.DATE and self.on is not None and local(at, self.zone).date() > self.on


class Signer(enum.StrEnum):
    """Who signs (P1.2, element 8)."""

    PATIENT = "patient"
    REPRESENTATIVE = "representative"

    @property
    def label(self) -> str:
        """As the form asks it."""
        return {"patient": "The person", "representative": "Somebody who may lawfully sign for the person"}[
            self.value
        ]


@dataclass(frozen=True)
class Signature:
    """The name typed, what was drawn (an SVG path of a box 400 by 120) if anything, and who saw it.

    `authority`: by what right a representative signs, as guardian.
    """

    name: str
    signer: Signer = Signer.PATIENT
    authority: str = ""
    drawing: str = ""
    witness: str = ""

    @property
    def whole(self) -> bool:
        """Whether it counts as one."""
        return bool(self.name.strip()) and (self.signer is Signer.PATIENT or bool(self.authority.strip()))


class EndKind(enum.StrEnum):
    """What ended a consent (P1.7; 2.31(c))."""

    WRITTEN = "written"
    ORAL = "oral"
    EVENT = "event"
    FALSE = "false"

    @property
    def label(self) -> str:
        """What happened, in words."""
        return _ENDS[self]

    @property
    def revokes(self) -> bool:
        """Whether the person took it back."""
        return self in (EndKind.WRITTEN, EndKind.ORAL)


_ENDS = {
    EndKind.WRITTEN: "Taken back in writing",
    EndKind.ORAL: "Taken back by word",
    EndKind.EVENT: "Its event came",
    EndKind.FALSE: "Known to be false",
}


@dataclass(frozen=True)
class End:
    """That a consent ended, and when."""

    kind: EndKind
    at: datetime


@dataclass(frozen=True)
class Consent:
    """One consent with its elements; what is empty is missing. Statements are the words the person read.

    `to_covered_entity`: a recipient is a provider, health plan or their business associate under HIPAA.
    """

    kind: Kind
    patient: str = ""
    discloser: str = ""
    categories: frozenset[Category] = frozenset()
    recipients: tuple[Recipient, ...] = ()
    intermediary: Intermediary | None = None
    to_covered_entity: bool = False
    purpose: Purpose | None = None
    right_to_revoke: str = ""
    redisclosure: str = ""
    tpo_redisclosure: str = ""
    tpo_refusal: str = ""
    expiry: Expiry | None = None
    signature: Signature | None = None
    signed_at: datetime | None = None
    ends: tuple[End, ...] = ()

    @property
    def classes(self) -> tuple[Group, ...]:
        """The classes of recipients it names."""
        return tuple(one.group for one in self.recipients if one.group)

    @property
    def covered_for_tpo(self) -> bool:
        """Whether it must say how a covered entity may redisclose (P1.2, element 4iii)."""
        return self.to_covered_entity and self.purpose in TPO
