"""What the answers mean: the table of C8.5 as data. Unknown is never green."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinic.aftercare.rules.questions import Item, Items
from clinic.worklist.rules import Level


class Colour(enum.IntEnum):
    """How one item, or all together, is read. Staff see levels and reasons, never these words."""

    UNKNOWN = 0
    GREEN = 1
    AMBER = 2
    AMBER_HIGH = 3
    RED = 4


@dataclass(frozen=True)
class Thresholds:
    """The clinic's thresholds of C8.5; all on the scale 0 to 10. The names are those of its settings."""

    mood_amber_at_most: int = 5
    mood_red_at_most: int = 2
    pull_amber_from: int = 4
    pull_red_from: int = 7
    pull_rise: int = 4  # from the last known answer


@dataclass(frozen=True)
class Reason:
    """Why an item stands out, in neutral words for staff."""

    item: Item
    words: str
    colour: Colour
    acute: bool = False


@dataclass(frozen=True)
class Judgement:
    """The level for staff, its reasons with the gravest first, and the asked items that nobody knows."""

    colour: Colour
    level: Level
    reasons: tuple[Reason, ...]
    unknown: frozenset[Item]

    @property
    def words(self) -> str:
        """All reasons in one line."""
        return "; ".join(reason.words for reason in self.reasons)


DEFAULT = Thresholds()

WORDS: Mapping[tuple[Item, str], tuple[Colour, str]] = {
    (Item.USED, "other"): (Colour.AMBER, "Returned to use: alcohol or other"),
    (Item.USED, "opioid"): (Colour.RED, "Returned to use: opioid"),
    (Item.MEDICINE, "missed_once"): (Colour.AMBER, "Medicine missed once"),
    (Item.MEDICINE, "missed_more"): (Colour.RED, "Medicine missed twice or more"),
    (Item.MEDICINE, "stopped"): (Colour.RED, "Medicine stopped"),
    (Item.SLEEP, "poor"): (Colour.AMBER, "Slept badly"),
    (Item.SLEEP, "very_poor"): (Colour.RED, "Hardly slept"),
    (Item.SAFE_PLACE, "unsure"): (Colour.AMBER, "Not sure of being safe tonight"),
    (Item.SAFE_PLACE, "no"): (Colour.RED, "No safe place tonight"),
    (Item.SUPPORT, "no"): (Colour.AMBER, "No contact with a supporter this week"),
    (Item.HARM, "yes_not_now"): (Colour.RED, "Thoughts of self-harm, not now"),
    (Item.HARM, "yes_now"): (Colour.RED, "Thoughts of self-harm now"),
    (Item.OVERDOSE, "yes"): (Colour.RED, "Overdose or nearly"),
    (Item.CALL, "yes"): (Colour.AMBER, "Would like a call"),
    (Item.CALL, "urgent"): (Colour.RED, "Needs a call soon"),
}
ACUTE = {(Item.HARM, "yes_now"), (Item.OVERDOSE, "yes"), (Item.CALL, "urgent")}
TREND_ONLY = {Item.ENERGY}


def judge(
    items: Items, asked: Iterable[Item], *, last_pull: int | None = None, limits: Thresholds = DEFAULT
) -> Judgement:
    """The judgement of all that is known now; made anew at every tap, for each tap can raise it.

    `items` holds what was said, `asked` what this check-in asks, `last_pull` the pull (0 to 10) of the
    last check-in that told it, None where none did.
    """
    reasons = [reason for item, value in items.items() if (reason := _reason(item, value, last_pull, limits))]
    reasons.sort(key=lambda reason: (-reason.acute, -reason.colour))
    unknown = frozenset(asked) - set(items) - TREND_ONLY
    colour = _together([reason.colour for reason in reasons], complete=not unknown)
    acute = any(reason.acute for reason in reasons)
    return Judgement(colour, Level.ACUTE if acute else LEVELS[colour], tuple(reasons), unknown)


LEVELS = {
    Colour.RED: Level.HIGH,
    Colour.AMBER_HIGH: Level.MODERATE,
    Colour.AMBER: Level.LOW,
    Colour.GREEN: Level.NONE,
    Colour.UNKNOWN: Level.NONE,  # nothing to act on yet; `unknown` says what is missing
}


def _together(colours: list[Colour], *, complete: bool) -> Colour:
    if Colour.RED in colours:
        return Colour.RED
    if colours.count(Colour.AMBER) > 1:
        return Colour.AMBER_HIGH
    if colours:
        return Colour.AMBER
    return Colour.GREEN if complete else Colour.UNKNOWN


def _reason(item: Item, value: str, last_pull: int | None, limits: Thresholds) -> Reason | None:
    if item is Item.TODAY:
        return _today(int(value), limits)
    if item is Item.PULL:
        return _pull(int(value), last_pull, limits)
    if (item, value) not in WORDS:
        return None
    colour, words = WORDS[item, value]
    return Reason(item, words, colour, acute=(item, value) in ACUTE)


def _today(value: int, limits: Thresholds) -> Reason | None:
    if value > limits.mood_amber_at_most:
        return None
    colour = Colour.RED if value <= limits.mood_red_at_most else Colour.AMBER
    return Reason(Item.TODAY, f"Today {value} of 10", colour)


def _pull(value: int, last: int | None, limits: Thresholds) -> Reason | None:
    risen = last is not None and value - last >= limits.pull_rise
    if value < limits.pull_amber_from and not risen:
        return None
    words = f"Pull {value} of 10, up from {last}" if risen else f"Pull {value} of 10"
    return Reason(Item.PULL, words, Colour.RED if value >= limits.pull_red_from else Colour.AMBER)
