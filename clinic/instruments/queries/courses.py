"""The way of each score of a scale, and what changed from one filling to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.instruments.queries.administrations import AdministrationRow
from clinic.instruments.rules import Change, Curve, Instrument, Scale, bands_for, change, curve


@dataclass(frozen=True)
class Entry:
    """One score, and its change since the filling before it (None for the first)."""

    row: AdministrationRow
    value: float
    change: Change | None


@dataclass(frozen=True)
class Course:
    """One scale of an instrument: its scores, newest first, drawn where there are two or more."""

    scale: Scale
    entries: tuple[Entry, ...]
    curve: Curve | None


def courses(instrument: Instrument, rows: Sequence[AdministrationRow]) -> list[Course]:
    """Of each scale the scores of completed forms, given newest first; other versions cannot be compared."""
    same = [row for row in rows if row.instrument_version == instrument.version]
    return [_course(instrument, scale, same) for scale in instrument.scales]


def _course(instrument: Instrument, scale: Scale, rows: Sequence[AdministrationRow]) -> Course:
    scored = [(row, row.scores[scale.id]) for row in rows if row.scores and scale.id in row.scores]
    before = [row for row, _ in scored[1:]]
    entries = [
        Entry(row, value, _change(instrument, scale, earlier, row))
        for (row, value), earlier in zip(scored, [*before, None], strict=False)
    ]
    drawn = None
    if len(scored) > 1:
        bands = bands_for(instrument, scale, scored[0][0].context)
        drawn = curve(scale, bands, [(row.observed_at, value) for row, value in reversed(scored)])
    return Course(scale, tuple(entries), drawn)


def _change(
    instrument: Instrument, scale: Scale, before: AdministrationRow | None, after: AdministrationRow
) -> Change | None:
    if before is None:
        return None
    return change(instrument, scale, (before.answers, before.context), (after.answers, after.context))
