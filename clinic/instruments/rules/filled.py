"""What a form says, before anybody scores it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Filled:
    """Codes or whole numbers by item, context values by name, when it was observed.

    `measured` are readings by item, `occasion` why the scale was taken, `wording` the version of the clinic's
    own wording that was on the page (None: the words of the file).
    """

    answers: Mapping[str, str | int]
    context: Mapping[str, str | bool]
    observed_at: datetime
    measured: Mapping[str, int] = field(default_factory=dict)
    occasion: str = ""
    wording: int | None = None
