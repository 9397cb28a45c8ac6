"""A patient's link: whoever reads the table cannot make it, each worker can make it again (reliability 2)."""

import base64
import hashlib
import hmac
from uuid import UUID

LENGTH = 22


def token(key: str, message_id: UUID) -> str:
    """128 bits of HMAC-SHA-256(link key, message id) as 22 base64url characters."""
    digest = hmac.new(key.encode(), message_id.bytes, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def stop_token(key: str, message_id: UUID) -> str:
    """As `token`, for the address by which a mail is unsubscribed from; nobody can make one of the other."""
    digest = hmac.new(key.encode(), b"stop" + message_id.bytes, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token_hash(text: str) -> bytes:
    """What is kept of a token, to find its message."""
    return hashlib.sha256(text.encode()).digest()


def key_version(key: str) -> str:
    """A short name of a link key, so that a message knows which one made its link."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]
