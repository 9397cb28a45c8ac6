"""Doing things in somebody's name, as if that person had used the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from clinic.core import actor


@contextmanager
def as_staff(user_id: UUID, role: str, site_id: UUID) -> Iterator[None]:
    """Act as a member of staff."""
    who = actor.Actor(
        actor.ActorKind.USER, user_id, role=role, site_id=site_id, subject_ids=(user_id, site_id)
    )
    with actor.acting(who):
        yield
