"""The way of a score over time as a drawing: places in a box of 320 x 150. A table has the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from clinic.instruments.rules.instrument import Band, Scale, drawn_until

LEFT, RIGHT, TOP, BOTTOM = 26.0, 310.0, 8.0, 126.0


@dataclass(frozen=True)
class Zone:
    """A published band as a strip: its upper edge, its height, its place among the bands from 0."""

    y: float
    height: float
    place: int


@dataclass(frozen=True)
class Curve:
    """One scale. `points` are (x, y), oldest first; `ticks` are (y, score) where a band begins."""

    scale: Scale
    zones: tuple[Zone, ...]
    ticks: tuple[tuple[float, float], ...]
    points: tuple[tuple[float, float], ...]
    first: datetime
    last: datetime


def curve(scale: Scale, bands: Sequence[Band], values: Sequence[tuple[datetime, float]]) -> Curve:
    """Draw one or more scores, oldest first; the way between two dates is as long as the time between."""
    first, last = values[0][0], values[-1][0]
    span = (last - first).total_seconds() or 1
    starts = [float(band.low) for band in bands]
    top = drawn_until(scale, bands)

    def y(score: float) -> float:
        return round(BOTTOM - (score - scale.low) / (top - scale.low) * (BOTTOM - TOP), 1)

    edges = pairwise(y(score) for score in (*starts, top)) if starts else ()
    zones = (Zone(upper, round(lower - upper, 1), place) for place, (lower, upper) in enumerate(edges))
    return Curve(
        scale=scale,
        zones=tuple(zones),
        ticks=tuple((y(score), score) for score in sorted({scale.low, *starts[1:], scale.high})),
        points=tuple(
            (_x((at - first).total_seconds() / span if last > first else 1), y(value)) for at, value in values
        ),
        first=first,
        last=last,
    )


def _x(share: float) -> float:
    return round(LEFT + 6 + share * (RIGHT - LEFT - 12), 1)
