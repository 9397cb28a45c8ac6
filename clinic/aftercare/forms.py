"""Input of aftercare's pages."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField

from clinic.aftercare.rules.questions import Page
from clinic.aftercare.rules.silence import Decision
from clinic.aftercare.rules.terms import NALOXONE_LABELS, REASON_LABELS, Naloxone, NewDischarge, Parts, Reason
from clinic.core.errors import Invalid
from clinic.episodes.rules import Medication
from clinic.web.drafts import DraftedForm
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Phone, Pick, Prose, Tick

LINES = "One a line."
PEOPLE = (1, 2, 3)
PARTS = ("triggers", "signs", "coping", "lapse")
EMPTY: Parts = {**{name: [] for name in PARTS}, "people": []}


class StayForm(Form):
    """Why a stay ends and with what (C5.2, C8.2)."""

    reason = Choice("Reason", [(reason, REASON_LABELS[reason]) for reason in Reason])
    naloxone = Choice("Naloxone", [(code, NALOXONE_LABELS[code]) for code in Naloxone])
    naloxone_expires_on = Day(
        "Expiry of the naloxone",
        optional=True,
        hint="Needed unless it was declined. The date is on the package.",
    )
    medication = Choice("Medication at discharge", [(code, code.label) for code in Medication])
    medication_note = Prose(
        "Last dose and next source",
        optional=True,
        hint="When the last dose was given, and where the next comes from.",
    )
    appointment_on = Day(
        "Day of the aftercare appointment",
        optional=True,
        hint="Within 7 days. Leave it empty if none could be agreed.",
    )
    appointment_at = Clock("Time of the appointment", optional=True)
    appointment_place = Line("Place of the appointment", optional=True)


class RelapsePlanForm(DraftedForm):
    """The relapse-prevention plan in the person's own words (C8.9). `version` is the one that was revised."""

    triggers = Prose("What pulls", hint=f"People, places, times, feelings, pain, money. {LINES}")
    signs = Prose("First signs", hint=f"Thoughts, mood, what the person does differently. {LINES}")
    coping = Prose("What helps, in order", hint=f"Wait 10 minutes, call, leave, breathe. {LINES}")
    person_1_name = Line("First safe person", optional=True, hint="Name, and who it is to the person.")
    person_1_phone = Phone("Phone of the first person", optional=True)
    person_1_may = Tick("We may call this person")
    person_2_name = Line("Second safe person", optional=True)
    person_2_phone = Phone("Phone of the second person", optional=True)
    person_2_may = Tick("We may call the second person")
    person_3_name = Line("Third safe person", optional=True)
    person_3_phone = Phone("Phone of the third person", optional=True)
    person_3_may = Tick("We may call the third person")
    lapse = Prose(
        "If it happens",
        hint="Never alone, an old amount can kill, naloxone at hand, whom to call, back here the same day. "
        + LINES,
    )

    def check_people(self) -> bool:
        """A number needs a name, and whom we may call needs a number."""
        fine = True
        for n in PEOPLE:
            name, phone, may = (self[f"person_{n}_{part}"] for part in ("name", "phone", "may"))
            if (phone.data or may.data) and not name.data:
                self.add_error(Invalid(name.name, f"Enter {name.label.text.lower()}"))
                fine = False
            if may.data and not phone.data:
                self.add_error(Invalid(phone.name, f"Enter {phone.label.text.lower()}, so that we can call"))
                fine = False
        return fine

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field for itself, then the people."""
        valid: bool = super().validate(extra_validators)
        return self.check_people() and valid

    def parts(self) -> dict[str, Any]:
        """The plan as it is kept."""
        people = [
            {
                "name": self[f"person_{n}_name"].data,
                "phone": self[f"person_{n}_phone"].data or None,
                "may_call": bool(self[f"person_{n}_may"].data),
            }
            for n in PEOPLE
            if self[f"person_{n}_name"].data
        ]
        lines = {name: _lines(self[name].data) for name in PARTS}
        return {**lines, "people": people}


def as_shown(n: int, parts: Parts) -> dict[str, Any]:
    """What the form shows of version `n`, to be revised."""
    shown: dict[str, Any] = {name: "\n".join(parts[name]) for name in PARTS} | {"version": n}
    for place, person in enumerate(parts["people"], 1):
        shown |= {
            f"person_{place}_name": person["name"],
            f"person_{place}_phone": person["phone"],
            f"person_{place}_may": person["may_call"],
        }
    return shown


class RevisionForm(RelapsePlanForm):
    """The next version of a plan, and why there is one."""

    reason = Line("Why the plan changes", max_length=300)

    def ask(self, before: bool) -> None:
        """The first version needs no reason."""
        if not before:
            del self.reason


class DischargeForm(StayForm, RelapsePlanForm):
    """The end of a stay, the plan, and when check-ins come (C8.4)."""

    check_in_time = Clock("Check-in time", hint="Local time of the person, within the hours for texts.")
    zone = Pick("Time zone of the person")

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field for itself, then what belongs together."""
        super().validate(extra_validators)
        if self.reason.data == Reason.LEFT_AGAINST_ADVICE:  # who is gone cannot be asked for a plan (C5.2)
            for name in PARTS:
                self[name].errors = self[name].errors if self[name].data else []
        if (self.appointment_on.data is None) != (self.appointment_at.data is None):
            missing = self.appointment_on if self.appointment_on.data is None else self.appointment_at
            if not missing.errors:
                self.add_error(
                    Invalid(missing.name, f"Enter {missing.label.text.lower()}, or leave both empty")
                )
        return not self.errors

    def wanted(self) -> NewDischarge:
        """What was entered."""
        return NewDischarge(
            reason=Reason(self.reason.data),
            naloxone=Naloxone(self.naloxone.data),
            naloxone_expires_on=self.naloxone_expires_on.data,
            medication=Medication(self.medication.data),
            medication_note=self.medication_note.data or None,
            appointment_on=self.appointment_on.data,
            appointment_at=self.appointment_at.data,
            appointment_place=self.appointment_place.data or None,
            check_in_time=self.check_in_time.data,
            zone=self.zone.data or "",
            parts=self.parts(),
        )


class TimesForm(EditForm):
    """When check-ins come."""

    check_in_time = Clock("Check-in time", hint="Local time of the person, within the hours for texts.")
    zone = Pick("Time zone of the person")


class DecisionForm(Form):
    """What a supervisor decides about somebody who does not answer (C8.8)."""

    decision = Choice("Decision", [(code, code.label) for code in Decision])
    words = Prose("Why, and what is done", max_length=4000)
    look_on = Day("Look again on", optional=True, hint="Needed unless the search ends.")


class TapForm(FlaskForm):
    """One question: every answer is a button. `seen` is the number of the answer shown as given."""

    page = HiddenField()
    seen = HiddenField()
    answer = RadioField(validate_choice=False)

    def show(self, page: Page, seen: int, given: str | None) -> None:
        """Show this question, with the answer given before."""
        self.page.data, self.seen.data = page.code.value, str(seen)
        self.answer.label.text, self.answer.description = page.question, page.hint
        self.answer.choices = {choice.value: choice.label for choice in page.choices}
        self.answer.data = given


class WishForm(FlaskForm):
    """What somebody chooses about the messages: every choice is a button."""

    answer = RadioField(
        "What should change?", description="Choose “This is not me” if these messages are not meant for you."
    )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
