"""What a clinic may decide, the defaults with their source, and the working calendar. Pure."""

from clinic.configuration.rules.calendar import add_working_days, is_working_day
from clinic.configuration.rules.settings import SETTINGS, Kind, Setting, plain, problem, typed
from clinic.configuration.rules.tables import CadenceColumn, CrisisLine, SessionKind, Window

__all__ = [
    "SETTINGS",
    "CadenceColumn",
    "CrisisLine",
    "Kind",
    "SessionKind",
    "Setting",
    "Window",
    "add_working_days",
    "is_working_day",
    "plain",
    "problem",
    "typed",
]
