"""The base of every form, and the fields all rooms share. Each field says what it wants, in words."""

import enum
import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

import phonenumbers
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, Select

from clinic.core.errors import Invalid
from clinic.core.settings import current
from clinic.web import kept
from clinic.web.text import refuse_unreadable, tidy

LAST_YEAR = 2999
AS_SAVED: MultiDict[str, str] = MultiDict()  # stands for no form data at all: the form shows what is saved
MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@([\w-]+\.)+[\w-]{2,}", re.ASCII)


class Answer(enum.StrEnum):
    """An answer to a question of fact. Only `yes` and `no` are known; unknown is never read as no."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"
    DECLINED = "declined"

    @property
    def known(self) -> bool | None:
        """True, False, or None for unknown."""
        return {"yes": True, "no": False}.get(self.value)


class Form(FlaskForm):
    """A form with a one-time id, that comes back full after a sign-in that ended while typing."""

    form_id = HiddenField(default=lambda: str(uuid4()))

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        if formdata is None and request and request.method == "GET":
            formdata = kept.typed()
        if formdata is AS_SAVED:
            super().__init__(None, **kwargs)
        else:
            super().__init__(**({"formdata": formdata} if formdata is not None else {}), **kwargs)

    def validate_form_id(self, field: Field) -> None:
        """A form id that is none cannot be marked as used."""
        try:
            UUID(field.data)
        except (ValueError, TypeError):
            field.data = str(uuid4())
            raise StopValidation("This page was out of date. Look it over and send it again") from None

    def taken(self) -> None:
        """The form was taken, in the transaction that took it."""

    def add_error(self, error: Invalid) -> None:
        """Put a service's refusal beside its field; one that names no field stands over the form."""
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]


class _Required:
    """Nothing typed or chosen: say what to do in the words of the label."""

    field_flags = {"required": True}

    def __init__(self, verb: str) -> None:
        self.verb = verb

    def __call__(self, form: object, field: Field) -> None:
        if not field.raw_data or not any(str(text).strip() for text in field.raw_data):
            field.errors = []
            raise StopValidation(f"{self.verb} {_lower(field.label.text)}")


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _rules(optional: bool, verb: str) -> list[Any]:
    return [Optional()] if optional else [_Required(verb)]


class Line(StringField):
    """One line of text, at most `max_length` characters."""

    def __init__(
        self, label: str, *, max_length: int = 120, hint: str = "", optional: bool = False, **kwargs: Any
    ) -> None:
        self.max_length, self.optional = max_length, optional
        super().__init__(label, _rules(optional, "Enter"), filters=[tidy], description=hint, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Readable, and short enough."""
        text = self.data or ""
        refuse_unreadable(text, self.label.text)
        if len(text) > self.max_length:
            raise StopValidation(
                f"Shorten {_lower(self.label.text)} to {self.max_length:,} characters. It has {len(text):,}"
            )
        if "\n" in text and not isinstance(self, Prose):
            raise StopValidation(f"Enter {_lower(self.label.text)} on one line")


class Prose(Line, TextAreaField):
    """Several lines of text."""

    def __init__(self, label: str, *, max_length: int = 5000, **kwargs: Any) -> None:
        super().__init__(label, max_length=max_length, **kwargs)


class Choice(RadioField):
    """One of a few, as radio buttons. `choices` are (code, label) pairs."""

    def __init__(
        self,
        label: str,
        choices: Iterable[tuple[str, str]] | None = None,
        *,
        hint: str = "",
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        self.optional = optional
        super().__init__(
            label,
            _rules(optional, "Choose"),
            choices=dict(choices) if choices is not None else None,
            description=hint,
            validate_choice=True,
            **kwargs,
        )

    def pre_validate(self, form: Any) -> None:
        """One of the offered codes, or nothing where that is allowed."""
        if self.data and self.data not in {str(value) for value, *_ in self.iter_choices()}:
            raise StopValidation(f"Choose {_lower(self.label.text)} from the list")


class Pick(Choice):
    """One of many, as a list to open."""

    widget = Select()


class Many(SelectMultipleField):
    """Any number of a few, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        *,
        hint: str = "",
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        self.optional = optional
        super().__init__(label, _rules(optional, "Choose"), choices=dict(choices), description=hint, **kwargs)


class Day(DateField):
    """A calendar day, as the browser's date box sends it (YYYY-MM-DD)."""

    data: Any

    def __init__(self, label: str, *, hint: str = "", optional: bool = False, **kwargs: Any) -> None:
        self.optional = optional
        super().__init__(label, _rules(optional, "Enter"), description=hint, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """A day that exists, from 1900 to 2999."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = date.fromisoformat(text)
        except ValueError:
            raise ValueError(
                f"Enter {_lower(self.label.text)} as a date that exists, like 2026-11-24"
            ) from None
        if self.data.year < 1900:
            raise ValueError(f"Enter {_lower(self.label.text)} with a year from 1900 on")
        if self.data.year > LAST_YEAR:  # a day later, or in another zone, must still be a day
            raise ValueError(f"Enter {_lower(self.label.text)} with a year up to {LAST_YEAR}")


class _Typed(StringField):
    """Text that becomes something else: what was typed is shown again as it was typed."""

    data: Any

    def shown(self) -> str:
        """The value in the box, when nothing was typed yet."""
        return "" if self.data is None else str(self.data)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shown()


class Clock(_Typed):
    """A time of day on the 24 h clock, HH:MM. `data` is a datetime.time."""

    def __init__(self, label: str, *, hint: str = "", optional: bool = False, **kwargs: Any) -> None:
        self.optional = optional
        super().__init__(label, _rules(optional, "Enter"), description=hint, **kwargs)

    def shown(self) -> str:
        """As HH:MM."""
        return self.data.strftime("%H:%M") if isinstance(self.data, time) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A time from 00:00 to 23:59."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = time.fromisoformat(text if len(text) != 4 else f"0{text}").replace(tzinfo=None)
        except ValueError:
            raise ValueError(
                f"Enter {_lower(self.label.text)} as hours and minutes from 00:00 to 23:59"
            ) from None


class Whole(_Typed):
    """A whole number from `low` to `high`. `data` is an int."""

    def __init__(
        self,
        label: str,
        low: int,
        high: int,
        *,
        unit: str = "",
        hint: str = "",
        optional: bool = False,
        **kwargs: Any,
    ) -> None:
        self.low, self.high, self.unit, self.optional = low, high, unit, optional
        super().__init__(label, _rules(optional, "Enter"), description=hint, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Digits only, within the range."""
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        digits = text.isascii() and text.isdecimal() and len(text) < 10
        if not (digits and self.low <= int(text) <= self.high):
            raise ValueError(
                f"Enter {_lower(self.label.text)} as a whole number from {self.low} to {self.high}"
            )
        self.data = int(text)


class Phone(Line):
    """A phone number somebody can be reached at; `data` is E.164. National numbers are read by the region."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, max_length=40, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuses what no phone can be called at: impossible, short, toll-free and premium numbers (P4)."""
        super().pre_validate(form)
        if not self.data:
            return
        try:
            number = phonenumbers.parse(self.data, current().region)
        except phonenumbers.NumberParseException:
            number = None
        refused = (phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE)
        if (
            number is None
            or not phonenumbers.is_valid_number(number)
            or phonenumbers.number_type(number) in refused
        ):
            raise StopValidation(
                f"Enter {_lower(self.label.text)} with area code, like (202) 555-0143. "
                "Toll-free numbers cannot be reached"
            )
        self.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class EmailAddress(Line):
    """An e-mail address in ASCII; `data` is in lower case, so that the same mailbox is found again."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, max_length=254, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """One name, one @, a domain with a dot; whether a mailbox is there only a mail can tell."""
        super().pre_validate(form)
        if self.data and not MAILBOX.fullmatch(self.data):
            raise StopValidation(f"Enter {_lower(self.label.text)} like sam@example.org")
        self.data = self.data.lower() if self.data else None


class YesNoUnknown(Choice):
    """A question of fact: yes, no, not known or declined."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        choices = [
            (Answer.YES.value, "Yes"),
            (Answer.NO.value, "No"),
            (Answer.NOT_KNOWN.value, "Not known"),
            (Answer.DECLINED.value, "Declined to answer"),
        ]
        super().__init__(label, choices, **kwargs)


class Tick(BooleanField):
    """One box to tick."""

    def __init__(self, label: str, *, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, description=hint, **kwargs)
