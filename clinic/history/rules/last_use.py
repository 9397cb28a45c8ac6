"""Last use, and the bands of withdrawal by the hours since then (C1.1)."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.history.rules.substances import OPIOIDS, Route, Substance


class Precision(enum.StrEnum):
    """How well the time of last use is known."""

    EXACT = "exact"
    ABOUT = "about"
    UNKNOWN = "unknown"


class Band(enum.StrEnum):
    """Where the clock puts somebody in the usual course of withdrawal. It never says that none is there."""

    NOT_STARTED = "not_started"
    ONSET = "onset"
    PEAK = "peak"
    RESOLVING = "resolving"
    PAST = "past"

    @property
    def label(self) -> str:
        """In words for people."""
        return _BANDS[self]


_BANDS = {
    Band.NOT_STARTED: "Before the usual onset",
    Band.ONSET: "Onset window",
    Band.PEAK: "Peak window",
    Band.RESOLVING: "Resolving",
    Band.PAST: "Past the usual end",
}


@dataclass(frozen=True)
class Course:
    """The usual course after last use, in hours: earliest onset, peak from and until, latest end (C1.1)."""

    onset: float
    peak_from: float
    peak_until: float
    end: float


_DAY = 24
# Earliest and latest figures of C1.1; a depot's course cannot be predicted and has no row.
_SHORT = Course(onset=6, peak_from=24, peak_until=72, end=10 * _DAY)
_LONG = Course(onset=12, peak_from=3 * _DAY, peak_until=8 * _DAY, end=20 * _DAY)
COURSES: Mapping[Substance, Course] = {
    Substance.HEROIN: _SHORT,
    Substance.SHORT_ACTING_OPIOID: _SHORT,
    Substance.METHADONE: _LONG,
    Substance.LONG_ACTING_OPIOID: _LONG,
    Substance.FENTANYL: Course(onset=8, peak_from=36, peak_until=72, end=10 * _DAY),
    Substance.BUPRENORPHINE: Course(onset=24, peak_from=3 * _DAY, peak_until=5 * _DAY, end=14 * _DAY),
}


@dataclass(frozen=True)
class LastUse:
    """A substance and the moment of its last use; None = not known."""

    substance: Substance
    route: Route
    at: datetime | None
    precision: Precision


def hours_since(last_use: datetime, now: datetime) -> float:
    """Hours between last use and now."""
    return (now - last_use) / timedelta(hours=1)


def band(uses: Iterable[LastUse], now: datetime) -> Band | None:
    """The band by the clock over all opioids: earliest onset, latest end (C1.1, mixed use).

    None where it cannot be told: no opioid, a last use that is not known, or a monthly injection.
    """
    opioids = [use for use in uses if use.substance in OPIOIDS]
    if not opioids:
        return None
    spans = []
    for use in opioids:
        if use.at is None or use.route is Route.DEPOT:
            return None
        course, hours = COURSES[use.substance], hours_since(use.at, now)
        spans.append(
            (hours - course.onset, hours - course.peak_from, hours - course.peak_until, hours - course.end)
        )
    if all(onset < 0 for onset, *_ in spans):
        return Band.NOT_STARTED
    if all(end > 0 for *_, end in spans):
        return Band.PAST
    if all(peaked > 0 for _, _, peaked, _ in spans):
        return Band.RESOLVING
    return Band.PEAK if any(peak >= 0 for _, peak, _, _ in spans) else Band.ONSET


def hours_words(use: LastUse, now: datetime) -> str:
    """About 19 h ago; 19 h ago; not known. Always in hours: withdrawal is counted in hours."""
    if use.at is None:
        return "not known"
    hours = f"{hours_since(use.at, now):,.0f} h ago"
    return f"about {hours}" if use.precision is Precision.ABOUT else hours


def last_use_words(uses: Iterable[LastUse], now: datetime) -> str:
    """The banner's words on the latest opioid use; empty where none is known or its usual course is over."""
    opioids = [use for use in uses if use.substance in OPIOIDS]
    timed = [(use.at, use) for use in opioids if use.at]
    if not timed:
        return "Last use not known" if opioids else ""
    if band(opioids, now) is Band.PAST:
        return ""
    return f"Last use {hours_words(max(timed, key=lambda one: one[0])[1], now)}"


OLDEST_USE = timedelta(days=366 * 100)


def last_use_problem(at: datetime | None, precision: Precision, now: datetime) -> str | None:
    """What is wrong with a last use, in words for the form; None if it can be."""
    if precision is Precision.UNKNOWN:
        return "Leave last use empty if it is not known" if at else None
    if at is None:
        return "Enter last use, or choose that it is not known"
    if at > now:
        return "Enter last use as a time that is not in the future"
    if now - at > OLDEST_USE:
        return "Enter last use within the last 100 years"
    return None
