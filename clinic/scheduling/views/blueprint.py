"""The blueprint of the room, and who may use its pages."""

from uuid import UUID

from flask import Blueprint

from clinic.accounts.rules import Role
from clinic.core import actor

bp = Blueprint("scheduling", __name__, template_folder="../templates")
BOOKERS = (Role.THERAPIST, Role.SUPERVISOR, Role.DESK)
LEADERS = (Role.THERAPIST, Role.SUPERVISOR)


def user() -> tuple[UUID, UUID]:
    """The signed-in person and their site."""
    who = actor.get()
    assert who.id is not None
    assert who.site_id is not None
    return who.id, who.site_id
