"""Whose work an item is."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

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
    shared = and_(_item.owner_id.is_(None), _item.kind.in_(ours))
    paged = _item.id.in_(_PAGED.where(_event.told_id.in_(who.stands_for)))
    at_site = _item.site_id == who.site_id
    own = _item.owner_id.in_(who.stands_for)
    if who.role == Role.SUPERVISOR:
        return or_(at_site, paged, own)
    return or_(own, and_(at_site, shared), paged)


# Columns of the tables, not of the mappers: every page asks this, and they are cheaper to build with.
_item, _event = WorkItem.__table__.c, WorkEvent.__table__.c
_PAGED = select(_event.item_id).where(_event.event == Event.PAGED)
