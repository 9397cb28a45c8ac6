"""Handing an episode on."""

from clinic.web.editing import EditForm
from clinic.web.forms import Form, Pick, Prose


class OfferForm(EditForm):
    """To whom, and what that person should know. `version` counts the offers made so far."""

    to_id = Pick("Offer to")
    words = Prose("What they should know", optional=True, max_length=2000)


class AnswerForm(Form):
    """Only the token and the one-time id."""
