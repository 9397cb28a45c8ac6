"""Forms of a call for help: the public page, calls, closing, registration."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from wtforms.validators import StopValidation

from clinic.intake.rules.calls import Again, Called, CallOutcome, Ways, offered
from clinic.intake.rules.referral import CloseReason, HelpRequest, Source, Urgency
from clinic.intake.rules.waiting import Told
from clinic.patients.rules import NewPatient, Sex
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Many, Phone, Pick, Prose, Tick, YesNoUnknown

SAFE = [("yes", "Yes"), ("no", "No, or not sure")]
DIFFERENT = "different"


class Email(Line):
    """An e-mail address; nothing is looked up."""

    def pre_validate(self, form: Any) -> None:
        """An address that can be one."""
        super().pre_validate(form)
        if not self.data:
            return
        try:
            self.data = validate_email(self.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise StopValidation("Enter an email address like sam@example.org") from None


class HelpForm(Form):
    """What the public page asks. Nothing but a name and one way to be reached has to be given."""

    source = Choice(
        "Who needs help",
        [
            (Source.PERSON, "I do"),
            (Source.RELATIVE, "Someone close to me"),
            (Source.PROFESSIONAL, "Someone I work with"),
        ],
    )
    name = Line("Your name")
    person_name = Line("Their name", optional=True, hint="If it is about another person.")
    phone = Phone("Phone number", optional=True, hint="Phone or email, so that we can answer.")
    email = Email("Email address", optional=True)
    texts_safe = Choice("Is it safe to text you", SAFE, optional=True)
    voicemail_safe = Choice(
        "Is it safe to leave a voicemail", SAFE, optional=True, hint="We only say a first name and a number."
    )
    urgencies = Many(
        "Is anything urgent",
        [(one, one.label) for one in Urgency],
        optional=True,
        hint="Tick all that apply.",
    )
    injecting = YesNoUnknown("Does the person who needs help inject drugs", optional=True)
    words = Prose("What should we know", optional=True, max_length=5000)
    site_id = Choice("Where")

    def offer(self, sites: Sequence[tuple[UUID, str]]) -> None:
        """The sites to choose from; with one there is nothing to choose."""
        self.site_id.choices = {str(site_id): name for site_id, name in sites}
        if len(sites) == 1:
            del self.site_id

    def validate(self, extra_validators: Any = None) -> bool:
        """One way to be reached is needed."""
        fine = bool(super().validate(extra_validators))
        if not (self.phone.raw_data or [""])[0].strip() and not (self.email.raw_data or [""])[0].strip():
            self.phone.errors = ["Enter a phone number or an email address, so that we can answer"]
            return False
        return fine

    def asked(self) -> HelpRequest:
        """What was asked. What was not said to be safe is not safe."""
        return HelpRequest(
            source=Source(self.source.data),
            name=self.name.data or "",
            person_name=self.person_name.data or None,
            phone=self.phone.data or None,
            email=self.email.data or None,
            texts_safe=self.texts_safe.data == "yes",
            voicemail_safe=self.voicemail_safe.data == "yes",
            urgencies=frozenset(Urgency(code) for code in self.urgencies.data or ()),
            words=self.words.data or None,
            pregnant=Told.YES if Urgency.PREGNANT in (self.urgencies.data or ()) else None,
            injecting=told(self.injecting),
        )


class CallForm(Form):
    """How a call went, what it told about the person's place in the list, when to try next."""

    outcome = Choice("How it went", [(one, one.label) for one in CallOutcome])
    words = Prose("What was said", optional=True)
    pregnant = YesNoUnknown("Pregnant", optional=True)
    injecting = YesNoUnknown("Injects drugs", optional=True)
    again = Choice("Try again", [(one, one.label) for one in Again], optional=True)
    next_on = Day("Day of the next try", optional=True)
    next_time = Clock("Time of the next try", optional=True)

    def offer(self, ways: Ways) -> None:
        """Outcomes that may be: no voicemail where it was not said to be safe."""
        self.outcome.choices = {str(one): one.label for one in offered(ways)}

    def called(self) -> Called:
        """What was recorded."""
        return Called(
            outcome=CallOutcome(self.outcome.data),
            words=self.words.data or None,
            pregnant=told(self.pregnant),
            injecting=told(self.injecting),
            again=Again(self.again.data) if self.again.data else None,
            next_on=self.next_on.data,
            next_time=self.next_time.data,
        )


def told(field: YesNoUnknown) -> Told | None:
    """The answer to a question about the person; None where it was not asked."""
    return Told(field.data) if field.data else None


class CloseForm(EditForm):
    """Why a referral ends without a registration."""

    reason = Choice("Why it ends", [(one, one.label) for one in CloseReason])


class Match(Choice):
    """One of the people who may be the same one. They are known after the rest is read: the view checks."""

    def pre_validate(self, form: Any) -> None:
        """Nothing is offered yet."""


class RegisterForm(Form):
    """Who the person is. `match` is asked when somebody registered may be the same person (C4.8)."""

    family_name = Line("Family name")
    given_name = Line("Given name")
    called_name = Line("Called", optional=True, hint="The name the person goes by.")
    pronouns = Line("Pronouns", optional=True, max_length=40)
    birth_date = Day("Date of birth")
    sex = Choice("Sex", [(one, one.value.replace("unknown", "not known").capitalize()) for one in Sex])
    language = Pick("Language", [("en", "English"), ("es", "Spanish")], default="en")
    phone = Phone("Phone number", optional=True)
    may_voicemail = Tick(
        "Voicemail may be left", hint="Only a first name and a number to call are ever said."
    )
    email = Email("Email address", optional=True)
    match = Match("Is this the same person", choices=[], optional=True)

    def new_patient(self, site_id: UUID, zone: str) -> NewPatient:
        """Whom to register."""
        return NewPatient(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            called_name=self.called_name.data or None,
            pronouns=self.pronouns.data or None,
            birth_date=self.birth_date.data,
            sex=Sex(self.sex.data),
            language=self.language.data,
            phone=self.phone.data or None,
            may_voicemail=self.may_voicemail.data,
            email=self.email.data or None,
            site_id=site_id,
            zone=zone,
        )

    def ask_which(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the people who may be the same one, and that it is nobody of them."""
        self.match.flags.optional = False  # now it is asked
        same = {str(patient_id): f"Yes, {name}" for patient_id, name in people}
        self.match.choices = same | {DIFFERENT: "No, a different person"}
