"""What is decided about a site."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SiteFacts:
    """A site as an administrator enters it: `zone` is an IANA name, `phone` E.164."""

    name: str
    zone: str
    phone: str | None = None
    address: str | None = None
