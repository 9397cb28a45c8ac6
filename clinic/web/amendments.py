"""A record is amended, never overwritten: what a page tells of each amendment."""

from datetime import datetime
from typing import NamedTuple


class Change(NamedTuple):
    """One field before and after, in words."""

    label: str
    before: str
    after: str


class Amendment(NamedTuple):
    """Who changed what, when and why."""

    at: datetime
    who: str
    why: str
    changes: list[Change]


def changed(fields: list[tuple[str, str, str]]) -> list[Change]:
    """Of (label, before, after) those in which something changed."""
    return [Change(*field) for field in fields if field[1] != field[2]]
