"""The geometry of a small chart: one line a question, gaps where nothing was said."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, WIDTH, HEIGHT = 76.0, 484.0, 44.0  # of the viewBox, whatever its width on the page


@dataclass(frozen=True)
class Line:
    """One question's values over time, drawn between `top` and `top + HEIGHT`. Texts are SVG `points`."""

    label: str
    scale: str
    top: float
    segments: tuple[str, ...]
    marked: tuple[tuple[float, float], ...]

    @property
    def middle(self) -> float:
        """Where the dotted middle line runs."""
        return self.top + HEIGHT / 2

    @property
    def bottom(self) -> float:
        """Where the scale's low end runs."""
        return self.top + HEIGHT


def places(count: int) -> list[float]:
    """The x of each of `count` check-ins, oldest first."""
    step = WIDTH / max(count, 1)
    return [round(LEFT + step * (n + 0.5), 1) for n in range(count)]


def line(
    label: str, scale: str, values: Sequence[float | None], marked: Sequence[bool], top: float, highest: float
) -> Line:
    """A line of values from 0 to `highest`; None leaves a gap. `marked` values get a point of their own."""
    xs = places(len(values))
    points = [
        None if value is None else (x, round(top + HEIGHT - value / highest * HEIGHT, 1))
        for x, value in zip(xs, values, strict=True)
    ]
    dots = tuple(point for point, wanted in zip(points, marked, strict=True) if point and wanted)
    return Line(label, scale, top, _segments(points), dots)


def _segments(points: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return tuple(" ".join(f"{x},{y}" for x, y in part) for part in found if part)
