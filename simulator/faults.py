"""What goes wrong on command."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self


@dataclass(frozen=True)
class Faults:
    """Shares from 0 to 1, unless the name says seconds or numbers. Nothing is wrong by default."""

    lose_answers: float = 0.0  # accepted, then the connection closes without an answer
    lose_requests: float = 0.0  # the connection closes before anything is accepted
    fail_500: float = 0.0  # answered 500 and not accepted
    fail_500_accepted: float = 0.0  # answered 500 although accepted
    too_many: float = 0.0  # 429
    deny: float = 0.0  # 401
    delay_seconds: float = 0.0  # before each answer of the provider
    refuse_seconds: float = 0.0  # the server takes no connection for so long, then heals by itself
    double_callbacks: float = 0.0
    reorder_callbacks: float = 0.0
    lose_callbacks: float = 0.0
    undelivered: float = 0.0  # ends as undelivered with code 30003
    callback_seconds: float = 0.3  # between two states of a message
    list_lag_seconds: float = 0.0  # a look-up does not show messages younger than this
    only_to: tuple[str, ...] = ()  # if any, the shares hold for these numbers only

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


NAMES = tuple(field.name for field in fields(Faults))


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
