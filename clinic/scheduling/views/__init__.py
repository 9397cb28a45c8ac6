"""Pages of the schedule."""

from clinic.scheduling.views import booking, groups, rooms, sessions, week
from clinic.scheduling.views.blueprint import bp

__all__ = ["booking", "bp", "groups", "rooms", "sessions", "week"]
