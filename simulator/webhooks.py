"""Tells the clinic what happens: status callbacks and inbound texts, signed (P4.2)."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import httpx

from simulator.store import Event, Message
from simulator.world import World

HANDS = 16
TRIES = 6
PAUSE = 0.5  # seconds before the second try, doubled each time
LOOK_EVERY = 0.1


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """The value of X-Twilio-Signature for a form post to `url`."""
    data = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), data.encode(), hashlib.sha1).digest()).decode()


class Dispatcher(Thread):
    """Lets due events happen; the events of one text come one after another."""

    def __init__(self, world: World) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._world = world
        self._client = httpx.Client(timeout=10, trust_env=False)
        self._pool = ThreadPoolExecutor(HANDS)
        self._under_way: set[int | None] = set()

    def run(self) -> None:
        while True:
            self._world.news.wait(LOOK_EVERY)
            self._world.news.clear()
            for event in self._world.store.due(time.time(), limit=10 * HANDS):
                if event.id not in self._under_way:
                    self._under_way.add(event.id)
                    self._pool.submit(self._happen, event)

    def _happen(self, event: Event) -> None:
        store = self._world.store
        try:
            store.apply(event, self._world.now())
            answer = self._tell(event, event.url) if event.url else None
            if event.url and (answer is None or answer >= 500) and event.tries + 1 < TRIES:
                store.again(event, time.time() + PAUSE * 2**event.tries)
            else:
                store.done(event, time.time(), answer)
        finally:
            self._under_way.discard(event.id)
            self._world.news.set()

    def _tell(self, event: Event, url: str) -> int | None:
        """The clinic's HTTP status; None if it could not be reached."""
        message = self._world.store.message(event.sid)
        assert message is not None  # stored in the same transaction as its events
        params = _params(self._world.account, message, event)
        signed = {"X-Twilio-Signature": signature(self._world.token, url, params)}
        try:
            return self._client.post(url, data=params, headers=signed).status_code
        except httpx.HTTPError:
            return None


def _params(account: str, message: Message, event: Event) -> dict[str, str]:
    params = {
        "AccountSid": account,
        "ApiVersion": "2010-04-01",
        "From": message.sender,
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": event.status,
        "To": message.recipient,
    }
    if message.direction == "inbound":
        return {
            **params,
            "SmsMessageSid": message.sid,
            "Body": message.body,
            "NumMedia": "0",
            "NumSegments": "1",
        }
    params["MessageStatus"] = event.status
    if event.error_code:
        params["ErrorCode"] = str(event.error_code)
    return params
