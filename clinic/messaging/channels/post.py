"""One message ready to go out, by whatever channel."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Post:
    """What a channel sends: `address` in E.164 or an e-mail address, `valid_for` in seconds.

    Subject, HTML and the address that stops further mail are for e-mail only.
    """

    message_id: UUID
    address: str
    body: str
    valid_for: float
    subject: str = ""
    html: str = ""
    stop_link: str = ""
