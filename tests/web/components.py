"""A page with every component in every state, made by the real macros; only tests and eyes see it."""

from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, flash, render_template
from wtforms import PasswordField, StringField

from clinic.core.errors import Invalid
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Day, Form, Line, Many, Phone, Pick, Prose, Tick, Whole, YesNoUnknown
from clinic.web.policy import public

bp = Blueprint("components", __name__, template_folder="templates")
NOW = datetime(2026, 11, 24, 15, 18, tzinfo=UTC)


class FieldsForm(Form):
    """One field of each kind."""

    pulse = Whole("Pulse", 20, 250, unit="per minute", hint="Count for one minute, seated")
    temperature = Whole("Temperature", 30, 43, unit="°C", hint="In the ear")
    hurts = Line("Where does it hurt", optional=True)
    words = Prose("In your own words", hint="The patient may read this. At least one sentence.")
    last_use = Day("Last use")
    phone = Phone("Phone")
    decision = Choice(
        "Decision", [("accept", "Accept the proposal"), ("other", "Place at another level of care")]
    )
    level = Pick("Level of care", [("detox", "Detox"), ("outpatient", "Outpatient")])
    kinds = Many("Kinds of texts", [("appointments", "Appointments"), ("check_ins", "Check-ins")])
    pregnant = YesNoUnknown("Pregnant")
    agreed = Tick("The words above were read out", hint="Only with the person's consent")


class PlanForm(EditForm):
    """What two people edit."""

    review_on = Day("Review date")
    dose_days = Line("Dose days")


class SignInForm(Form):
    """Like the one of accounts."""

    name = StringField("Sign-in name")
    password = PasswordField("Password")


class AnswerForm(Form):
    """One question of a patient's page."""

    today = Choice(
        "How are you getting on with your plan today?",
        [("1", "Very well"), ("2", "Well enough"), ("3", "It is a bit hard"), ("4", "It is very hard")],
        hint="Choose what is nearest.",
    )
    urge = Choice("How strong is the urge now?", [(str(n), str(n)) for n in range(11)])


def wrong() -> FieldsForm:
    """A form with errors."""
    form = FieldsForm(data={"pulse": 104, "decision": "other"})
    form.add_error(Invalid("temperature", "Enter temperature as a whole number from 30 to 43"))
    form.add_error(Invalid("decision", "Choose decision"))
    return form


def edited_by_two() -> PlanForm:
    """A form beside which the version of somebody else stands."""
    form = PlanForm(data={"review_on": date(2026, 12, 1), "dose_days": "Mon, Thu"})
    theirs = {"review_on": date(2026, 12, 4), "dose_days": "Mon"}
    form.show_theirs(theirs, who="Jamie Frost", at=NOW)
    return form


@bp.get("/components")
@public
def components() -> str:
    """Picture 13 and more."""
    flash("Discharge plan signed. First check-in goes out Wed Nov 25, 09:00.", "success")
    given = {"form": wrong(), "two": edited_by_two(), "now": NOW}
    return render_template("components.html", **given, ago=lambda m: NOW - timedelta(minutes=m))


@bp.get("/components/today")
@public
def today() -> str:
    """Pictures 01 and 14."""
    return render_template("today.html", now=NOW, ago=lambda m: NOW - timedelta(minutes=m))


@bp.get("/components/sign-in")
@public
def sign_in() -> str:
    """Picture 11."""
    form = SignInForm(data={"name": "miriam"})
    form.add_error(Invalid("password", "Sign-in name and password do not match. Try again"))
    return render_template("sign_in.html", form=form)


@bp.get("/components/phone/<name>")
@public
def phone(name: str) -> str:
    """Pictures 10a to 10d."""
    return render_template(f"phone_{name}.html", form=AnswerForm(data={"today": "3"}))
