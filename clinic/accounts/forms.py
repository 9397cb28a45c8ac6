"""What staff and administrators enter."""

import re
from typing import Any
from uuid import UUID

from wtforms import Field, FormField, HiddenField, PasswordField
from wtforms import Form as Fields
from wtforms.validators import Optional, StopValidation

from clinic.accounts.rules import RUNGS, DayHours, LeavePlan, Role, ShiftPlan, StaffDetails
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Many, Phone, Pick
from clinic.web.text import refuse_unreadable

FLAG_LABELS = (
    ("charge_nurse", "Charge nurse: gets the unit's escalations"),
    ("trainee", "Trainee: every note is countersigned"),
    ("facilitator", "Facilitator: marks attendance of own groups"),
    ("manager", "Manager: totals only, no patient"),
)
RUNG_LABELS = {1: "First", 2: "Second", 3: "Third"}
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DISABLE_REASONS = (("left", "Left the clinic"), ("leave", "Long leave"), ("misuse", "Suspected misuse"))


class Password(PasswordField):
    """A password as typed: blanks count, nothing is tidied away, and it never comes back on a page."""

    def __init__(self, label: str, *, hint: str = "", optional: bool = False, **kwargs: Any) -> None:
        self.optional = optional
        super().__init__(label, [Optional()] if optional else [], description=hint, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Something readable; what makes it strong enough is decided where it is set."""
        if not self.data and not self.optional:
            raise StopValidation(f"Enter {self.label.text.lower()}")
        refuse_unreadable(self.data or "", self.label.text)


class SignInForm(Form):
    """Who comes in."""

    sign_in_name = Line("Sign-in name", max_length=60)
    password = Password("Password")


class OwnPasswordForm(Form):
    """A new password for oneself."""

    current = Password("Current password")
    password = Password("New password", hint="At least 15 characters; a few words together are easiest")


class StaffForm(Form):
    """A member of staff. Sites are offered as the clinic has them."""

    name = Line("Name", hint="As colleagues know it, like Miriam Okafor")
    sign_in_name = Line("Sign-in name", max_length=60, hint="Lower-case letters, digits, dot and dash")
    role = Pick("Role", [("", "Choose a role"), *((role.value, role.label) for role in Role)])
    site_id = Pick("Site")
    phone = Phone("Mobile phone", optional=True, hint="On-call pages go to this number")
    flags = Many("Further duties", FLAG_LABELS, optional=True)

    def validate_sign_in_name(self, field: Field) -> None:
        """One simple word, typed the same everywhere."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", field.data or ""):
            raise StopValidation("Enter sign-in name as lower-case letters, digits, dot and dash")

    def details(self) -> StaffDetails:
        """The valid form as the rules know it."""
        return StaffDetails(
            name=self.name.data or "",
            sign_in_name=self.sign_in_name.data or "",
            role=Role(self.role.data),
            site_id=UUID(self.site_id.data),
            phone=self.phone.data or None,
            flags=frozenset(self.flags.data or ()),
        )


class NewStaffForm(StaffForm):
    """A new member of staff with a first password."""

    password = Password(
        "First password", optional=True, hint="Leave empty to have one made. It is shown once, to hand over"
    )


class StaffEditForm(EditForm, StaffForm):
    """A change of what was read as `version`."""


class NewPasswordForm(Form):
    """A new password for somebody else."""

    password = Password(
        "New password", optional=True, hint="Leave empty to have one made. It is shown once, to hand over"
    )


class DisableForm(Form):
    """Why somebody's access ends."""

    reason = Choice("Reason", DISABLE_REASONS)


class ShiftForm(Form):
    """One on-call shift, on the clocks of the administrator's site."""

    user_id = Pick("Person")
    rung = Choice("Place", [(str(rung), RUNG_LABELS[rung]) for rung in RUNGS], hint="Paged in this order")
    local_date = Day("Start date")
    starts = Clock("Start time")
    ends_date = Day("End date")
    ends = Clock("End time")

    def plan(self, zone: str) -> ShiftPlan:
        """The valid form as the rules know it."""
        assert self.local_date.data and self.ends_date.data  # validated
        return ShiftPlan(
            user_id=UUID(self.user_id.data),
            rung=int(self.rung.data),
            local_date=self.local_date.data,
            starts=self.starts.data,
            ends_date=self.ends_date.data,
            ends=self.ends.data,
            zone=zone,
        )


class DayFields(Fields):
    """Working hours of one weekday; both empty is a day off."""

    starts = Clock("From", optional=True)
    ends = Clock("Until", optional=True)

    def validate(self, extra_validators: Any = None) -> bool:
        """Both times or none, in order."""
        if not super().validate(extra_validators):
            return False
        starts, ends = self.starts.data, self.ends.data
        if (starts is None) != (ends is None):
            empty = self.starts if starts is None else self.ends
            empty.errors = ["Enter from and until, or leave both empty"]
        elif starts is not None and ends <= starts:
            self.ends.errors = ["Enter until as a time after from"]
        return not (self.starts.errors or self.ends.errors)


class HoursForm(EditForm):
    """When somebody works in a week; each day by itself."""

    empty = "Day off"
    monday = FormField(DayFields, "Monday")
    tuesday = FormField(DayFields, "Tuesday")
    wednesday = FormField(DayFields, "Wednesday")
    thursday = FormField(DayFields, "Thursday")
    friday = FormField(DayFields, "Friday")
    saturday = FormField(DayFields, "Saturday")
    sunday = FormField(DayFields, "Sunday")

    def days(self) -> list[Any]:
        """The days, Monday first."""
        return [self[name.lower()] for name in WEEK]

    def hours(self) -> tuple[DayHours, ...]:
        """The valid form as the rules know it."""
        days = [day.form for day in self.days()]
        return tuple(
            DayHours(day, one.starts.data, one.ends.data) for day, one in enumerate(days) if one.starts.data
        )


def week(hours: tuple[DayHours, ...], version: int) -> dict[str, Any]:
    """What the form shows where somebody has these hours."""
    known = {day.weekday: {"starts": day.starts, "ends": day.ends} for day in hours}
    return {name.lower(): known.get(day, {}) for day, name in enumerate(WEEK)} | {"version": str(version)}


class BackForm(Form):
    """Which version was on the page when somebody chose to go back to an earlier one."""

    read = HiddenField()


class LeaveForm(Form):
    """Somebody's leave, on the calendar of their site."""

    starts_on = Day("First day away")
    ends_on = Day("Last day away")
    cover_id = Pick(
        "Cover",
        optional=True,
        hint="Sees the caseload and gets new work, pages and hand-overs until the last day is over",
    )

    def plan(self, user_id: UUID, zone: str) -> LeavePlan:
        """The valid form as the rules know it."""
        cover_id = UUID(self.cover_id.data) if self.cover_id.data else None
        return LeavePlan(user_id, cover_id, self.starts_on.data, self.ends_on.data, zone)
