"""Two people save the same record: the second sees both versions and chooses, field by field."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, SelectMultipleField

from clinic.web import filters
from clinic.web.forms import AS_SAVED, Form, Phone

KEEP = "keep-"


class Apart(NamedTuple):
    """One field in which the two versions differ, in words. `name` is that of the choice."""

    label: str
    name: str
    mine: str
    theirs: str


class Theirs(NamedTuple):
    """What somebody else saved meanwhile; `who` is empty and `at` None where it is not known."""

    who: str
    at: datetime | None
    apart: list[Apart]


class EditForm(Form):
    """A form about what two people can change; `version` is that of the record which the page showed.

    To be made with what is saved, also when it is sent: theirs is taken from there, where it was chosen.
    """

    empty: ClassVar[str] = "Empty"  # how a page writes a field without anything
    of_the_change: ClassVar[tuple[str, ...]] = ()  # fields about the change itself, as its reason
    version = HiddenField(default="0")
    theirs: Theirs | None = None

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        if formdata is None and request and self.is_submitted():
            saved = kwargs.pop("data", None)  # what was not sent is empty, not as saved
            if chosen := _chosen():
                formdata = _merged(chosen, self._other(saved))
        self.sent: MultiDict[str, str] = formdata if formdata is not None else request.form
        super().__init__(formdata, **kwargs)

    def shown_version(self) -> int:
        """The version that was on the page; 0, which is that of nothing saved, for anything else."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def show_theirs(self, saved: Mapping[str, Any], *, who: str = "", at: datetime | None = None) -> None:
        """Put what is saved now beside what was typed. Sent again, the form is meant for that version."""
        self.put_beside(other := self._as_saved(saved), who=who, at=at)
        self.version.data = other.version.data

    def put_beside(self, other: "EditForm", *, who: str, at: datetime | None) -> None:
        """Show another version beside what was typed."""
        self.theirs = Theirs(who, at, list(_apart(self, other)))

    def _other(self, saved: Mapping[str, Any] | None) -> "EditForm":
        """The version from which chosen fields are taken."""
        return self._as_saved(saved)

    def _as_saved(self, saved: Mapping[str, Any] | None) -> "EditForm":
        """This form, filled with what is saved; for forms that are made with more than their data."""
        return type(self)(AS_SAVED, data=saved)


def _chosen() -> list[str]:
    """The fields of which the other version was chosen."""
    asked = (name for name, choice in request.form.items() if choice == "theirs")
    return [name.removeprefix(KEEP) for name in asked if name.startswith(KEEP)]


def _merged(chosen: list[str], saved: Form) -> MultiDict[str, str]:
    """The form as it was sent, with the chosen fields as they are saved."""
    parts = tuple(f"{name}-" for name in chosen)
    sent = [
        pair
        for pair in request.form.items(multi=True)
        if pair[0] not in chosen and not pair[0].startswith(parts)
    ]
    theirs = [pair for name in chosen if name in saved for pair in _texts(saved[name])]
    return MultiDict([*(pair for pair in sent if not pair[0].startswith(KEEP)), *theirs])


def _texts(field: Any) -> Iterator[tuple[str, str]]:
    """What a browser would send for a field that is filled so."""
    match field:
        case FieldList():
            for entry in field.entries:
                yield from _texts(entry)
        case FormField():
            for part in field.form:
                yield from _texts(part)
        case BooleanField():
            yield from [(field.name, "y")] if field.data else []
        case SelectMultipleField():
            yield from ((field.name, str(value)) for value in field.data or ())
        case SelectField():
            yield field.name, str(field.data or "")
        case _:
            yield field.name, field._value()


def _apart(mine: EditForm, theirs: Form) -> Iterator[Apart]:
    for field in mine:
        if isinstance(field, HiddenField) or field.name in mine.of_the_change:
            continue
        words, other = in_words(field, field), in_words(theirs[field.name], field)
        if words != other:
            yield Apart(field.label.text, KEEP + field.name, words or mine.empty, other or mine.empty)


def in_words(field: Any, offered: Any) -> str:
    """How a page writes what stands in a field, empty for nothing; `offered` has the choices' labels."""
    data = field.data
    match field:
        case FieldList():
            row = offered.entries[0]
            return "; ".join(filter(None, (in_words(entry, row) for entry in field.entries)))
        case FormField():
            filled = [part for part in field.form if part.data is not False and part.data not in (None, "")]
            return ", ".join(in_words(part, offered.form[part.short_name]) for part in filled)
        case BooleanField():
            return "Yes" if data else "No"
        case SelectField():
            labels = {str(value): str(label) for value, label, *_ in offered.iter_choices()}
            values = data if isinstance(data, list) else [data]
            return ", ".join(labels.get(str(value), str(value)) for value in values if value)
        case Phone() if data:
            return filters.phone(data)
    match data:
        case date():
            return filters.day(data)
        case time():
            return filters.clock(data)
        case tuple():  # typed as a text of its own, like 1-14, 16
            return str(field._value())
    return "" if data is None else str(data)
