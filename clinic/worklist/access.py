"""Whose work an item is."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.worklist import registry
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event


def mine(*, now: datetime) -> ColumnElement[bool]:
    """Items of the actor: own ones, those of the site that nobody owns and the role does, those paged for.

    A supervisor sees all of the site.
    """
    who = actor.get()
    ours = [name for name, kind in registry.kinds.items() if who.role in kind.roles]
    shared = and_(WorkItem.owner_id.is_(None), WorkItem.kind.in_(ours))
    paged = exists().where(
        WorkEvent.item_id == WorkItem.id, WorkEvent.event == Event.PAGED, WorkEvent.told_id == who.id
    )
    at_site = WorkItem.site_id == who.site_id
    if who.role == Role.SUPERVISOR:
        return or_(at_site, paged, WorkItem.owner_id == who.id)
    return or_(WorkItem.owner_id == who.id, and_(at_site, shared), paged)
