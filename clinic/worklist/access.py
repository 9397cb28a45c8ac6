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

    Own are also those of everybody whom the actor covers. A supervisor sees all of the site.
    """
    who = actor.get()
    ours = [name for name, kind in registry.kinds.items() if who.role in kind.roles]
    shared = and_(WorkItem.owner_id.is_(None), WorkItem.kind.in_(ours))
    told = WorkEvent.told_id.in_(who.stands_for)
    paged = exists().where(WorkEvent.item_id == WorkItem.id, WorkEvent.event == Event.PAGED, told)
    at_site = WorkItem.site_id == who.site_id
    own = WorkItem.owner_id.in_(who.stands_for)
    if who.role == Role.SUPERVISOR:
        return or_(at_site, paged, own)
    return or_(own, and_(at_site, shared), paged)
