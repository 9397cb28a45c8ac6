"""What is written down of a safety plan."""

from typing import Any

from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as Row
from wtforms.validators import StopValidation

from clinic.safety.rules import Agreement, Helper, Means, Service, Signature, Spoken, Words
from clinic.web.drafts import DraftedForm
from clinic.web.forms import Choice, Form, Line, Phone, Prose, Tick

# Of a part: the whole plan is read in a bad moment, on one page.
MOST_LINES, LONGEST = 6, 330  # lines, characters
SPARE_ROWS, MOST_ROWS = 2, 8
LISTS = ("signs", "alone", "away", "named", "kept")


class Lines(Prose):
    """A part of the plan, one thing a line."""

    def __init__(self, label: str, *, hint: str, **kwargs: Any) -> None:
        super().__init__(label, max_length=LONGEST, hint=f"{hint} One a line.", optional=True, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Few enough to be read in a bad moment."""
        super().pre_validate(form)
        if len(_lines(self.data)) > MOST_LINES:
            raise StopValidation(f"Enter {self.label.text.lower()} in at most {MOST_LINES} lines")


class _Line(Row):
    """One row of a list; a row without a name is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # a row may be left empty as a whole; the page says so


class PersonRow(_Line):
    """Somebody to ask for help."""

    name = Line("Name", optional=True, max_length=80)
    phone = Phone("Phone", optional=True)
    may_be_told = Tick("We may tell this person that there is danger")


class ServiceRow(_Line):
    """Somebody whose work it is to help."""

    name = Line("Name", optional=True, max_length=80)
    number = Line("Number or address", optional=True, max_length=80)


class SafetyPlanForm(DraftedForm):
    """All seven parts of version `n`; `version` is that of the draft which was shown."""

    n = HiddenField()
    signs = Lines("Warning signs", hint="In the person’s own words: thoughts, feelings, what happens before.")
    alone = Lines("What I can do alone", hint="Without calling anybody.")
    away = Lines("People and places that take my mind off it", hint="Names and places.")
    helpers = FieldList(
        FormField(PersonRow), "People I can ask for help", min_entries=1, max_entries=MOST_ROWS
    )
    services = FieldList(
        FormField(ServiceRow), "Professionals and services", min_entries=1, max_entries=MOST_ROWS
    )
    means = Choice("Making the place safe", [(one, one.label) for one in Means], optional=True)
    named = Lines("What could do harm", hint="Medicines, weapons, opioids at home.")
    kept = Lines("Who keeps it or takes it away", hint="Who, and by when.")
    naloxone = Line(
        "Naloxone, and where it is kept", optional=True, hint="And who at home knows how to use it."
    )
    means_reason = Prose("Why the person declines", optional=True, max_length=LONGEST)
    agreement = Choice("The person", [(one, one.label) for one in Agreement], optional=True)
    signed_name = Line("Name of the person, as a signature", optional=True)
    refusal = Prose("Why the person does not sign", optional=True, max_length=LONGEST)
    copy_given = Tick("A copy was given to the person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.flags.optional = False  # a draft needs none of them; what a signature needs is said then

    def spoken(self) -> Spoken:
        """What was written down."""
        lists = {name: _lines(self[name].data) for name in LISTS}
        people = (entry.form for entry in self.helpers.entries)
        helpers = [
            Helper(row.name.data, row.phone.data or None, row.may_be_told.data)
            for row in people
            if row.name.data
        ]
        places = (entry.form for entry in self.services.entries)
        services = [Service(row.name.data, row.number.data or None) for row in places if row.name.data]
        words = Words(**lists, helpers=helpers, services=services, naloxone=self.naloxone.data or None)
        means = Means(self.means.data or Means.OPEN)
        return Spoken(words, means, (self.means_reason.data or None) if means is Means.DECLINED else None)

    def signature(self) -> Signature | None:
        """How the person signed; None where that was not chosen."""
        if not self.agreement.data:
            return None
        return Signature(
            Agreement(self.agreement.data),
            self.signed_name.data or None,
            self.refusal.data or None,
            self.copy_given.data,
        )

    def shown(self) -> dict[str, int]:
        """Which version is written, and which draft of it was shown."""
        text = self.n.data or ""
        n = int(text) if text.isdecimal() and len(text) < 10 else 0
        return {"n": n, "version": self.shown_version()}


class CopyForm(Form):
    """Nothing but the button."""


def given(spoken: Spoken, n: int, version: int) -> dict[str, Any]:
    """The data of a form that shows these words as the draft of version `n`, with spare rows."""
    words = spoken.words.plain()
    lists = {name: "\n".join(words[name]) for name in LISTS}
    rows = {
        name: [*words[name], *({} for _ in range(SPARE_ROWS))][:MOST_ROWS] for name in ("helpers", "services")
    }
    rest = {"naloxone": words["naloxone"], "means": spoken.means, "means_reason": spoken.means_reason}
    return {**lists, **rows, **rest, "n": str(n), "version": str(version)}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
