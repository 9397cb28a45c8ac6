"""Which adapter carries which channel."""

from collections.abc import Mapping
from typing import Protocol

from clinic.messaging.channels import email, sms
from clinic.messaging.channels.post import Post
from clinic.messaging.rules.outcomes import Answer
from clinic.patients.rules import Channel


class Carrier(Protocol):
    """What every adapter has. `PROVIDER` is its name in attempts and breakers."""

    PROVIDER: str

    def configured(self) -> bool:
        """Whether this installation can send by it at all."""

    def send(self, post: Post) -> Answer:
        """Try once; never raises."""


CARRIERS: Mapping[Channel, Carrier] = {Channel.SMS: sms, Channel.EMAIL: email}


def running() -> list[Channel]:
    """The channels by which this installation can send."""
    return [channel for channel, carrier in CARRIERS.items() if carrier.configured()]
