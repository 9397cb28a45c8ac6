"""Reading what the clinic decided, its sites and its calendar."""

from clinic.configuration.queries.decisions import Decision, decisions, history
from clinic.configuration.queries.in_force import (
    InForce,
    crisis_lines,
    emergency_number,
    forget,
    in_force,
    next_working_day,
    session_kind,
    value,
    values,
    version,
    working_day,
)
from clinic.configuration.queries.sites import SiteEntry, SiteRow, site, site_history, sites

__all__ = [
    "Decision",
    "InForce",
    "SiteEntry",
    "SiteRow",
    "crisis_lines",
    "decisions",
    "emergency_number",
    "forget",
    "history",
    "in_force",
    "next_working_day",
    "session_kind",
    "site",
    "site_history",
    "sites",
    "value",
    "values",
    "version",
    "working_day",
]
