"""Recording last use and facts of history."""

from wtforms.validators import ValidationError

from clinic.core.rules import instant
from clinic.history.rules import CODE_LABELS, CODES, FactKind, LastUse, NewFact, Precision, Route, Substance
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Pick

PRECISIONS = [
    (Precision.EXACT, "The time is known"),
    (Precision.ABOUT, "About that time"),
    (Precision.UNKNOWN, "Not known"),
]


class UseForm(Form):
    """When a substance was last used."""

    substance = Pick("Substance", [("", "Choose"), *((one, one.label) for one in Substance)])
    route = Pick("How it is taken", [("", "Choose"), *((one, one.label) for one in Route)])
    precision = Choice("How well the time is known", PRECISIONS)
    last_use_at = Day("Day of last use", optional=True, hint="Leave empty if it is not known.")
    last_use_time = Clock("Time of last use", optional=True, hint="24 h clock, as well as it is known.")

    def validate_precision(self, field: Choice) -> None:
        """A day without a time says less than it seems to."""
        if (self.last_use_at.data is None) != (self.last_use_time.data is None):
            raise ValidationError("Enter both day and time of last use, or leave both empty")

    def use(self, zone: str) -> LastUse:
        """What was told, read on the clocks of `zone`."""
        day, clock = self.last_use_at.data, self.last_use_time.data
        return LastUse(
            substance=Substance(self.substance.data),
            route=Route(self.route.data),
            at=instant(day, clock, zone) if day and clock else None,
            precision=Precision(self.precision.data),
        )


class FactForm(EditForm):
    """One fact of a kind; fields that do not belong to the kind are not there.

    `version` counts the versions of the fact that is corrected, 0 for a new one.
    """

    code = Choice("Answer")
    detail = Line("What and how it shows", max_length=300, optional=True)
    on = Day("Learned on")
    expires_on = Day("Expires on", optional=True, hint="As printed on the package.")
    reason = Line("Why it is corrected", max_length=300)

    def ask(self, kind: FactKind, *, correcting: bool) -> None:
        """Offer the answers of this kind; only a correction has a reason."""
        self.code.label.text = kind.label
        self.code.choices = {code: CODE_LABELS[code] for code in CODES[kind]}
        if kind is not FactKind.ALLERGY:
            del self.detail
        if kind is not FactKind.NALOXONE:
            del self.expires_on
        if not correcting:
            del self.reason

    def fact(self, kind: FactKind) -> NewFact:
        """What was told."""
        assert self.on.data  # the form was valid
        return NewFact(
            kind=kind,
            code=self.code.data,
            on=self.on.data,
            detail=self.detail.data if "detail" in self else None,
            expires_on=self.expires_on.data if "expires_on" in self else None,
        )
