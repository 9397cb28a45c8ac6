"""What a row of the trail promises: a MAC over everything it says (reliability 13)."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def mac(key: bytes, row: Mapping[str, Any]) -> bytes:
    """HMAC-SHA-256 (32 bytes) of a row's canonical JSON; `row` holds every column but the MAC itself."""
    return mac_of(key, canonical(row))


def canonical(row: Mapping[str, Any]) -> str:
    """The JSON that a row's MAC covers."""
    return _CANONICAL.encode(row)


def mac_of(key: bytes, text: str) -> bytes:
    """HMAC-SHA-256 (32 bytes) of a row's canonical JSON."""
    return hmac.digest(key, text.encode(), "sha256")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    return str(value)  # a key


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_plain)
