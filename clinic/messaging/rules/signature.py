"""The provider's signature over address and form (P4.2)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

Form = Iterable[tuple[str, str]]

PORTS = {"https": 443, "http": 80}


def sign(key: str, url: str, form: Form, *, sha256: bool = False) -> str:
    """base64(HMAC(key, url + each name in order with its values, nothing between))."""
    pairs = sorted(set(form))
    data = url + "".join(name + value for name, value in pairs)
    digest = hashlib.sha256 if sha256 else hashlib.sha1
    return base64.b64encode(hmac.new(key.encode(), data.encode(), digest).digest()).decode()


def holds(given: str, keys: Sequence[str], url: str, form: Form, *, settings: str = "") -> bool:
    """Whether one of our keys made the signature, over the address with or without its standard port.

    `settings` is the header that names another algorithm. Every candidate is compared in constant time.
    """
    sha256, pairs = "HMAC_SHA256" in settings, list(form)
    wanted = [sign(key, each, pairs, sha256=sha256) for key in keys for each in _spellings(url)]
    return any(hmac.compare_digest(given.encode(), each.encode()) for each in wanted)


def _spellings(url: str) -> list[str]:
    parts = urlsplit(url)
    port = PORTS.get(parts.scheme)
    if parts.port is None and port:
        return [url, parts._replace(netloc=f"{parts.netloc}:{port}").geturl()]
    if parts.port == port:
        return [url, parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()]
    return [url]
