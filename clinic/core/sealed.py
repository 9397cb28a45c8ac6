"""Text kept encrypted (reliability 15): bound to its table, column and row, so that it opens nowhere else."""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from typing import Any, overload
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import inspect

from clinic.core.db import Base
from clinic.core.settings import current

_cipher = lru_cache(AESGCM)  # its key schedule costs as much as sealing a text


class Sealed:
    """Text kept with AES-GCM in `<name>_sealed`. None stays None. Its keys are the application's."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.column = name, f"{name}_sealed"
        self.table = str(getattr(owner, "__tablename__", owner.__name__))

    @overload
    def __get__(self, row: None, owner: type) -> "Sealed": ...
    @overload
    def __get__(self, row: Base, owner: type) -> Any: ...
    def __get__(self, row: Base | None, owner: type) -> Any:
        """The opened text of a row; on the class the field itself, for `reveal`."""
        return self if row is None else self.reveal(row.id, getattr(row, self.column))

    def __set__(self, row: Base, value: Any) -> None:
        setattr(row, self.column, self.seal(row.id, value))

    def seal(self, row_id: UUID | str, value: Any) -> bytes | None:
        """The sealed bytes for a row's column: key version, nonce, ciphertext. The key may be its text."""
        if value is None:
            return None
        keys = current().field_keys
        version, nonce = max(keys), os.urandom(12)
        text = self.to_text(value).encode()
        return (
            bytes([version])
            + nonce
            + _cipher(keys[version]).encrypt(nonce, text, self._place(row_id, version))
        )

    def reveal(self, row_id: UUID, sealed: bytes | None) -> Any:
        """What was sealed for this row. Raises InvalidTag where the bytes come from another place."""
        if sealed is None:
            return None
        version, nonce, rest = sealed[0], sealed[1:13], sealed[13:]
        key = _cipher(current().field_keys[version])
        return self.from_text(key.decrypt(nonce, rest, self._place(row_id, version)).decode())

    def to_text(self, value: Any) -> str:
        """How a value becomes text before it is sealed."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """The value again."""
        return text

    def _place(self, row_id: UUID | str, version: int) -> bytes:
        return f"{self.table}|{self.column}|{row_id}|{version}".encode()


class SealedJson(Sealed):
    """Plain data (lists, dicts, texts, numbers) sealed as JSON."""

    def to_text(self, value: Any) -> str:
        """Compact JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        """The data again."""
        return json.loads(text)


def blind_index(text: str) -> bytes:
    """A keyed fingerprint (32 bytes) of a normalised value, to find equal ones without opening any."""
    return hmac.new(current().index_key, text.encode(), hashlib.sha256).digest()


def sealed_columns(model: type[Base]) -> list[str]:
    """The columns of a table that hold sealed bytes."""
    return [column.key for column in inspect(model).columns if column.key.endswith("_sealed")]
