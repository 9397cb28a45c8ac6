"""What a clinic may decide, the defaults with their source, and the working calendar. Pure."""

from clinic.configuration.rules.calendar import add_working_days, is_working_day
from clinic.configuration.rules.facts import FACTS, Fact
from clinic.configuration.rules.kinds import Column, Kind, Setting, Table
from clinic.configuration.rules.limits import problem
from clinic.configuration.rules.settings import GROUPS, SETTINGS, plain, typed
from clinic.configuration.rules.sites import SiteFacts
from clinic.configuration.rules.tables import (
    CadenceColumn,
    CrisisLine,
    Holiday,
    SessionKind,
    SilenceStep,
    Window,
)

__all__ = [
    "FACTS",
    "GROUPS",
    "SETTINGS",
    "CadenceColumn",
    "Column",
    "CrisisLine",
    "Fact",
    "Holiday",
    "Kind",
    "SessionKind",
    "Setting",
    "SilenceStep",
    "SiteFacts",
    "Table",
    "Window",
    "add_working_days",
    "is_working_day",
    "plain",
    "problem",
    "typed",
]
