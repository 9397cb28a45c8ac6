"""Everybody's phone: threads, a reply box, and the journal by which tests judge."""

import re
from datetime import UTC, datetime

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from simulator.provider import LONGEST_BODY, NUMBER
from simulator.world import world

bp = Blueprint("phones", __name__)
LINK = re.compile(r"(https?://[^\s]+[^\s.,;:!?)])")


@bp.app_template_filter()
def pieces(body: str) -> list[str]:
    """A text cut into plain words (even places) and links (odd places)."""
    return LINK.split(body)


@bp.app_template_filter()
def phone(number: str) -> str:
    """A number of the demo's country as people write it; any other as it is."""
    return re.sub(r"^\+1(\d{3})(\d{3})(\d{4})$", r"+1 \1-\2-\3", number)


@bp.app_template_filter()
def moment(epoch: float) -> str:
    """A time of the clinic's clock for people."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%a %b %-d, %H:%M UTC")


@bp.get("/")
def index() -> ResponseReturnValue:
    """All phones that ever got or sent a text."""
    return render_template("phones.html", phones=world().store.latest_of_each_phone())


@bp.post("/phones")
def find() -> ResponseReturnValue:
    """Take up a phone by its number."""
    digits = re.sub(r"\D", "", request.form.get("number", ""))
    if not NUMBER.fullmatch(f"+{digits}"):
        phones = world().store.latest_of_each_phone()
        return render_template("phones.html", phones=phones, wrong=request.form.get("number")), 422
    return redirect(url_for("phones.thread", digits=digits), 303)


@bp.get("/phones/<digits>")
def thread(digits: str) -> ResponseReturnValue:
    """One phone's screen."""
    number, store = f"+{digits}", world().store
    return render_template(
        "thread.html",
        number=number,
        messages=store.thread(number),
        heard=store.heard(number),
        blocked=store.is_blocked(number),
    )


@bp.post("/phones/<digits>")
def reply(digits: str) -> ResponseReturnValue:
    """The person sends a text."""
    _send(f"+{digits}", request.form.get("body", ""))
    return redirect(url_for("phones.thread", digits=digits, _anchor="reply"), 303)


@bp.post("/texts.json")
def text() -> ResponseReturnValue:
    """The same for tests: {"from": "+12025550123", "body": "1"}."""
    sent = request.get_json()
    return {"sid": _send(str(sent.get("from", "")), str(sent.get("body", "")))}, 202


def _send(number: str, body: str) -> str:
    if not NUMBER.fullmatch(number) or not body.strip() or len(body) > LONGEST_BODY:
        raise BadRequest("A text needs a number like +12025550123 and from 1 to 1600 characters.")
    return world().text_from(number, body.strip())


@bp.get("/journal.json")
def journal() -> ResponseReturnValue:
    """What the provider accepted and what people sent, oldest first; `?to=` for one phone."""
    number, store = request.args.get("to"), world().store
    messages = store.thread(number) if number else store.search([], 1_000_000)[::-1]
    accepted = [
        {
            "sid": m.sid,
            "to": m.recipient,
            "from": m.sender,
            "body": m.body,
            "status": m.status,
            "error_code": m.error_code,
            "status_callback": m.status_callback,
            "validity_period": m.validity_period,
            "accepted_at": datetime.fromtimestamp(m.created_at, UTC).isoformat(),
            "answered": bool(m.answered),
        }
        for m in messages
        if m.direction == "outbound-api"
    ]
    inbound = [
        {
            "sid": m.sid,
            "from": m.sender,
            "to": m.recipient,
            "body": m.body,
            "received_at": datetime.fromtimestamp(m.created_at, UTC).isoformat(),
        }
        for m in messages
        if m.direction == "inbound"
    ]
    return jsonify(accepted=accepted, inbound=inbound)
