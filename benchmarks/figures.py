"""Figures of several rounds, and what they come to."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

PROBE_ROUNDS = 20_000


@dataclass(frozen=True)
class Series:
    """One figure a round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Half of the rounds were below."""
        return median(self.rounds)

    def over(self, other: "Series") -> "Series":
        """Round by round divided by another: what was noise in a round is so for both."""
        return Series(tuple(ours / theirs for ours, theirs in zip(self.rounds, other.rounds, strict=True)))

    def words(self, shape: str = "{:.2f}") -> str:
        """Median (lowest to highest)."""
        low, high = min(self.rounds), max(self.rounds)
        return f"{shape.format(self.median)} ({shape.format(low)} to {shape.format(high)})"


def seconds(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = perf_counter()
    act()
    return perf_counter() - began


def probe() -> float:
    """Seconds of a fixed piece of work: where it varies, the machine is shared and figures are noise."""
    data = b"noise"

    def work() -> None:
        nonlocal data
        for _ in range(PROBE_ROUNDS):
            data = hashlib.sha256(data).digest()

    return seconds(work)


def series(rounds: Sequence[Sequence[float]]) -> Series:
    """The median of each round."""
    return Series(tuple(median(one) for one in rounds))
