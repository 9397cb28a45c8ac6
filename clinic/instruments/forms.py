"""A form for any instrument: codes as values, nothing required until it is completed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from wtforms import Field, HiddenField

from clinic.core.errors import Invalid
from clinic.core.rules import instant, local
from clinic.instruments.rules import Instrument, label
from clinic.web.forms import Choice, Clock, Day, Form, Whole

ITEM, CONTEXT = "item_", "context_"
YES_NO = (("true", "Yes"), ("false", "No"), ("", "Not known"))


class InstrumentForm(Form):
    """The answers to one instrument; its items and context questions are added by `form_for`."""

    instrument: ClassVar[Instrument]
    observed_on = Day("Date observed")
    observed_time = Clock("Time observed", hint="24 h clock")
    shown = HiddenField()  # the version of the draft on the page; empty when there was none

    def item_field(self, item_id: str) -> Field:
        """The field of an item."""
        return self[ITEM + item_id]

    def context_fields(self) -> list[Field]:
        """The fields of what scoring needs beside the answers."""
        return [self[CONTEXT + name] for name in self.instrument.context]

    def answers(self) -> dict[str, str | int]:
        """What was answered: codes, or whole numbers."""
        given = {item.id: self.item_field(item.id).data for item in self.instrument.items}
        return {item_id: answer for item_id, answer in given.items() if answer not in (None, "")}

    def context(self) -> dict[str, str | bool]:
        """The context values that were given."""
        given = {name: self[CONTEXT + name].data for name in self.instrument.context}
        return {name: {"true": True, "false": False}.get(v, v) for name, v in given.items() if v}

    def observed_at(self, zone: str) -> datetime:
        """The instant of observation, from local date and time of a form that was validated."""
        assert self.observed_on.data is not None
        return instant(self.observed_on.data, self.observed_time.data, zone)

    def shown_version(self) -> int | None:
        """The version of the draft that the page was made from."""
        text = self.shown.data or ""
        return int(text) if text.isdecimal() else None

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Put what scoring still needs beside the fields."""
        for name, sentence in errors.items():
            is_context = name.startswith("context.")
            place = CONTEXT + name.removeprefix("context.") if is_context else ITEM + name
            self.add_error(Invalid(place, sentence))


def form_for(instrument: Instrument) -> type[InstrumentForm]:
    """The form of an instrument: radio buttons for choices, a box for whole numbers."""
    fields: dict[str, Any] = {"instrument": instrument}
    for item in instrument.items:
        name = label(instrument, item)
        name = name[:1].upper() + name[1:]
        if item.options:
            choices = [(option.code, option.label) for option in item.options]
            fields[ITEM + item.id] = Choice(name, choices, optional=True)
        else:
            fields[ITEM + item.id] = Whole(name, item.low, item.high, optional=True)
    for name, values in instrument.context.items():
        words = name.replace("_", " ").capitalize()
        known = [(value, value.capitalize()) for value in values] or YES_NO
        fields[CONTEXT + name] = Choice(words, known, optional=True)
    return type(f"{instrument.id}_form", (InstrumentForm,), fields)


def prefill(
    instrument: Instrument,
    answers: Mapping[str, str | int],
    context: Mapping[str, str | bool],
    *,
    observed_at: datetime,
    zone: str,
    version: int | None,
) -> dict[str, Any]:
    """The values a form starts with."""
    there = local(observed_at, zone)
    values: dict[str, Any] = {ITEM + item_id: answer for item_id, answer in answers.items()}
    for name, value in context.items():
        values[CONTEXT + name] = str(value).lower()
    values |= {"observed_on": there.date(), "observed_time": there.time()}
    return values | {"shown": "" if version is None else str(version)}
