"""A form is taken once: the second post of a double click is led to the first result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from clinic.core import actor
from clinic.core.clock import now
from clinic.core.db import db, insert_new, transaction
from clinic.core.errors import Invalid
from clinic.core.models import SubmittedForm
from clinic.web.forms import Form


class AlreadyDone(Exception):
    """This form was taken before; `location` is where its result is shown."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


class Done:
    """Where the result is; set it before the block ends."""

    location: str = ""


@contextmanager
def once(form: Form) -> Iterator[Done]:
    """Do the block's work in one transaction together with the mark that this form is used up."""
    done, form_id = Done(), UUID(form.form_id.data)
    row = {"id": form_id, "submitted_at": now(), "by_id": actor.get().id}
    with transaction() as session:
        if not insert_new(session, SubmittedForm, [row]):
            first = db.session.get_one(SubmittedForm, form_id)
            mine = first.by_id == actor.get().id
            raise AlreadyDone(first.location or request.path if mine else request.path)
        yield done
        form.taken()
        session.execute(
            update(SubmittedForm).where(SubmittedForm.id == form_id).values(location=done.location)
        )


def pressed(act: Callable[[], object], address: str, words: str) -> ResponseReturnValue:
    """A button that is a whole form: do its work once, lead to `address` and tell `words`, or why not."""
    form = Form()
    if not form.validate():
        abort(400)
    try:
        with once(form) as done:
            act()
            done.location = address
    except Invalid as error:
        flash(f"Nothing was changed. {error.message}.", "danger")
    else:
        flash(words, "success")
    return redirect(address, 303)


def lead_to_first_result() -> ResponseReturnValue | None:
    """Before a page asks whether it still may: what this form did may have ended that.

    Only for staff: what comes from elsewhere is not even read before its own limits stand.
    """
    if request.method != "POST" or actor.get().kind is not actor.ActorKind.USER:
        return None
    keys = (text for name, text in request.form.items() if name.endswith("form_id"))  # some have a prefix
    first = _taken(next(keys, ""))
    if first is None or first.by_id != actor.get().id or not first.location:
        return None
    return _first_result(AlreadyDone(first.location))


def _taken(form_id: str) -> SubmittedForm | None:
    try:
        return db.session.get(SubmittedForm, UUID(form_id))
    except ValueError:
        return None


def _first_result(error: AlreadyDone) -> ResponseReturnValue:
    flash("This was saved already. Nothing was saved twice.", "info")
    return redirect(error.location, 303)


def init_app(app: Flask) -> None:
    """Lead the second post of a form to the first result; to stand after sign-in and form tokens."""
    app.before_request(lead_to_first_result)
    app.register_error_handler(AlreadyDone, _first_result)
