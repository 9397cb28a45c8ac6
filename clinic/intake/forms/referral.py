"""Forms of a referral: calls, closing, registration."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from wtforms.validators import StopValidation

from clinic.intake.rules.calls import Again, Called, CallOutcome, Ways, offered
from clinic.intake.rules.referral import CloseReason
from clinic.intake.rules.waiting import Told
from clinic.patients.forms import ResidenceForm
from clinic.patients.rules import NewPatient, Sex
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Phone, Pick, Prose, Tick, YesNoUnknown

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


class RegisterForm(ResidenceForm, Form):
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
            former_names=self.former_names.data or None,
            address=self.address(),
            site_id=site_id,
            zone=zone,
        )

    def ask_which(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the people who may be the same one, and that it is nobody of them."""
        self.match.flags.optional = False  # now it is asked
        same = {str(patient_id): f"Yes, {name}" for patient_id, name in people}
        self.match.choices = same | {DIFFERENT: "No, a different person"}
