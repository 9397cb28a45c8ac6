"""The provider's REST API as an SMS adapter sees it: send, look up, and every refusal (P4.2, P4.3)."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, jsonify, make_response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from simulator.connection import cut
from simulator.store import Event, Message
from simulator.world import World, new_sid, world

bp = Blueprint("provider", __name__, url_prefix="/2010-04-01/Accounts/<account>")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_BODY = 1600
LONGEST_VALIDITY = 36_000  # seconds
UNREACHABLE, EXPIRED = 30003, 30036


class Refusal(HTTPException):
    """An answer in the provider's error form."""

    def __init__(self, status: int, code: int, message: str) -> None:
        body = jsonify(code=code, message=message, more_info="", status=status)
        super().__init__(response=make_response(body, status))


@bp.url_value_preprocessor
def _take_account(_: str | None, values: dict[str, Any] | None) -> None:
    g.account = (values or {}).pop("account", "")


@bp.before_request
def _check_credentials() -> None:
    here, given = world(), request.authorization
    got = f"{given.username}:{given.password}" if given else ""
    right = compare_digest(got.encode(), f"{here.account}:{here.token}".encode())
    if not right or g.account != here.account:
        raise Refusal(401, 20003, "Authenticate")


@bp.post("/Messages.json")
def create() -> ResponseReturnValue:
    """Take a text, or refuse it, or fail as ordered."""
    here, to = world(), request.form.get("To", "")
    faults = here.faults
    if faults.happens("lose_requests", to):
        return cut()
    for name, refusal in _REFUSALS.items():
        if faults.happens(name, to):
            raise Refusal(*refusal)
    lost = faults.happens("lose_answers", to)
    message = replace(_read(here), answered=not lost)
    here.keep(message, _events(here, message))
    time.sleep(faults.delay_seconds)
    if lost:
        return cut()
    if faults.happens("fail_500_accepted", to):
        raise Refusal(*_REFUSALS["fail_500"])
    return _shown(message), 201


@bp.get("/Messages/<sid>.json")
def fetch(sid: str) -> ResponseReturnValue:
    """One text."""
    message = world().store.message(sid)
    if message is None:
        raise Refusal(404, 20404, "The requested resource was not found")
    return _shown(message)


@bp.get("/Messages.json")
def listing() -> ResponseReturnValue:
    """Texts, newest first, a page at a time: by To, From and DateSent (`DateSent>` is at or after)."""
    here, args = world(), request.args
    conditions: list[tuple[str, object]] = [("created_at <= ?", here.now() - here.faults.list_lag_seconds)]
    conditions += [(sql, read(args[key])) for key, (sql, read) in _FILTERS.items() if args.get(key)]
    size = min(max(args.get("PageSize", 50, int), 1), 1000)
    found = here.store.search(conditions, size + 1)
    page, more = found[:size], len(found) > size
    following = {**args.to_dict(), "PageToken": f"PA{page[-1].id}"} if more else None
    return {
        "messages": [_shown(message) for message in page],
        "page_size": size,
        "uri": request.full_path.rstrip("?"),
        "next_page_uri": f"{request.path}?{urlencode(following)}" if following else None,
    }


_REFUSALS = {
    "deny": (401, 20003, "Authenticate"),
    "too_many": (429, 20429, "Too many requests"),
    "fail_500": (500, 20500, "An internal server error has occurred"),
}


def _epoch(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, 20001, "DateSent must be a date or a time in ISO 8601") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


_FILTERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "To": ("recipient = ?", str),
    "From": ("sender = ?", str),
    "DateSent": ("date(created_at, 'unixepoch') = ?", str),
    "DateSent>": ("created_at >= ?", _epoch),
    "DateSent<": ("created_at <= ?", _epoch),
    "PageToken": ("id < ?", lambda token: int(token.removeprefix("PA"))),
}


def _read(here: World) -> Message:
    """The request as a text. Raises Refusal with the provider's code."""
    form = request.form
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    validity = form.get("ValidityPeriod", type=int)
    wrong = {
        (21604, "A 'To' phone number is required."): not to,
        (21211, f"Invalid 'To' phone number: {to}"): not NUMBER.fullmatch(to),
        (21212, f"Invalid 'From' phone number: {sender}"): not NUMBER.fullmatch(sender),
        (21602, "Message body is required."): not body,
        (21617, "The message body exceeds 1600 characters."): len(body) > LONGEST_BODY,
        (20001, "ValidityPeriod must be from 1 to 36000."): "ValidityPeriod" in form
        and (validity is None or not 0 < validity <= LONGEST_VALIDITY),
        (21610, "Attempt to send to unsubscribed recipient"): here.store.is_blocked(to),
    }
    for (code, sentence), holds in wrong.items():
        if holds:
            raise Refusal(400, code, sentence)
    return Message(
        sid=new_sid(),
        direction="outbound-api",
        sender=sender,
        recipient=to,
        body=body,
        status="queued",
        created_at=here.now(),
        status_callback=form.get("StatusCallback") or None,
        validity_period=validity,
    )


def _events(here: World, message: Message) -> list[Event]:
    """The states the text will pass through, each with its callback, as ordered by the faults."""
    faults, to, pace = here.faults, message.recipient, here.faults.callback_seconds
    end, code = ("undelivered", UNREACHABLE) if faults.happens("undelivered", to) else ("delivered", None)
    if message.validity_period and pace > message.validity_period:
        states: list[tuple[str, int | None]] = [("queued", None), ("failed", EXPIRED)]
    else:
        states = [("queued", None), ("sent", None), (end, code)]
    if faults.happens("double_callbacks", to):
        states = [state for state in states for _ in range(2)]
    if faults.happens("reorder_callbacks", to):
        states.reverse()
    url = None if faults.happens("lose_callbacks", to) else message.status_callback
    start = time.time()
    return [
        Event(message.sid, place, status, start + place * pace, url, error)
        for place, (status, error) in enumerate(states)
    ]


def _shown(message: Message) -> dict[str, Any]:
    def moment(epoch: float | None) -> str | None:
        return format_datetime(datetime.fromtimestamp(epoch, UTC)) if epoch else None

    return {
        "sid": message.sid,
        "account_sid": world().account,
        "api_version": "2010-04-01",
        "to": message.recipient,
        "from": message.sender,
        "body": message.body,
        "status": message.status,
        "direction": message.direction,
        "date_created": moment(message.created_at),
        "date_sent": moment(message.sent_at),
        "date_updated": moment(message.sent_at or message.created_at),
        "error_code": message.error_code,
        "error_message": None,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "uri": url_for("provider.fetch", account=world().account, sid=message.sid),
    }
