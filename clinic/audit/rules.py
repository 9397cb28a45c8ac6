"""What a row of the trail promises: a MAC over everything it says (reliability 13)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


def mac(key: bytes, row: Mapping[str, Any]) -> bytes:
    """HMAC-SHA-256 (32 bytes) of a row's canonical JSON; `row` holds every column but the MAC itself."""
    text = _CANONICAL.encode({name: _plain(value) for name, value in row.items()})
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value
