"""A recommendation in the words of the page: every row with what it stood on and where that was answered."""

from collections.abc import Sequence
from typing import NamedTuple

from clinic.intake.rules.placement import Fired, Recommendation
from clinic.intake.rules.rows import Outcome
from clinic.intake.rules.sections import Section, label_of, source_of


class Shown(NamedTuple):
    """One row that fired."""

    id: str
    reason: str
    found: str
    sources: Sequence[Section]
    sets: Outcome | None


class Gap(NamedTuple):
    """One thing that is missing, and where to ask it."""

    label: str
    section: Section


def rows(found: Recommendation) -> list[Shown]:
    """Every row that fired, in the order of C4.4."""
    return [_shown(row) for row in found.rows]


def _shown(row: Fired) -> Shown:
    words = "; ".join(reason.words for reason in row.because)
    keys = [key for reason in row.because for key in reason.keys]
    sources = list(dict.fromkeys(source_of(key) for key in keys))
    return Shown(row.id, row.reason, words[:1].upper() + words[1:], sources, row.sets)


def gaps(found: Recommendation) -> list[Gap]:
    """What of the minimum data is unknown."""
    return [Gap(label_of(key), source_of(key)) for key in found.missing]


def sentence(found: Recommendation) -> str:
    """The proposal as a title: "Detox, then inpatient, with methadone or buprenorphine"."""
    words = found.outcome.label
    if found.then:
        words += f", then {found.then.label.lower()}"
    if found.medication and found.outcome not in (
        Outcome.EMERGENCY,
        Outcome.HOSPITAL,
        Outcome.INCOMPLETE,
    ):
        words += f", with {found.medication.label}"
    return words


def deciding(found: Recommendation) -> list[str]:
    """What decides it: the findings of the rows that asked for the recommended levels."""
    levels = {found.outcome, found.then}
    return [reason.words for row in found.rows if row.sets in levels and row.sets for reason in row.because]
