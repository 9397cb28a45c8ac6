"""The scales of a chart: last score, and the way it went."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clinic.instruments import queries as instruments
from clinic.instruments.queries import AdministrationRow
from clinic.instruments.rules import Instrument

VALUES_SHOWN = 8


class Measure(NamedTuple):
    """One scale: its values oldest first, its ends and where it warns, the last value's date and band."""

    administration_id: UUID
    title: str
    values: list[float]
    low: float
    high: float
    cutoff: float | None
    last: str
    band: str
    first: str | None
    at: datetime


def scales(forms: Sequence[AdministrationRow]) -> Iterator[Measure]:
    """Each instrument's first scale, the one last filled in first."""
    by_instrument: dict[str, list[AdministrationRow]] = {}
    for form in forms:
        by_instrument.setdefault(form.instrument_id, []).append(form)
    known = instruments.all_instruments()
    for instrument_id, rows in by_instrument.items():
        if instrument_id not in known:
            continue  # a file that was taken away; its forms stay on their own page
        instrument = known[instrument_id]
        if values := scored(rows, instrument)[:VALUES_SHOWN]:
            yield _measure(instrument, values)


def _measure(instrument: Instrument, scored: Sequence[tuple[float, AdministrationRow]]) -> Measure:
    scale, values, newest = instrument.scales[0], [value for value, _ in reversed(scored)], scored[0][1]
    return Measure(
        administration_id=newest.id,
        title=instrument.short_title,
        values=values,
        low=scale.low,
        high=scale.high,
        cutoff=instrument.cutoff(scale.id),
        last=in_figures(values[-1]),
        band=newest.band_label(scale.id),
        first=in_figures(values[0]) if len(values) > 1 else None,
        at=newest.observed_at,
    )


def scored(
    forms: Sequence[AdministrationRow], instrument: Instrument
) -> list[tuple[float, AdministrationRow]]:
    """The value of the first scale of each form that has one, newest first."""
    scale = instrument.scales[0].id
    found = [((form.scores or {}).get(scale), form) for form in forms]
    return [(float(value), form) for value, form in found if value is not None]


def in_figures(value: float) -> str:
    """27, or 6.5: no needless decimals."""
    return f"{value:.1f}".removesuffix(".0")
