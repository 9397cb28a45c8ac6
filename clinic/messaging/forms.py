"""Forms of the engine's pages."""

from clinic.web.forms import Form


class TakeForm(Form):
    """One button: I take it."""
