"""What goes wrong on command."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self


def _fault(meaning: str, default: float = 0.0) -> float:
    amount: float = field(default=default, metadata={"meaning": meaning})
    return amount


@dataclass(frozen=True)
class Faults:
    """Shares from 0 to 1, unless the name says seconds or numbers. Nothing is wrong by default."""

    lose_answers: float = _fault("accepted, then the connection closes without an answer")
    lose_requests: float = _fault("the connection closes before anything is accepted")
    fail_500: float = _fault("answered 500 and not accepted")
    fail_500_accepted: float = _fault("answered 500 although accepted")
    too_many: float = _fault("answered 429")
    deny: float = _fault("answered 401")
    delay_seconds: float = _fault("before each answer to a send")
    refuse_seconds: float = _fault("no connection is taken for so long; heals by itself")
    double_callbacks: float = _fault("each state is told twice")
    reorder_callbacks: float = _fault("the last state is told first")
    lose_callbacks: float = _fault("no state is told")
    undelivered: float = _fault("ends as undelivered, code 30003")
    callback_seconds: float = _fault("between two states of a text", 0.3)
    list_lag_seconds: float = _fault("a look-up does not show texts younger than this")
    mail_lose_answers: float = _fault("a mail is taken, then the connection closes without an answer")
    mail_refuse: float = _fault("no such mailbox: 550 for the recipient")
    mail_defer: float = _fault("try again later: 451 for the recipient")
    mail_deny: float = _fault("the sender is refused: 530")
    mail_delay_seconds: float = _fault("before a mail is taken")
    only_to: tuple[str, ...] = field(
        default=(),
        metadata={"meaning": "numbers or addresses; the shares hold for these only"},
    )

    def merged(self, wanted: Mapping[str, Any]) -> Self:
        """These faults with the named ones changed. Raises ValueError with one sentence."""
        changes: dict[str, Any] = {}
        for name, value in wanted.items():
            if name not in NAMES:
                raise ValueError(f"There is no fault called {name}.")
            changes[name] = _numbers(value) if name == "only_to" else _amount(name, value)
        return replace(self, **changes)

    def happens(self, name: str, number: str) -> bool:
        """Draw: does this fault strike the message to `number`?"""
        share: float = getattr(self, name)
        return (not self.only_to or number in self.only_to) and random.random() < share


NAMES = tuple(fault.name for fault in fields(Faults))


def _amount(name: str, value: Any) -> float:
    try:
        amount = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number.") from None
    most = 3600 if name.endswith("_seconds") else 1
    if not 0 <= amount <= most:
        raise ValueError(f"{name} must be from 0 to {most}.")
    return amount


def _numbers(value: Any) -> tuple[str, ...]:
    parts = value.replace(",", " ").split() if isinstance(value, str) else list(value)
    return tuple(str(part) for part in parts)
