"""What an administrator enters: a field, or a table of fields, for each kind of value."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from zoneinfo import available_timezones

from wtforms import Field, FieldList, FormField, HiddenField, StringField
from wtforms import Form as Fields

from clinic.configuration.rules import Column, Kind, Setting, SiteFacts, Table
from clinic.configuration.rules.words import WEEKDAYS, days_text, read_days
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Many, Phone, Pick, Prose, Tick, Whole

SPARE_ROWS = 3
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


class Days(StringField):
    """Day numbers such as "1-14, 16". `data` is a tuple of int."""

    data: Any

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else days_text(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Whole numbers, and spans of them."""
        try:
            self.data = read_days(valuelist[0] if valuelist else "")
        except ValueError:
            raise ValueError(f"Enter {self.label.text.lower()} as numbers, like 1-14, 16") from None


class Row(Fields):
    """One row of a table. A row in which nothing is typed is none."""

    columns: ClassVar[tuple[Column, ...]]

    def blank(self) -> bool:
        """Whether nothing is typed; ticks alone say nothing."""
        typed = (self[column.name] for column in self.columns if column.kind is not Kind.YES_NO)
        return not any(text.strip() for field in typed for text in field.raw_data or ())

    def validate(self, extra_validators: Any = None) -> bool:
        """Each cell by itself, and none left out of a row that has others."""
        if self.blank():
            return True
        good = super().validate(extra_validators)
        for column in self.columns:
            field, wanted = self[column.name], not column.optional and column.kind is not Kind.YES_NO
            if wanted and not field.errors and not any(map(str.strip, field.raw_data or ())):
                field.errors = [f"Enter {column.label.lower()}"]
                good = False
        return good

    def value(self, row: type[Any]) -> Any:
        """The row as the rules know it."""
        return row(**{column.name: _cell_data(column, self[column.name].data) for column in self.columns})


class SettingForm(EditForm):
    """A decision. The field `value` is made for the setting's kind."""

    of_the_change = ("reason",)
    reason = Line("Reason", max_length=200, hint="Why this changes, for whoever asks later")


class UndoForm(Form):
    """Which version was on the page when somebody chose to go back."""

    read = HiddenField()


class SiteForm(Form):
    """A site."""

    name = Line("Name", max_length=60)
    zone = Pick("Time zone", [(zone, zone.replace("_", " ")) for zone in ZONES])
    phone = Phone("Phone", optional=True, hint="Shown to the public")
    address = Prose("Address", max_length=300, optional=True)

    def facts(self) -> SiteFacts:
        """The valid form as the rules know it."""
        return SiteFacts(
            self.name.data or "", self.zone.data, self.phone.data or None, self.address.data or None
        )


class SiteChangeForm(EditForm, SiteForm):
    """A change of a site with its reason."""

    empty = "Not known"
    of_the_change = ("reason",)
    reason = Line("Reason", max_length=200, hint="Why this changes, for whoever asks later")


def deciding(setting: Setting, value: Any, version: int) -> SettingForm:
    """The form to decide a setting, filled with a value and its version."""
    form = type("Deciding", (SettingForm,), {"value": _field(setting)})
    shown: SettingForm = form(data=in_force(setting, value, version))
    return shown


def in_force(setting: Setting, value: Any, version: int) -> dict[str, Any]:
    """What the form shows where a setting has this value."""
    return {"value": _shown(setting, value), "version": str(version)}


def decided(setting: Setting, form: SettingForm) -> Any:
    """The value that a valid form holds, typed as the setting's kind says."""
    field: Any = form["value"]
    if setting.table is not None:
        rows = (entry.form for entry in field)
        return tuple(row.value(setting.table.row) for row in rows if not row.blank())
    if setting.kind is Kind.YES_NO:
        return field.data == "yes"
    if setting.kind is Kind.WEEKDAYS:
        return tuple(sorted(int(day) for day in field.data))
    return field.data or None if setting.kind is Kind.PHONE else field.data


def _shown(setting: Setting, value: Any) -> Any:
    if setting.kind is Kind.YES_NO:
        return "yes" if value else "no"
    if setting.kind is Kind.WEEKDAYS:
        return [str(day) for day in value]
    if setting.table is not None:
        columns = setting.table.columns
        rows: list[Mapping[str, Any]] = [
            {column.name: getattr(row, column.name) for column in columns} for row in value
        ]
        return [*rows, *({} for _ in range(SPARE_ROWS))]
    return value


def _field(setting: Setting) -> Field:
    label, low, high = setting.label, setting.low, setting.high
    if setting.table is not None:
        return FieldList(FormField(_row(setting.table)), label, max_entries=high + SPARE_ROWS)
    makers: dict[Kind, Callable[[], Field]] = {
        Kind.TEXT: lambda: Line(label, max_length=high),
        Kind.PHONE: lambda: Phone(label, optional=True, hint="With area code, like (202) 555-0143"),
        Kind.WHOLE: lambda: Whole(label, low, high, unit=setting.unit),
        Kind.CLOCK: lambda: Clock(label, hint="On the 24 h clock"),
        Kind.YES_NO: lambda: Choice(label, [("yes", "Yes"), ("no", "No")]),
        Kind.WEEKDAYS: lambda: Many(label, [(str(day), name) for day, name in enumerate(WEEKDAYS)]),
    }
    return makers[setting.kind]()


def _row(table: Table) -> type[Row]:
    cells: dict[str, Any] = {column.name: _cell(column) for column in table.columns}
    return type("TableRow", (Row,), {**cells, "columns": table.columns})


def _cell(column: Column) -> Field:
    label, low, high = column.label, column.low, column.high
    makers: dict[Kind, Callable[[], Field]] = {
        Kind.TEXT: lambda: Line(label, max_length=high, optional=True),
        Kind.WHOLE: lambda: Whole(label, low, high, optional=True),
        Kind.CLOCK: lambda: Clock(label, optional=True),
        Kind.DAY: lambda: Day(label, optional=True),
        Kind.DAYS: lambda: Days(label),
        Kind.YES_NO: lambda: Tick(label),
    }
    return makers[column.kind]()


def _cell_data(column: Column, data: Any) -> Any:
    return data or () if column.kind is Kind.DAYS else data
