"""Answers to scores, bands and flags, by the file alone. Source: instruments/README.md, 'Scoring command'."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from clinic.instruments.rules.instrument import UNKNOWN, Band, Flag, Instrument, Item, Number, Scale

Answers = Mapping[str, object]
Context = Mapping[str, object]
Points = Mapping[str, int]


@dataclass(frozen=True)
class Scored:
    """A complete form. Flags are sorted, each once."""

    scores: Mapping[str, Number]
    bands: Mapping[str, str]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Incomplete:
    """What keeps the form from being scored, by item or `context.NAME`; and the flags that stand anyway.

    `open` are flags that nobody can rule out yet, for an item they rest on has no answer.
    """

    errors: Mapping[str, str]
    flags: tuple[str, ...]
    open: tuple[str, ...]


def score(instrument: Instrument, answers: Answers, context: Context) -> Scored | Incomplete:
    """Score a form. A flag stands as soon as no answer still missing could take it back.

    So the screener's intent to act is told from a draft, before its other questions are answered.
    """
    points, errors = read(instrument, answers)
    known, unclear = read_context(instrument, context)
    errors |= unclear
    values: dict[str, Fraction] = {}
    for scale in instrument.scales:
        value = scale_value(scale, points, known)
        if value is not None:
            values[scale.id] = value
    reach = {scale.id: within(instrument, scale, points, known) for scale in instrument.scales}
    flags = tuple(sorted({flag.id for flag in instrument.flags if _stands(flag, points, reach, known)}))
    if errors:
        open_flags = {flag.id for flag in instrument.flags if _is_open(flag, points)}
        return Incomplete(errors, flags, tuple(sorted(open_flags - set(flags))))
    scores = {scale.id: as_number(scale, values[scale.id]) for scale in instrument.scales}
    found = {scale: band_of(instrument, scale, value, known) for scale, value in values.items()}
    return Scored(scores, {scale: band.id for scale, band in found.items() if band}, flags)


def read(instrument: Instrument, answers: Answers) -> tuple[dict[str, int], dict[str, str]]:
    """The points of every legal answer (skipped: 0), and a sentence for each one that cannot stand."""
    points: dict[str, int] = {}
    errors: dict[str, str] = {}
    for item in instrument.items:
        answer = answers.get(item.id)
        found = None if answer is None else item.points(answer)
        if found is not None:
            points[item.id] = found
        elif answer is not None or item.required:
            errors[item.id] = wanted(instrument, item)
    for skip in instrument.skips:
        if skip.item in points and points[skip.item] == instrument.item(skip.item).points(skip.code):
            for skipped in skip.items:
                errors.pop(skipped, None)
                points[skipped] = 0
                if answers.get(skipped) is not None:
                    del points[skipped]
                    errors[skipped] = _not_asked(instrument, skipped, skip.item)
    known = {item.id for item in instrument.items}
    errors |= {name: "This form has no such item" for name in answers if name not in known}
    return points, errors


def wanted(instrument: Instrument, item: Item) -> str:
    """What to do about an item without a legal answer, in the words of its label."""
    name = label(instrument, item)
    if not item.options:
        return f"Enter {name} as a whole number from {item.low} to {item.high}"
    if instrument.self_report or item.paraphrase:
        return f"Choose an answer for {name}"
    return f"Choose what you see for {name}"


def label(instrument: Instrument, item: Item) -> str:
    """The item in a sentence: "question 3" on a form for patients, "runny nose or tearing" on a rated one."""
    if instrument.for_patients:
        return f"question {instrument.number(item)}"
    return item.name if item.name[1:2].isupper() else item.name[:1].lower() + item.name[1:]


def _not_asked(instrument: Instrument, skipped: str, by: str) -> str:
    name, cause = label(instrument, instrument.item(skipped)), label(instrument, instrument.item(by))
    return f"Leave out {name}: it is not asked after that answer for {cause}"


def read_context(instrument: Instrument, context: Context) -> tuple[dict[str, object], dict[str, str]]:
    """The context values that are known, and what is wanted for the others. Unknown is never read as no."""
    known: dict[str, object] = {}
    errors: dict[str, str] = {}
    for name, values in instrument.context.items():
        value = context.get(name)
        if value is None and UNKNOWN in values:
            value = UNKNOWN
        if value in values if values else isinstance(value, bool):
            known[name] = value
        else:
            legal = ", ".join(values) if values else "true or false"
            errors[f"context.{name}"] = f"Enter {name.replace('_', ' ')}: {legal}"
    return known, errors


def scale_value(scale: Scale, points: Points, known: Context) -> Fraction | None:
    """The exact score, rounded as the file says; None while an item or its context is missing."""
    counted = counted_items(scale, known)
    if counted is None or any(item not in points for item in counted):
        return None
    return combine(scale, [points[item] for item in counted])


Bounds = tuple[Fraction, Fraction]


def within(instrument: Instrument, scale: Scale, points: Points, known: Context) -> Bounds | None:
    """The least and the most a score can become; None while its items are not known."""
    counted = counted_items(scale, known)
    if counted is None:
        return None
    items = [instrument.item(item_id) for item_id in counted]
    least = combine(scale, [points.get(item.id, item.low) for item in items])
    return least, combine(scale, [points.get(item.id, item.high) for item in items])


def counted_items(scale: Scale, known: Context) -> list[str] | None:
    """The items that count in this context; None while that is not known."""
    if scale.exclusion is None:
        return list(scale.items)
    excluded = known.get(scale.exclusion.context)
    if excluded is None:
        return None
    return [item for item in scale.items if not (excluded and item in scale.exclusion.items)]


def combine(scale: Scale, points: Iterable[int]) -> Fraction:
    """Points of all counted items to one number. A mean is rounded half up to the file's decimals."""
    places = 10**scale.decimals
    return Fraction(math.floor(unrounded(scale, points) * places + Fraction(1, 2)), places)


def unrounded(scale: Scale, points: Iterable[int]) -> Fraction:
    """Points of all counted items to one number, as exact as they are."""
    values = list(points)
    if scale.method == "mean":
        return Fraction(sum(values), len(values))
    if scale.method == "max":
        return Fraction(max(values))
    total = sum(values)
    return Fraction(total if scale.cap is None else min(total, scale.cap))


def as_number(scale: Scale, value: Fraction) -> Number:
    return round(float(value), scale.decimals) if scale.decimals else int(value)


def band_of(instrument: Instrument, scale_id: str, value: Fraction, known: Context) -> Band | None:
    """The band of a score for whom it applies to; None only where the file has no bands for that score."""
    bands = (band for band in instrument.bands if band.scale == scale_id and applies(band.applies_to, known))
    return next((band for band in bands if band.low <= value <= band.high), None)


def applies(to: Mapping[str, str], known: Context) -> bool:
    return all(known.get(name) == value for name, value in to.items())


def _stands(flag: Flag, points: Points, reach: Mapping[str, Bounds | None], known: Context) -> bool:
    if not applies(flag.applies_to, known):
        return False
    held = []
    for condition in flag.conditions:
        if condition.on_scale:
            ends = reach[condition.id]
        else:
            ends = (Fraction(points[condition.id]),) * 2 if condition.id in points else None
        held.append(ends is not None and condition.holds_between(*ends))
    return all(held) if flag.every else any(held)


def _is_open(flag: Flag, points: Points) -> bool:
    return any(not c.on_scale and c.id not in points for c in flag.conditions)
