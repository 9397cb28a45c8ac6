"""A form for any instrument: codes as values, nothing required until it is completed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from wtforms import Field, HiddenField

from clinic.core.errors import Invalid
from clinic.core.rules import instant, local
from clinic.instruments.rules import Filled, Instrument, Item, label
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Line, Prose, Whole

ITEM, CONTEXT, MEASURED = "item_", "context_", "measured_"
PLAUSIBLE = {"beats per minute": (20, 250)}  # readings by unit that no slip of the pen gives
YES_NO = (("true", "Yes"), ("false", "No"), ("", "Not known"))


class InstrumentForm(EditForm):
    """The answers to one instrument; its items and context questions are added by `form_for`."""

    empty = "Not answered"
    instrument: ClassVar[Instrument]
    observed_on = Day("Date observed")
    observed_time = Clock("Time observed", hint="24 h clock")
    occasion = Line("Reason for taking it now", max_length=200, optional=True)
    draft_seen = HiddenField()  # the version of the draft on the page; empty when there was none
    wording = HiddenField()  # the version of the clinic's own wording on the page; empty: the file's words

    def item_field(self, item_id: str) -> Field:
        """The field of an item."""
        return self[ITEM + item_id]

    def measured_field(self, item_id: str) -> Field | None:
        """The box for the reading behind an item; None where it has none."""
        return self._fields.get(MEASURED + item_id)

    def context_fields(self) -> list[Field]:
        """The fields of what scoring needs beside the answers."""
        return [self[CONTEXT + name] for name in self.instrument.context]

    def answers(self) -> dict[str, str | int]:
        """What was answered: codes, or whole numbers; a reading alone answers its item."""
        given = {item.id: self.item_field(item.id).data for item in self.instrument.items}
        for item_id, reading in self.measured().items():
            item = self.instrument.item(item_id)
            if item.measure and not given[item_id]:
                given[item_id] = item.code(item.measure.points(reading))
        return {item_id: answer for item_id, answer in given.items() if answer not in (None, "")}

    def measured(self) -> dict[str, int]:
        """The readings that were entered."""
        measured = {item.id: self.measured_field(item.id) for item in self.instrument.items if item.measure}
        return {item_id: f.data for item_id, f in measured.items() if f and f.data is not None}

    def validate(self, extra_validators: Any = None) -> bool:
        """A reading and the answer beside it must say the same."""
        fits = super().validate(extra_validators)
        for item in self.instrument.items:
            reading, answer = self.measured().get(item.id), self.item_field(item.id)
            if item.measure is None or reading is None:
                continue
            code = item.code(item.measure.points(reading))
            if answer.data and answer.data != code:
                words = f"Choose {self.instrument.answer_words(item, code)} for {reading} {item.measure.unit}"
                answer.errors = [*answer.errors, f"{words}, or change the number"]
                fits = False
        return fits

    def context(self) -> dict[str, str | bool]:
        """The context values that were given."""
        given = {name: self[CONTEXT + name].data for name in self.instrument.context}
        return {name: {"true": True, "false": False}.get(v, v) for name, v in given.items() if v}

    def observed_at(self, zone: str) -> datetime:
        """The instant of observation, from local date and time of a form that was validated."""
        assert self.observed_on.data is not None
        return instant(self.observed_on.data, self.observed_time.data, zone)

    def leave_out_unread(self, zone: str, now: datetime) -> bool:
        """Empty what a validated form could not read; whether there was any. Without a time it is now."""
        unread = [self[name] for name in self.errors if name]
        for field in unread:
            field.data = None
        if {self.observed_on, self.observed_time} & set(unread) or self.observed_at(zone) > now:
            there = local(now, zone)
            self.observed_on.data, self.observed_time.data = there.date(), there.time()
            return True
        return bool(unread)

    def filled(self, zone: str) -> Filled:
        """What the form says, of one that was validated; its times are local to `zone`."""
        return Filled(
            self.answers(), self.context(), self.observed_at(zone), self.measured(),
            self.occasion.data or "", _version(self.wording),
        )  # fmt: skip

    def shown_draft(self) -> int | None:
        """The version of the draft, or the edition of the signed form, that the page was made from."""
        return _version(self.draft_seen)

    def show_theirs(self, saved: Mapping[str, Any], *, who: str = "", at: datetime | None = None) -> None:
        """Put what is saved now beside what was typed; its version is that of `draft_seen`."""
        super().show_theirs(saved, who=who, at=at)
        self.draft_seen.data = saved["draft_seen"]

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Put what scoring still needs beside the fields."""
        for name, sentence in errors.items():
            is_context = name.startswith("context.")
            place = CONTEXT + name.removeprefix("context.") if is_context else ITEM + name
            self.add_error(Invalid(place, sentence))


def _version(field: Field) -> int | None:
    text = field.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class AmendingForm(InstrumentForm):
    """A signed form, to be corrected."""

    reason = Prose("Reason for the amendment", max_length=1000)


def form_for(instrument: Instrument) -> type[InstrumentForm]:
    """The form of an instrument: radio buttons for choices, a box for whole numbers."""
    return type(f"{instrument.id}_form", (InstrumentForm,), _fields(instrument))


def amending_form_for(instrument: Instrument) -> type[AmendingForm]:
    """The same with the reason for what is corrected."""
    return type(f"{instrument.id}_amending_form", (AmendingForm,), _fields(instrument))


def _fields(instrument: Instrument) -> dict[str, Any]:
    fields: dict[str, Any] = {"instrument": instrument}
    for item in instrument.items:
        fields[ITEM + item.id] = _item_field(instrument, item)
        if item.measure:
            low, high = PLAUSIBLE.get(item.measure.unit, (0, 10_000))
            unit = item.measure.unit[:1].upper() + item.measure.unit[1:]
            fields[MEASURED + item.id] = Whole(unit, low, high, optional=True)
    for name, values in instrument.context.items():
        words = name.replace("_", " ").capitalize()
        known = [(value, value.capitalize()) for value in values] or YES_NO
        fields[CONTEXT + name] = Choice(words, known, optional=True)
    return fields


def _item_field(instrument: Instrument, item: Item) -> Field:
    name = label(instrument, item)
    name = name[:1].upper() + name[1:]
    if not item.options:
        return Whole(name, item.low, item.high, optional=True)
    choices = [(option.code, option.label) for option in item.options]
    if not item.required or instrument.skipped_by(item.id):
        choices.append(("", "Not asked"))  # an answer can be taken back without script
    return Choice(name, choices, optional=True)


def prefill(instrument: Instrument, filled: Filled, *, zone: str, version: int | None) -> dict[str, Any]:
    """The values a form starts with. `version` is that of the draft, or the edition of the signed form."""
    there = local(filled.observed_at, zone)
    values: dict[str, Any] = {ITEM + item_id: answer for item_id, answer in filled.answers.items()}
    values |= {MEASURED + item_id: reading for item_id, reading in filled.measured.items()}
    values |= {CONTEXT + name: str(value).lower() for name, value in filled.context.items()}
    values |= {"observed_on": there.date(), "observed_time": there.time(), "occasion": filled.occasion}
    return values | {"draft_seen": _hidden(version), "wording": _hidden(instrument.wording)}


def _hidden(version: int | None) -> str:
    return "" if version is None else str(version)
