"""Whether the file of an instrument fits together; if not, a sentence says where."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from clinic.instruments.rules.instrument import OPERATORS, Band, Instrument, Item, Malformed, Measure

METHODS = ("sum", "mean", "max", "value", "sum_capped")


def check(instrument: Instrument) -> None:
    """Raises Malformed for the first thing that contradicts another."""
    _items(instrument)
    _scales(instrument)
    _bands(instrument)
    _flags(instrument)


def _items(instrument: Instrument) -> None:
    _unique("item", (item.id for item in instrument.items))
    for item in instrument.items:
        _unique(f"option of {item.id}", (option.code for option in item.options))
        _unique(f"points of {item.id}", (str(option.points) for option in item.options))
        if item.measure:
            _steps(item, item.measure)
    known = {item.id for item in instrument.items}
    for skip in instrument.skips:
        _known("skip", (skip.item, *skip.items), known)
        if skip.code not in (option.code for option in instrument.item(skip.item).options):
            raise Malformed(f"skip names {skip.item} = {skip.code}, which is no option of it")


def _steps(item: Item, measure: Measure) -> None:
    """Every reading from 0 on gives points once, and points that the item has."""
    steps = measure.steps
    joined = all(
        before.high is not None and after.low == before.high + 1 for before, after in pairwise(steps)
    )
    if not joined or steps[0].low != 0 or steps[-1].high is not None:
        raise Malformed(f"derive of {item.id} does not cover every reading once")
    _known(f"derive of {item.id}", (str(s.points) for s in steps), {str(o.points) for o in item.options})


def _scales(instrument: Instrument) -> None:
    _unique("score", (scale.id for scale in instrument.scales))
    scored = {item.id for item in instrument.items if item.scored}
    for scale in instrument.scales:
        _known(f"score {scale.id}", scale.items, scored)
        if scale.method not in METHODS:
            raise Malformed(f"score {scale.id} has the method {scale.method}, which nobody can compute")
        if scale.method == "value" and len(scale.items) != 1:
            raise Malformed(f"score {scale.id} is the value of one item and names {len(scale.items)}")
        if scale.exclusion:
            _known(f"score {scale.id}", scale.exclusion.items, set(scale.items))


def _bands(instrument: Instrument) -> None:
    """Exactly one band for every possible score, for whomever the bands apply to."""
    for scale in instrument.scales:
        groups: dict[tuple[tuple[str, str], ...], list[Band]] = {}
        for band in instrument.bands:
            if band.scale == scale.id:
                groups.setdefault(tuple(sorted(band.applies_to.items())), []).append(band)
        for bands in groups.values():
            bands.sort(key=lambda band: band.low)
            step = Fraction(1, 10**scale.decimals)
            joined = all(after.low == before.high + step for before, after in pairwise(bands))
            if not joined or bands[0].low != scale.low or bands[-1].high != scale.high:
                raise Malformed(f"the bands of {scale.id} do not cover {scale.low} to {scale.high} once each")
    _known("band", (band.scale for band in instrument.bands), {scale.id for scale in instrument.scales})


def _flags(instrument: Instrument) -> None:
    items, scales = {item.id for item in instrument.items}, {scale.id for scale in instrument.scales}
    for flag in instrument.flags:
        for condition in flag.conditions:
            _known(f"flag {flag.id}", (condition.id,), scales if condition.on_scale else items)
            _known(f"flag {flag.id}", (condition.op,), set(OPERATORS))


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise Malformed(f"{what} {name} is there twice")
        seen.add(name)


def _known(where: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise Malformed(f"{where} names {name}, which the file does not have")
