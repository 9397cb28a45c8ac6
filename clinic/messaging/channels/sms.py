"""The SMS provider's HTTP interface: send once, look up, no retries of its own (reliability 5, 6; P4.3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import httpx

from clinic.core.settings import current
from clinic.messaging.channels.post import Post
from clinic.messaging.rules.lookup import Listed
from clinic.messaging.rules.outcomes import Answer, Fault

PROVIDER = "sms"
LONGEST_VALIDITY = 36_000  # seconds
LIST_SIZE = 200
LOOK_BACK = timedelta(days=7)  # our clock may be wrong, even by days: the window is never what proves absence
NOTHING_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class LookUpFailed(Exception):
    """The list could not be read to its end: that is not an empty answer."""


def configured() -> bool:
    """Whether there is a provider at all."""
    return bool(current().sms_url and current().sms_account)


def send(post: Post) -> Answer:
    """Ask the provider once. Never raises: what went wrong is part of the answer."""
    form = {
        "To": post.address,
        "From": current().sms_from,
        "Body": post.body,
        "StatusCallback": f"{current().public_url}/messaging/status/{post.message_id}",
        "ValidityPeriod": str(int(min(max(post.valid_for, 1), LONGEST_VALIDITY))),
    }
    try:
        response = _client().post(_address(), data=form)
    except (*NOTHING_WRITTEN, httpx.InvalidURL):
        return Answer(fault=Fault.NOT_CONNECTED)
    except httpx.HTTPError:
        return Answer(fault=Fault.CUT_OFF)
    body = _json(response)
    sid, code = body.get("sid"), body.get("code")
    return Answer(
        status=response.status_code,
        provider_id=sid if isinstance(sid, str) else None,
        error=code if isinstance(code, int) else None,
        retry_after=_seconds(response.headers.get("Retry-After")),
    )


def listed(number: str, *, since: datetime) -> list[Listed]:
    """What the provider took for a number since the week before `since`. Raises LookUpFailed."""
    day = (since - LOOK_BACK).date().isoformat()
    query = {"To": number, "From": current().sms_from, "DateSent>": day, "PageSize": str(LIST_SIZE)}
    try:
        response = _client().get(_address(), params=query)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise LookUpFailed from None
    body = _json(response)
    found = body.get("messages")
    if response.status_code != 200 or not isinstance(found, list) or body.get("next_page_uri"):
        raise LookUpFailed
    try:
        return [Listed(str(text["sid"]), str(text["body"]), str(text["from"])) for text in found]
    except (KeyError, TypeError):
        raise LookUpFailed from None


def _address() -> str:
    return f"{current().sms_url}/2010-04-01/Accounts/{current().sms_account}/Messages.json"


def _client() -> httpx.Client:
    given = current()
    return _made(given.sms_account, given.sms_token, given.settle.connect, given.settle.call)


@lru_cache(maxsize=1)
def _made(account: str, token: str, connect: float, call: float) -> httpx.Client:
    """One client a process. A connection is never kept: one that went stale would make a call ambiguous."""
    return httpx.Client(
        auth=(account, token),
        timeout=httpx.Timeout(max(call - connect, 0.1), connect=connect),
        limits=httpx.Limits(max_keepalive_connections=0),
        trust_env=False,
        follow_redirects=False,
    )


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None
