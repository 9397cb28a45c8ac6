"""Substances, last use and facts of history. Pure."""

from clinic.history.rules.facts import (
    CODE_LABELS,
    CODES,
    FactKind,
    NewFact,
    allergies,
    fact_problem,
    naloxone,
)
from clinic.history.rules.last_use import (
    COURSES,
    OLDEST_USE,
    Band,
    Course,
    LastUse,
    Precision,
    band,
    hours_since,
    hours_words,
    last_use_problem,
    last_use_words,
)
from clinic.history.rules.substances import OPIOIDS, Route, Substance

__all__ = [
    "CODES",
    "CODE_LABELS",
    "COURSES",
    "OLDEST_USE",
    "OPIOIDS",
    "Band",
    "Course",
    "FactKind",
    "LastUse",
    "NewFact",
    "Precision",
    "Route",
    "Substance",
    "allergies",
    "band",
    "fact_problem",
    "hours_since",
    "hours_words",
    "last_use_problem",
    "last_use_words",
    "naloxone",
]
