"""The score while the form is being filled in: what is there, and what the missing answers could add."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from clinic.instruments.rules.instrument import Band, Instrument, Number, Scale, drawn_until
from clinic.instruments.rules.scoring import (
    Answers,
    Context,
    Points,
    applies,
    as_number,
    band_of,
    counted_items,
    read,
    read_context,
    within,
)


@dataclass(frozen=True)
class Span:
    """One scale so far. `least` and `most` are where the missing answers can take it; `bands` are those that
    this person's score is read by, lowest first (none while their context is not known); a drawing of them
    ends at `until`."""

    scale: Scale
    answered: int
    asked: int
    least: Number
    most: Number
    least_band: Band | None
    most_band: Band | None
    bands: Sequence[Band]
    until: int


@dataclass(frozen=True)
class Running:
    """Points by item (None: no legal answer yet) and the span of every scale whose items are known."""

    points: dict[str, int | None]
    spans: tuple[Span, ...]


def running(instrument: Instrument, answers: Answers, context: Context) -> Running:
    """Where a form stands now."""
    points, _ = read(instrument, answers)
    known, _ = read_context(instrument, context)
    spans = (_span(instrument, scale, points, known) for scale in instrument.scales)
    scored = {item.id: points.get(item.id) for item in instrument.items if item.scored}
    return Running(scored, tuple(span for span in spans if span))


def _span(instrument: Instrument, scale: Scale, points: Points, known: Context) -> Span | None:
    counted, ends = counted_items(scale, known), within(instrument, scale, points, known)
    if counted is None or ends is None:
        return None
    least, most = ends

    def band(value: Fraction) -> Band | None:
        return band_of(instrument, scale.id, value, known)

    bands = _bands(instrument, scale, known)
    return Span(
        scale=scale,
        answered=sum(item in points for item in counted),
        asked=len(counted),
        least=as_number(scale, least),
        most=as_number(scale, most),
        least_band=band(least),
        most_band=band(most),
        bands=bands,
        until=drawn_until(scale, bands),
    )


def bands_for(instrument: Instrument, scale: Scale, context: Context) -> list[Band]:
    """The bands that a person's score is read by, lowest first; none while their context is not known."""
    known, _ = read_context(instrument, context)
    return _bands(instrument, scale, known)


def _bands(instrument: Instrument, scale: Scale, known: Context) -> list[Band]:
    bands = [b for b in instrument.bands if b.scale == scale.id and applies(b.applies_to, known)]
    return sorted(bands, key=lambda band: band.low)
