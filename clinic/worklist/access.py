"""Whose work an item is."""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select

from clinic.accounts.rules import Role
from clinic.core import actor
from clinic.worklist import registry
from clinic.worklist.models import WorkEvent, WorkItem
from clinic.worklist.rules import Event


def oversees() -> bool:
    """Whether the actor sees all work of the site, whosever it is."""
    return actor.get().role == Role.SUPERVISOR


def mine(*, oversees: bool) -> ColumnElement[bool]:
    """Items of the actor: own ones, those of the site that nobody owns and the role does, those paged for.

    Own are also those of everybody whom the actor covers. Who `oversees` sees all of the site.
    """
    shared = and_(_item.owner_id.is_(None), _item.kind.in_(_OURS))
    return or_(_item.owner_id.in_(_STANDS_FOR), _PAGED, _AT_SITE if oversees else and_(_AT_SITE, shared))


# Columns of the tables, not of the mappers: every page asks this, and they are cheaper to build with.
# Who acts is looked up when a statement is asked, not when it is built: one built once serves everybody.
_item, _event = WorkItem.__table__.c, WorkEvent.__table__.c
_STANDS_FOR: BindParameter[Any] = bindparam(
    "stands_for", callable_=lambda: actor.get().stands_for, expanding=True
)
_OURS: BindParameter[Any] = bindparam(
    "ours",
    callable_=lambda: [name for name, kind in registry.kinds.items() if actor.get().role in kind.roles],
    expanding=True,
)
_AT_SITE = _item.site_id == bindparam("at_site", callable_=lambda: actor.get().site_id)
_PAGED = _item.id.in_(
    select(_event.item_id).where(_event.event == Event.PAGED, _event.told_id.in_(_STANDS_FOR))
)
