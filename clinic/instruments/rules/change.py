"""What became of a score between two fillings of the same scale."""

from dataclasses import dataclass
from fractions import Fraction

from clinic.instruments.rules.instrument import Instrument, Number, Scale
from clinic.instruments.rules.scoring import (
    Answers,
    Context,
    counted_items,
    read,
    read_context,
    unrounded,
)


@dataclass(frozen=True)
class Change:
    """By how much a score moved, after minus before; `percent` of the one before where that is not 0."""

    by: Number
    percent: int | None

    @property
    def words(self) -> str:
        """ "3 lower", "1.5 higher" or "the same"."""
        return f"{abs(self.by)} {'lower' if self.by < 0 else 'higher'}" if self.by else "the same"


def change(
    instrument: Instrument, scale: Scale, before: tuple[Answers, Context], after: tuple[Answers, Context]
) -> Change | None:
    """The change on the unrounded score (peg.toml); None where one of the two cannot be scored."""
    values = [_value(instrument, scale, *form) for form in (before, after)]
    if values[0] is None or values[1] is None:
        return None
    by = values[1] - values[0]
    percent = round(100 * by / values[0]) if values[0] else None
    return Change(round(float(by), 1) if scale.decimals else int(by), percent)


def _value(instrument: Instrument, scale: Scale, answers: Answers, context: Context) -> Fraction | None:
    points, _ = read(instrument, answers)
    known, _ = read_context(instrument, context)
    counted = counted_items(scale, known)
    if counted is None or any(item not in points for item in counted):
        return None
    return unrounded(scale, [points[item] for item in counted])
