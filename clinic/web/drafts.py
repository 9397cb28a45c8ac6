"""Drafts of long forms: what is typed is kept for its author only, unchecked, until the form is taken.

By script a form saves itself while it is written; without, a button does. Who keeps drafts fills the slot.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote, urlencode

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from clinic.core.errors import Stale
from clinic.web import filters, kept
from clinic.web.editing import EditForm

BUTTON, KEEP_IT, DROP_IT = "draft", "keep", "drop"
NOT_KEPT = {"csrf_token", "form_id", "draft_seen", "beside", BUTTON}


class Draft(NamedTuple):
    """What its author typed so far, by field name; `version` rises with each saving, from 1."""

    version: int
    saved_at: datetime
    fields: Mapping[str, list[str]]


class Store(Protocol):
    """Keeps the drafts of whoever is signed in, one an address."""

    def of(self, address: str) -> Draft | None:
        """The draft of the form at this address."""

    def keep(self, address: str, fields: Mapping[str, list[str]], seen: int) -> Draft:
        """Keep the next version. Raises Stale where `seen` (0 for none) is not the newest."""

    def drop(self, address: str) -> None:
        """Forget it."""


stores: list[Store] = []


class DraftedForm(EditForm):
    """A long form. Opened again it shows its draft; `beside` is "draft" where theirs is another tab's."""

    draft_seen = HiddenField(default="0")
    beside = HiddenField()
    draft: Draft | None = None

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        found = draft_here() if formdata is None and request and request.method == "GET" else None
        if found and kept.typed() is None:
            formdata = _as_sent(found)
        super().__init__(formdata, **kwargs)
        if found:
            self.draft, self.draft_seen.data = found, str(found.version)

    def validate(self, extra_validators: Any = None) -> bool:
        """Not while two drafts stand side by side."""
        return self.theirs is None and bool(super().validate(extra_validators))

    def show_other_tab(self, draft: Draft) -> None:
        """Say that another tab kept a draft meanwhile, and put it beside what was typed here."""
        self.put_beside(type(self)(_as_sent(draft)), who="You, in another tab,", at=draft.saved_at)
        self.draft_seen.data, self.beside.data = str(draft.version), "draft"
        self.form_errors.append(
            "Another tab saved a draft of this form. Choose for each field, then save again"
        )

    def taken(self) -> None:
        """The form was taken: its draft has served."""
        _store().drop(_address())

    def _other(self, saved: Mapping[str, Any] | None) -> EditForm:
        draft = draft_here() if request.form.get("beside") == "draft" else None
        return type(self)(_as_sent(draft)) if draft else super()._other(saved)


def draft_here() -> Draft | None:
    """The draft of the form on this page."""
    return _store().of(_address())


def draft_kept(form: DraftedForm) -> ResponseReturnValue | None:
    """Keep or drop the draft where that was asked; None where the form is to be taken, or shown."""
    wish = request.form.get(BUTTON) if request.method == "POST" else None
    if wish is None:
        return None
    if wish == DROP_IT:
        _store().drop(_address())
        flash("The draft is dropped.", "success")
        return redirect(_address(), 303)
    by_script = request.accept_mimetypes.best == "application/json"
    fields = {name: texts for name, texts in form.sent.lists() if name not in NOT_KEPT}
    try:
        draft = _store().keep(_address(), fields, _seen(form))
    except Stale:
        newer = draft_here()
        if newer and newer.fields == fields:  # a double click, or a saving by script that came before
            flash(f"Draft saved {filters.to_the_second(newer.saved_at)}. Only you see it.", "success")
            return redirect(_address(), 303)
        if by_script:
            return jsonify(saved=filters.to_the_second(newer.saved_at) if newer else None), 409
        if newer:
            form.show_other_tab(newer)
        return None
    if by_script:
        return jsonify(saved=filters.to_the_second(draft.saved_at), version=draft.version)
    flash(f"Draft saved {filters.to_the_second(draft.saved_at)}. Only you see it.", "success")
    return redirect(_address(), 303)


def _seen(form: DraftedForm) -> int:
    text = form.draft_seen.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _as_sent(draft: Draft) -> MultiDict[str, str]:
    return MultiDict([(name, text) for name, texts in draft.fields.items() for text in texts])


def _store() -> Store:
    return stores[0]


def _address() -> str:
    """The page's address without the id of a kept form."""
    query = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != "kept"])
    return f"{quote(request.path)}?{query}" if query else quote(request.path)
