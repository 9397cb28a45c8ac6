"""What an instrument is: items, scales, bands and flags, as read from its file."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from clinic.instruments.rules.filled import Filled

Number = int | float
OPERATORS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
UNKNOWN = "unknown"


class Malformed(ValueError):
    """The file of an instrument contradicts itself or leaves out what is needed."""


@dataclass(frozen=True)
class Option:
    """One answer of a choice: what is stored, its points, its wording."""

    code: str
    points: int
    label: str


@dataclass(frozen=True)
class Step:
    """Readings from `low` to `high` (None: without an end), both inside, and the points they give."""

    low: int
    high: int | None
    points: int


@dataclass(frozen=True)
class Measure:
    """A reading that the points of an item come from, such as beats per minute; kept beside the answer."""

    unit: str
    steps: tuple[Step, ...]

    def points(self, reading: int) -> int:
        """Points of a reading of 0 or more."""
        return next(step.points for step in self.steps if step.high is None or reading <= step.high)


@dataclass(frozen=True)
class Item:
    """One question. A choice has options; a whole-number item has none and lies in low..high.

    `window` is the time it asks about where that differs between items, else empty.
    """

    id: str
    text: str
    required: bool
    scored: bool
    paraphrase: bool
    low: int
    high: int
    options: tuple[Option, ...]
    window: str
    measure: Measure | None

    @property
    def name(self) -> str:
        """What the item is called: the published text up to its first colon or comma, a paraphrase whole."""
        return self.text if self.paraphrase else re.split(r"[:,] ", self.text, maxsplit=1)[0]

    @property
    def hint(self) -> str:
        """How to rate it: the rest of the text, or empty."""
        rest = self.text[len(self.name) + 2 :]
        return rest[:1].upper() + rest[1:]

    def points(self, answer: object) -> int | None:
        """Points of an answer: a string is a code, a number the points or the whole number. None: illegal."""
        if isinstance(answer, str):
            return next((option.points for option in self.options if option.code == answer), None)
        if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != answer // 1:
            return None
        if self.options:
            return next((option.points for option in self.options if option.points == answer), None)
        return int(answer) if self.low <= answer <= self.high else None

    def code(self, points: int) -> str:
        """The code of the option with these points."""
        return next(option.code for option in self.options if option.points == points)


@dataclass(frozen=True)
class Skip:
    """When `item` is answered `code`, `items` are not asked and count 0."""

    item: str
    code: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Exclusion:
    """Items that do not count when the context value is true."""

    context: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """One score: how the points of its items become one number."""

    id: str
    method: str
    items: tuple[str, ...]
    low: int
    high: int
    decimals: int
    cap: int | None
    exclusion: Exclusion | None

    @property
    def words(self) -> str:
        """What the score is called beside others of the same form."""
        return self.id.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Band:
    """A published range of one score; both ends are inside."""

    scale: str
    id: str
    label: str
    low: Fraction
    high: Fraction
    applies_to: Mapping[str, str]
    source: str


def drawn_until(scale: Scale, bands: Sequence[Band]) -> int:
    """Where a drawing of a scale ends: one further where the last band is a single score, to give it room."""
    return scale.high + int(bool(bands) and bands[-1].low == scale.high)


@dataclass(frozen=True)
class Condition:
    """Compares an item's points or a score with a number."""

    on_scale: bool
    id: str
    op: str
    value: Fraction

    def holds(self, value: Fraction) -> bool:
        return OPERATORS[self.op](value, self.value)

    def holds_between(self, least: Fraction, most: Fraction) -> bool:
        """Whether it holds whatever the value becomes within these ends."""
        if self.op == "!=":
            return not least <= self.value <= most
        return self.holds(least) and self.holds(most)


@dataclass(frozen=True)
class Flag:
    """What a clinician must be told; `every` means all conditions are needed, else one is enough."""

    id: str
    conditions: tuple[Condition, ...]
    every: bool
    applies_to: Mapping[str, str]
    action: str
    source: str
    verified: bool


def context_words(value: object) -> str:
    """A context value as people read it; what is not there is not known."""
    known = {True: "Yes", False: "No", None: "Not known"}
    return known[value] if value is None or isinstance(value, bool) else str(value).capitalize()


@dataclass(frozen=True)
class Topic:
    """What people should know about an instrument and no scorer reads: a heading and its text."""

    heading: str
    text: str


@dataclass(frozen=True)
class Stem:
    """What is said before the questions, from the item `before` on."""

    text: str
    before: str


@dataclass(frozen=True)
class Instrument:
    """A scale as its file states it; `version` goes with every result.

    `wording` is the version of the clinic's own wording that its texts are; None: those of the file.
    """

    id: str
    title: str
    short_title: str
    version: str
    purpose: str
    self_report: bool
    recall_period: str
    stem: Stem | None
    about: tuple[Topic, ...]
    meaningful_change: str
    citation: str
    may_ship_item_text: bool
    attribution: str
    items: tuple[Item, ...]
    skips: tuple[Skip, ...]
    scales: tuple[Scale, ...]
    bands: tuple[Band, ...]
    flags: tuple[Flag, ...]
    wording: int | None = None

    def item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def number(self, item: Item) -> int:
        """The item's place on the form, from 1."""
        return self.items.index(item) + 1

    @property
    def staff_only(self) -> bool:
        """Whether the texts stand in for wording that the clinic has not loaded: no patient reads them."""
        return not self.may_ship_item_text and self.wording is None

    @property
    def for_patients(self) -> bool:
        """May a patient read it? Then questions stand whole and their points are hidden."""
        return self.self_report and not self.staff_only

    def skipped_by(self, item_id: str) -> Skip | None:
        """The rule by which an item may be left out; None for one that is always asked."""
        return next((skip for skip in self.skips if item_id in skip.items), None)

    def cutoff(self, scale_id: str) -> float | None:
        """Where the file begins to warn of a score, or else where its second band begins; None: nowhere."""
        compared = [c for f in self.flags if not f.applies_to for c in f.conditions if c.on_scale]
        warned = [float(c.value) for c in compared if c.id == scale_id and c.op in (">=", "<=")]
        starts = [float(b.low) for b in self.bands if b.scale == scale_id and not b.applies_to]
        return min(warned, default=None) or min(starts[1:], default=None)

    @property
    def paraphrased(self) -> bool:
        """Whether some items are in our words; results of such a form say so."""
        return any(item.paraphrase for item in self.items)

    def answer_words(self, item: Item, answer: str | int | None) -> str:
        """A stored answer as people read it."""
        if answer is None:
            return "Not answered"
        return next((option.label for option in item.options if option.code == answer), str(answer))

    def said(self, item: Item, filled: Filled) -> str:
        """What a form says on an item as people read it, with the reading behind it."""
        answer, reading = filled.answers.get(item.id), filled.measured.get(item.id)
        left_out = answer is None and (not item.required or self.skipped_by(item.id))
        words = "Not asked" if left_out else self.answer_words(item, answer)
        return f"{words}, {reading} {item.measure.unit}" if item.measure and reading is not None else words

    def rising(self, scale_id: str) -> bool:
        """Whether a high score is what the file warns of."""
        compared = [c for flag in self.flags for c in flag.conditions if c.on_scale and c.id == scale_id]
        return any(condition.op in (">=", ">") for condition in compared)

    @property
    def context(self) -> dict[str, tuple[str, ...]]:
        """The context values that bands, flags and exclusions need; () for one that is true or false."""
        needed: dict[str, tuple[str, ...]] = {s.exclusion.context: () for s in self.scales if s.exclusion}
        for applies_to in (*(b.applies_to for b in self.bands), *(f.applies_to for f in self.flags)):
            for name, value in applies_to.items():
                needed[name] = (*(known for known in needed.get(name, ()) if known != value), value)
        return needed

    @property
    def band_set(self) -> list[dict[str, object]]:
        """The bands as they are kept with a result, so that it can be read after the file has changed."""
        return [
            {"score": band.scale, "id": band.id, "label": band.label, "source": band.source}
            | {"min": float(band.low), "max": float(band.high)}
            | {"applies_to": dict(band.applies_to)}
            for band in self.bands
        ]
