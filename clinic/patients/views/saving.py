"""Forms about one patient: saved once, or shown again with what was typed."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from clinic.core.errors import Invalid
from clinic.web.forms import Form
from clinic.web.once import once


def saved_once(
    form: Form, keep: Callable[[], object], address: str, words: str
) -> ResponseReturnValue | None:
    """Do a sent form's work once, lead to `address` and tell `words`; None where the page is to be shown."""
    if not form.validate_on_submit():
        return None
    try:
        with once(form) as done:
            keep()
            done.location = address
    except Invalid as error:
        form.add_error(error)
        return None
    flash(words, "success")
    return redirect(address, 303)
