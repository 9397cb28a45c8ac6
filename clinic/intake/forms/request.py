"""Forms of a call for help: the public page, and what staff take down while they talk."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, Signer
from wtforms import HiddenField

from clinic.core import clock
from clinic.core.settings import current
from clinic.intake.forms.referral import Email, told
from clinic.intake.rules.help_words import HelpWords
from clinic.intake.rules.referral import HelpRequest, Urgency
from clinic.intake.rules.sources import NOT_SET, SOURCES, Given, Source, missing, taken
from clinic.intake.rules.waiting import Told
from clinic.web.drafts import DraftedForm
from clinic.web.forms import Choice, Day, Form, Line, Many, Phone, Prose, Tick, YesNoUnknown

QUICKEST = timedelta(seconds=3)
SAFE = [("yes", "Yes"), ("no", "No, or not sure")]
ASKERS = {
    Source.PERSON: "I do",
    Source.RELATIVE: "Someone close to me",
    Source.HOSPITAL: "A patient of a hospital or emergency department where I work",
    Source.PRIMARY_CARE: "A patient of a primary care practice where I work",
    Source.COURT: "Someone I work with at a court or in probation",
    Source.PROGRAMME: "Someone in another program where I work",
    Source.OUTREACH: "Someone I know from outreach work",
    Source.CRISIS_LINE: "Someone who called a crisis line where I work",
    Source.PROFESSIONAL: "Someone I work with elsewhere",
}


class RequestForm(Form):
    """What is asked of everybody, and of each source what it has to give besides."""

    source = Choice("Who needs help", ASKERS.items())
    name = Line("Your name")
    person_name = Line("Their name", optional=True, hint="If it is about another person.")
    relationship = Line(Given.RELATIONSHIP.label, optional=True)
    organisation = Line(Given.ORGANISATION.label, optional=True)
    phone = Phone("Phone number", optional=True, hint="Phone or email, so that we can answer.")
    email = Email("Email address", optional=True)
    discharge_on = Day(Given.DISCHARGE_ON.label, optional=True)
    court_on = Day(Given.COURT_ON.label, optional=True)
    no_court_date = Tick("No court date is set yet")
    medication = Line(Given.MEDICATION.label, optional=True)
    where = Line(Given.WHERE.label, optional=True)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for given in Given:  # shown only to who is asked for it: then it is needed
            self[given.value].flags.optional = all(given not in asks.must for asks in SOURCES.values())

    def validate(self, extra_validators: Any = None) -> bool:
        """One way to be reached is needed, a number to call back from who works with people."""
        fine = bool(super().validate(extra_validators))
        source = Source(self.source.data) if not self.source.errors else None
        phone, email = (bool((box.raw_data or [""])[0].strip()) for box in (self.phone, self.email))
        if source and source.works_with_people and not phone:
            self.phone.errors = ["Enter the number at which you can be called back"]
        elif not phone and not email:
            self.phone.errors = ["Enter a phone number or an email address, so that we can answer"]
        for given in missing(source, self._told()) if source else ():
            box = self[given.value]
            box.errors = box.errors or [f"Enter the {given.label[:1].lower()}{given.label[1:]}"]
        return fine and not self.errors

    def _told(self) -> dict[Given, str]:
        told = {given: self[given.value].data for given in Given}
        texts = {given: str(value) for given, value in told.items() if value}
        if self.no_court_date.data:
            texts.setdefault(Given.COURT_ON, NOT_SET)
        return texts

    def pregnant_told(self, urgencies: frozenset[Urgency]) -> Told | None:
        """A tick says yes; without one nobody was asked."""
        return Told.YES if Urgency.PREGNANT in urgencies else None

    def asked(self, language: str = "en") -> HelpRequest:
        """What was asked. What was not said to be safe is not safe."""
        source = Source(self.source.data)
        urgencies = frozenset(Urgency(code) for code in self.urgencies.data or ())
        pregnant = self.pregnant_told(urgencies)
        return HelpRequest(
            source=source,
            name=self.name.data or "",
            person_name=self.person_name.data or None,
            phone=self.phone.data or None,
            email=self.email.data or None,
            texts_safe=self.texts_safe.data == "yes",
            voicemail_safe=self.voicemail_safe.data == "yes",
            urgencies=urgencies | ({Urgency.PREGNANT} if pregnant is Told.YES else frozenset()),
            words=self.words.data or None,
            pregnant=pregnant,
            injecting=told(self.injecting),
            given=taken(source, self._told()),
            language=language,
        )


class HelpForm(RequestForm):
    """What the public page asks. Nothing but a name and one way to be reached has to be given."""

    site_id = Choice("Where")
    website = Line("Website", optional=True)  # nobody sees it: who fills it in is no person
    opened = HiddenField(default=lambda: _signer().sign(clock.now().isoformat()).decode())

    def offer(self, sites: Sequence[tuple[UUID, str]]) -> None:
        """The sites to choose from; with one there is nothing to choose."""
        self.site_id.choices = {str(site_id): name for site_id, name in sites}
        if len(sites) == 1:
            del self.site_id

    def speak(self, words: HelpWords) -> None:
        """Say everything in another language; the form's own has no words there."""
        for name, label in words.labels.items():
            if name not in self:
                continue
            box: Any = self[name]
            box.label.text, box.description = label, words.hints.get(name, "")
            if box.flags.optional:
                box.flags.optional = words.text["optional"]
            if name in words.options:
                box.choices = dict(words.options[name])

    def say_errors(self, words: HelpWords) -> None:
        """What is wrong, in that language: one sentence a field."""
        for name, error in words.errors.items():
            if name in self and self[name].errors:
                self[name].errors = [error]

    def trapped(self) -> bool:
        """Whether the box that nobody sees was filled in. Then it is empty again, for a person to go on."""
        filled, self.website.data = bool(self.website.data), ""
        return filled

    def hurried(self) -> bool:
        """Whether it came sooner after the page than anybody types, or without the page's own stamp."""
        try:
            opened = datetime.fromisoformat(_signer().unsign(self.opened.data or "").decode())
        except (BadSignature, ValueError):
            return True
        return clock.now() - opened < QUICKEST


def _signer() -> Signer:
    return Signer(list(reversed(current().secret_keys)), salt="ask for help")


class TakenForm(RequestForm, DraftedForm):
    """What staff take down during a call: six fields, and more where there is time."""

    source = Choice("Who asks", [(one, one.label) for one in Source])
    name = Line("Name of who asks")
    person_name = Line("Name of the person", optional=True, hint="Who needs help, if it was told.")
    pregnant = YesNoUnknown("Pregnant", optional=True)
    injecting = YesNoUnknown("Injects drugs", optional=True)
    urgencies = Many(
        "Urgent",
        [(one, one.label) for one in Urgency if one is not Urgency.PREGNANT],
        optional=True,
        hint="Anything ticked is answered within the hour.",
    )
    texts_safe = Choice("Safe to text", SAFE, optional=True)
    voicemail_safe = Choice("Safe to leave a voicemail", SAFE, optional=True)
    words = Prose("What was said", optional=True, max_length=5000)

    def pregnant_told(self, urgencies: frozenset[Urgency]) -> Told | None:
        """As it was answered."""
        return told(self.pregnant)
