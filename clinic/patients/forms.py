"""Forms of patients: search, contacts, consent, support people."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

import phonenumbers
from flask_wtf import FlaskForm
from wtforms.validators import StopValidation

from clinic.core.settings import current
from clinic.patients.rules import (
    LANGUAGES,
    WORDS_OF,
    Address,
    Channel,
    ConsentGiven,
    Details,
    MessageKind,
    NewSupporter,
    Search,
    Sex,
    Source,
    Topic,
    folded,
    is_record_number,
)
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, EmailAddress, Form, Line, Many, Phone, Tick

STAFF_SOURCES = [(way, way.label) for way in (Source.IN_PERSON, Source.PHONE_CALL, Source.WRITTEN)]


class SearchForm(FlaskForm):
    """One box: a name, a date of birth, a phone number or a record number. What was meant is `wanted`."""

    words = Line("Name, date of birth, phone or record number")
    wanted = Search()

    def validate_words(self, field: Line) -> None:
        """Read what was meant, by its shape."""
        self.wanted = read(field.data or "")


def read(text: str) -> Search:
    """What a search text means. Raises StopValidation with what would be understood."""
    for pattern in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return Search(birth_date=datetime.strptime(text, pattern).date())  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    digits = "".join(sign for sign in text if sign.isdecimal())
    if any(sign.isalpha() for sign in text):
        return Search(words=tuple(folded(text).split()))
    if len(digits) == 8:
        if not is_record_number(digits):
            raise StopValidation("Check the record number: one of its digits is not right")
        return Search(record_number=digits)
    try:
        number = phonenumbers.parse(text, current().region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise StopValidation(
            "Enter a name, a date like 1992-05-03, a phone number with area code, or the 8 digits of a record"
        )
    return Search(phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class ResidenceForm:
    """What any form asks that says who somebody is: former names, and where they live."""

    former_names = Line(
        "Former family names", optional=True, hint="From before a marriage, say. Put commas between several."
    )
    street = Line("Street and number", optional=True)
    city = Line("City", optional=True)
    postcode = Line("Postal code", optional=True, max_length=20)
    no_fixed_address = Tick("No fixed address", hint="With the city, if there is one.")

    def validate_no_fixed_address(self, field: Tick) -> None:
        """Somebody lives in a street or has no fixed address."""
        if field.data and self.street.data:
            raise StopValidation("Leave the street empty, or untick no fixed address")

    def address(self) -> Address:
        """What was entered of it."""
        return Address(
            street=self.street.data or None,
            city=self.city.data or None,
            postcode=self.postcode.data or None,
            no_fixed_address=self.no_fixed_address.data,
        )


class DetailsForm(ResidenceForm, EditForm):
    """Who somebody is."""

    of_the_change = ("reason",)
    FIELDS = (
        "family_name", "given_name", "called_name", "pronouns", "birth_date", "sex", "language", "version",
    )  # fmt: skip
    family_name = Line("Family name")
    given_name = Line("Given name")
    called_name = Line("Called", optional=True, hint="If it is not the given name.")
    pronouns = Line("Pronouns", max_length=40, optional=True, hint="Like she/her.")
    birth_date = Day("Date of birth")
    sex = Choice("Sex", [(one, one.label) for one in Sex])
    language = Choice("Language of texts", list(LANGUAGES.items()))
    reason = Line("Why it is corrected", max_length=300, hint="Kept with what stood here before")

    def details(self) -> Details:
        """What was entered."""
        assert self.birth_date.data  # the form was valid
        return Details(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            called_name=self.called_name.data or None,
            pronouns=self.pronouns.data or None,
            birth_date=self.birth_date.data,
            sex=Sex(self.sex.data),
            language=self.language.data,
            former_names=self.former_names.data or None,
            address=self.address(),
        )


class PhoneForm(Form):
    """A further number."""

    value = Phone("Phone number", hint="A new number needs a new agreement before texts are sent to it.")
    may_voicemail = Tick(
        "Voicemail may be left", hint="Only a first name and a number to call are ever said."
    )


class EmailForm(Form):
    """A further e-mail address."""

    value = EmailAddress(
        "Email address", hint="A new address needs a new agreement before email is sent to it."
    )


class ConsentForm(EditForm):
    """What a patient agrees to be sent on a channel, in own hours. `version` counts what was recorded."""

    contact_point_id = Choice("Number for texts")
    kinds = Many("Kinds of message", [(kind, kind.label) for kind in MessageKind])
    safe_from = Clock("Safe from", default=time(9), hint="Earliest time at which a message may arrive.")
    safe_until = Clock("Safe until", default=time(20), hint="Latest time at which a message may arrive.")
    may_use_first_name = Tick("Messages may use the first name")
    source = Choice("How the person agreed", STAFF_SOURCES)

    def offer(self, channel: Channel, contacts: Sequence[tuple[UUID, str]]) -> None:
        """The contacts to choose from, as (id, words); a single one is chosen already."""
        self.channel = channel
        if channel is Channel.EMAIL:
            self.contact_point_id.label.text = "Address for email"
        self.contact_point_id.choices = {str(point_id): words for point_id, words in contacts}
        if len(contacts) == 1 and not self.contact_point_id.data:
            self.contact_point_id.data = str(contacts[0][0])

    def given(self) -> ConsentGiven:
        """What was agreed, with the words that the page showed."""
        return ConsentGiven(
            contact_point_id=UUID(self.contact_point_id.data),
            kinds=frozenset(MessageKind(kind) for kind in self.kinds.data or ()),
            safe_from=self.safe_from.data,
            safe_until=self.safe_until.data,
            may_use_first_name=self.may_use_first_name.data,
            source=Source(self.source.data),
            words=WORDS_OF[self.channel],
            channel=self.channel,
        )


class StopForm(Form):
    """The patient wants no more messages on a channel."""

    source = Choice("How the person said so", STAFF_SOURCES)


class SupportPersonForm(Form):
    """Somebody close to the patient."""

    name = Line("Name")
    relationship = Line("Relationship", max_length=60, hint="As the person says it, like sister or friend.")
    phone = Phone("Phone number", optional=True)
    may_be_told = Many(
        "May be told",
        [(topic, topic.label) for topic in Topic],
        optional=True,
        hint="Nothing, if none is ticked.",
    )
    agreed_until = Day("Agreed until", optional=True)

    def person(self) -> NewSupporter:
        """Who it is."""
        return NewSupporter(
            name=self.name.data or "",
            relationship=self.relationship.data or "",
            phone=self.phone.data or None,
            may_be_told=frozenset(Topic(topic) for topic in self.may_be_told.data or ()),
            agreed_until=self.agreed_until.data,
        )


class ConfirmForm(Form):
    """A page that only asks: really?"""
