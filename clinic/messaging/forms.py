"""Forms of the engine's pages."""

from wtforms import HiddenField

from clinic.web.forms import Form, Line, Prose


class TakeForm(Form):
    """One button: I take it."""


class WordsForm(Form):
    """The clinic's own words for a text, decided on what was read as `version`."""

    version = HiddenField()
    text = Prose("Words", max_length=300, hint="Keep what stands in braces: it is filled in for each message")
    reason = Line("Reason", max_length=200, hint="Why this changes, for whoever asks later")


class BackForm(Form):
    """Which version was on the page when somebody chose to go back to an earlier one."""

    read = HiddenField()
