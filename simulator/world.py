"""What all parts of the simulator share."""

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from simulator.faults import Faults
from simulator.keywords import ANSWERS, Keyword, keyword
from simulator.store import Event, Message, Store


@dataclass
class World:
    """The provider's account, its memory and what goes wrong just now."""

    store: Store
    account: str
    token: str
    clinic: str  # public address of the clinic, without a slash at the end
    sender: str  # the clinic's number
    clock_offset: Path  # seconds by which the clinic's development clock is moved; may be absent
    faults: Faults = field(default_factory=Faults)
    news: threading.Event = field(default_factory=threading.Event)  # wakes the dispatcher
    refuse: threading.Event = field(default_factory=threading.Event)  # asks the server to go away for a while

    def now(self) -> float:
        """Epoch seconds on the clinic's clock, so that a look-up by date agrees with what the clinic asks."""
        try:
            return time.time() + float(self.clock_offset.read_text())
        except FileNotFoundError:
            return time.time()

    def keep(self, message: Message, events: Sequence[Event]) -> None:
        """Store a text and let its events begin."""
        self.store.add(message, events)
        self.news.set()

    def text_from(self, number: str, body: str) -> str:
        """A person sends `body` to the clinic; the provider acts on its keywords first. Returns the sid."""
        sid = new_sid()
        word = keyword(body)
        inbound = Event(sid, 0, "received", time.time(), f"{self.clinic}/messaging/inbound")
        self.keep(Message(sid, "inbound", number, self.sender, body, "received", self.now()), [inbound])
        if word and self._obey(word, number):
            words, reply_sid = ANSWERS[word], new_sid()
            reply = Message(reply_sid, "outbound-reply", self.sender, number, words, "delivered", self.now())
            self.keep(reply, [])
        return sid

    def _obey(self, word: Keyword, number: str) -> bool:
        """Do what the keyword says; whether it is answered (a second STOP is not)."""
        if word is Keyword.STOP:
            return self.store.block(number)
        return self.store.unblock(number) if word is Keyword.START else True


def new_sid() -> str:
    """A message id as the provider makes them: SM and 32 hexadecimal digits."""
    return f"SM{secrets.token_hex(16)}"


def world() -> World:
    """The world of the running application."""
    here: World = current_app.extensions["world"]
    return here
