"""Tracks, medication, the course of an episode, and the next contact that every open episode has. Pure."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from clinic.core.rules import instant, local


class Track(enum.StrEnum):
    """A level of care, in the order of the course."""

    DETOX = "detox"
    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    AFTERCARE = "aftercare"

    @property
    def label(self) -> str:
        """The word beside the colour."""
        return self.value.capitalize()


class Medication(enum.StrEnum):
    """Medication for opioid use disorder that goes with a stay."""

    AGONIST = "agonist"
    NALTREXONE = "naltrexone"
    NONE = "none"

    @property
    def label(self) -> str:
        """In words."""
        return {"agonist": "Methadone or buprenorphine", "naltrexone": "Naltrexone", "none": "No medication"}[
            self.value
        ]


class ContactKind(enum.StrEnum):
    """How the next contact happens."""

    VISIT = "visit"
    CALL = "call"
    SESSION = "session"
    CHECK_IN = "check_in"

    @property
    def label(self) -> str:
        """In words."""
        return {"visit": "Visit", "call": "Call", "session": "Session", "check_in": "Check-in"}[self.value]


@dataclass(frozen=True)
class NextContact:
    """A planned contact: local date and time in a zone (IANA name); the instant is derived (P7.1)."""

    on: date
    at: time
    zone: str
    kind: ContactKind

    @property
    def moment(self) -> datetime:
        """The UTC instant."""
        return instant(self.on, self.at, self.zone)


@dataclass(frozen=True)
class StaySpan:
    """One stay on a track; open while `ends_at` is None."""

    track: Track
    starts_at: datetime
    ends_at: datetime | None


def day_number(starts_at: datetime, now: datetime, zone: str) -> int:
    """The day of a stay, 1 on its first, by calendar days in the clinic's zone (P7.1)."""
    return (local(now, zone).date() - local(starts_at, zone).date()).days + 1


def stay_words(track: Track, day: int) -> str:
    """Where somebody is, as "Detox, day 3" or "Aftercare, week 9": days within walls, weeks outside."""
    if track in (Track.DETOX, Track.INPATIENT):
        return f"{track.label}, day {day}"
    return f"{track.label}, week {(day - 1) // 7 + 1}"


@dataclass(frozen=True)
class Course:
    """The five steps of a strip: (name, state) with past, now, future or skipped; and the sentence."""

    segments: tuple[tuple[str, str], ...]
    sentence: str


def course(tracks: Sequence[Track], current: Track | None, words: str) -> Course:
    """The strip of an episode. `tracks` are those stayed on, in any order; `current` the open one."""
    seen = set(tracks)
    order = list(Track)
    at = order.index(current) if current else (max((order.index(track) for track in seen), default=-1) + 1)
    segments = [("referral", "past" if seen else "now")]
    for place, track in enumerate(order):
        if track is current:
            state = "now"
        elif track in seen:
            state = "past"
        else:
            state = "skipped" if place < at else "future"
        segments.append((track.value, state))
    before = [track.label.lower() for track in order if track in seen and track is not current]
    sentence = words or ("Referral" if not seen else "No open stay")
    if before:
        sentence += f". Before: {', '.join(before)}"
    return Course(tuple(segments), sentence + ".")
