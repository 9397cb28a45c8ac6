"""Forms of the assessment's sections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from wtforms import Field, FieldList, FormField
from wtforms import Form as Row

from clinic.core.rules import exists, instant, local
from clinic.history.rules import Precision, Route, Substance, last_use_problem
from clinic.intake.rules.findings import Findings, missing
from clinic.intake.rules.sections import QUESTIONS, SAFETY, Ask, Part, Question, Section
from clinic.web.drafts import DraftedForm
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Pick, Prose, Tick, Whole, YesNoUnknown

SPARE_ROWS, MOST_ROWS = 2, 20
NEEDED = frozenset(missing(Findings()))


class SafetyForm(DraftedForm):
    """'Safety and circumstances' (C4.4): every question may be left for later."""

    empty = "Not asked"
    parts: ClassVar[tuple[Part, ...]] = SAFETY

    def question(self, question: Question) -> Field:
        """The field of a question. "Optional" stands only at what a complete result can do without (C4.6)."""
        field = self[question.key]
        field.flags.optional = question.key not in NEEDED
        return field

    def check(self, *_: object) -> bool:
        """Whether the answers can be together; here each stands for itself."""
        return True

    def answers(self, *_: object) -> dict[str, Any]:
        """What was answered, by key; what was left out is not there."""
        return {key: self[key].data for key in QUESTIONS if self[key].data not in (None, "")}


def _field(question: Question) -> Field:
    if question.ask is Ask.NUMBER:
        return Whole(
            question.label, question.low, question.high, unit=question.unit, hint=question.hint, optional=True
        )
    if question.ask is Ask.CHOICE:
        return Choice(question.label, question.choices, hint=question.hint, optional=True)
    return YesNoUnknown(question.label, hint=question.hint, optional=True)


for _question in QUESTIONS.values():
    setattr(SafetyForm, _question.key, _field(_question))


class UseRow(Row):
    """One substance. A row without one is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # a row is empty as a whole or not at all; the page says so

    substance = Pick("Substance", [("", "Choose"), *((one, one.label) for one in Substance)], optional=True)
    route = Pick("How taken", [("", "Choose"), *((one, one.label) for one in Route)], optional=True)
    precision = Pick(
        "Last use",
        [
            ("", "Choose"),
            (Precision.EXACT, "At this time"),
            (Precision.ABOUT, "About this time"),
            (Precision.UNKNOWN, "Not known"),
        ],
        optional=True,
    )
    on = Day("Date", optional=True)
    at = Clock("Time", optional=True)

    @property
    def empty(self) -> bool:
        """Whether nothing was chosen or typed."""
        return not any(field.data or (field.raw_data or [""])[0] for field in self)

    def answer(self, zone: str) -> dict[str, Any]:
        """The row as it is saved; the moment in UTC as ISO text, None if not known."""
        known = self.precision.data != Precision.UNKNOWN
        moment = instant(self.on.data, self.at.data, zone).isoformat() if known else None
        return {
            "substance": self.substance.data,
            "route": self.route.data or Route.NOT_KNOWN.value,
            "precision": self.precision.data,
            "at": moment,
        }

    def check(self, zone: str, now: datetime) -> bool:
        """Whether the row can be; says what is missing beside its fields."""
        if not self.substance.data:
            return _wrong(self.substance, "Choose the substance of this row, or empty the row")
        if not self.precision.data:
            return _wrong(self.precision, "Choose how well last use is known")
        if self.precision.data == Precision.UNKNOWN:
            return True
        if self.on.data is None:
            return _wrong(self.on, "Enter the date of last use, or choose that it is not known")
        if self.at.data is None:
            return _wrong(self.at, "Enter the time of last use; about is enough")
        if not exists(self.on.data, self.at.data, zone):
            return _wrong(self.at, "Enter a time that the clocks showed on this day")
        problem = last_use_problem(
            instant(self.on.data, self.at.data, zone), Precision(self.precision.data), now
        )
        return _wrong(self.on, problem) if problem else True


def _wrong(field: Field, why: str) -> bool:
    if not field.errors:
        field.errors = [why]
    return False


class SubstancesForm(DraftedForm):
    """Substances with last use, a row each."""

    none = Tick("No substance is used")
    uses = FieldList(FormField(UseRow), "Substances", min_entries=SPARE_ROWS + 1, max_entries=MOST_ROWS)

    def filled(self) -> list[UseRow]:
        """The rows that say something."""
        return [entry.form for entry in self.uses.entries if not entry.form.empty]

    def check(self, zone: str, now: datetime) -> bool:
        """Whether all rows can be, and whether there are rows or it was said that there are none."""
        fine = [row.check(zone, now) for row in self.filled()]
        self.uses.errors = [entry.errors for entry in self.uses.entries if entry.errors]  # for the summary
        if self.none.data and fine:
            return _wrong(self.none, "Empty the rows, or take away the tick")
        if not self.none.data and not fine:
            return _wrong(self.none, "Enter a substance, or tick that none is used")
        return all(fine)

    def answers(self, zone: str) -> dict[str, Any]:
        """What was entered."""
        return {"uses": [row.answer(zone) for row in self.filled()]}

    def more_rows(self) -> None:
        """Room for further substances."""
        for _ in range(min(SPARE_ROWS, MOST_ROWS - len(self.uses.entries))):
            self.uses.append_entry()


def rows_of(answers: Mapping[str, Any], zone: str) -> list[dict[str, Any]]:
    """Saved rows as a form shows them, with room for two more."""
    shown: list[dict[str, Any]] = []
    for row in answers.get("uses", ()):
        there = local(datetime.fromisoformat(row["at"]), zone) if row["at"] else None
        moment = {"on": there.date(), "at": there.time().replace(tzinfo=None)} if there else {}
        shown.append({name: row[name] for name in ("substance", "route", "precision")} | moment)
    return shown + [{} for _ in range(SPARE_ROWS)]


def as_shown(section: Section, answers: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """What the form of a section shows of saved answers."""
    if section is Section.SAFETY:
        return dict(answers)
    return {"uses": rows_of(answers, zone), "none": answers.get("uses") == []}


class AmendForm(Form):
    """Why a signed assessment is amended."""

    reason = Line("Why", max_length=300, hint="What is wrong or missing in the signed one. It stays as it is")


class NotDoneForm(EditForm):
    """Why a scale was not taken."""

    reason = Prose("Why COWS was not taken", max_length=500)
