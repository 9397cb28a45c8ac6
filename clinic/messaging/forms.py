"""Forms of the engine's pages."""

from wtforms import HiddenField

from clinic.messaging.rules.own_words import Wording
from clinic.web.editing import EditForm
from clinic.web.forms import Form, Line, Prose


class TakeForm(Form):
    """One button: I take it."""


class WordsForm(EditForm):
    """The clinic's own words for a text."""

    of_the_change = ("reason",)
    text = Prose("Words", max_length=2000, hint="Keep what stands in braces: it is filled in each time")
    reason = Line("Reason", max_length=200, hint="Why this changes, for whoever asks later")

    def wording(self) -> Wording:
        """The words as typed."""
        return Wording(**{part: self[part].data or "" for part in Wording._fields if part in self})


class LetterForm(WordsForm):
    """The clinic's own words for a letter."""

    subject = Line("Subject", hint="Anybody may see it on a locked screen")


class LinkedLetterForm(LetterForm):
    """The same of a letter with a link."""

    link_words = Line("Words of the link")


class BackForm(Form):
    """Which version was on the page when somebody chose to go back to an earlier one."""

    read = HiddenField()
