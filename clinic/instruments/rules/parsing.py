"""From the TOML of a file to an Instrument, or a sentence that says what is wrong with the file."""

import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from clinic.instruments.rules.instrument import (
    OPERATORS,
    Band,
    Condition,
    Exclusion,
    Flag,
    Instrument,
    Item,
    Option,
    Scale,
    Skip,
)

METHODS = ("sum", "mean", "max", "value", "sum_capped")
Table = Mapping[str, Any]


class Malformed(ValueError):
    """The file of an instrument contradicts itself or leaves out what is needed."""


def parse(text: str) -> Instrument:
    """Read and check one instrument file. Raises Malformed."""
    try:
        table = tomllib.loads(text)
        instrument = _instrument(table)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"not TOML: {error}") from error
    except KeyError as error:
        raise Malformed(f"{error} is left out") from error
    _check_items(instrument)
    _check_scales(instrument)
    _check_bands(instrument)
    _check_flags(instrument)
    return instrument


def _instrument(table: Table) -> Instrument:
    licence = table["licence"]
    return Instrument(
        id=table["id"],
        title=table["title"],
        short_title=table["short_title"],
        version=table["version"],
        purpose=table["purpose"],
        self_report=table["respondent"] == "self",
        recall_period=table["recall_period"],
        notes=table.get("notes", ""),
        citation=table["source"]["citation"],
        may_ship_item_text=licence["may_ship_item_text"],
        attribution=licence.get("attribution", ""),
        items=tuple(_item(item) for item in table["item"]),
        skips=tuple(Skip(s["item"], s["code"], tuple(s["items"])) for s in table.get("skip", ())),
        scales=tuple(_scale(scale) for scale in table["score"]),
        bands=tuple(_band(band) for band in table["band"]),
        flags=tuple(_flag(flag) for flag in table.get("flag", ())),
    )


def _item(table: Table) -> Item:
    options = tuple(Option(o["code"], o["value"], o["label"]) for o in table.get("option", ()))
    if (table["type"] == "choice") != bool(options):
        raise Malformed(f"item {table['id']} is a {table['type']} and its options do not fit that")
    points = [option.points for option in options]
    return Item(
        id=table["id"],
        text=table["text"],
        required=table["required"],
        scored=table.get("scored", True) and table["required"],
        paraphrase=table["text_is_paraphrase"],
        low=min(points) if points else table["min"],
        high=max(points) if points else table["max"],
        options=options,
    )


def _scale(table: Table) -> Scale:
    exclude = table.get("exclude_when")
    return Scale(
        id=table["id"],
        method=table["method"],
        items=tuple(table["items"]),
        low=table["min"],
        high=table["max"],
        decimals=table["decimals"] if table["method"] == "mean" else 0,
        cap=table["cap"] if table["method"] == "sum_capped" else None,
        exclusion=Exclusion(exclude["context"], tuple(exclude["items"])) if exclude else None,
    )


def _band(table: Table) -> Band:
    return Band(
        scale=table["score"],
        id=table["id"],
        label=table["label"],
        low=_exact(table["min"]),
        high=_exact(table["max"]),
        applies_to=table.get("applies_to", {}),
        source=table["source"],
    )


def _flag(table: Table) -> Flag:
    if ("all" in table) == ("any" in table):
        raise Malformed(f"flag {table['id']} needs either all or any")
    return Flag(
        id=table["id"],
        conditions=tuple(
            Condition("score" in c, c["score"] if "score" in c else c["item"], c["op"], _exact(c["value"]))
            for c in table.get("all", table.get("any"))
        ),
        every="all" in table,
        applies_to=table.get("applies_to", {}),
        action=table["action"],
        source=table["source"],
        verified=table.get("verified", True),
    )


def _exact(number: float) -> Fraction:
    return Fraction(str(number))  # 6.9 as it is written, not as the nearest binary number


def _check_items(instrument: Instrument) -> None:
    _unique("item", (item.id for item in instrument.items))
    for item in instrument.items:
        _unique(f"option of {item.id}", (option.code for option in item.options))
        _unique(f"points of {item.id}", (str(option.points) for option in item.options))
    known = {item.id for item in instrument.items}
    for skip in instrument.skips:
        _known("skip", (skip.item, *skip.items), known)
        if skip.code not in (option.code for option in instrument.item(skip.item).options):
            raise Malformed(f"skip names {skip.item} = {skip.code}, which is no option of it")


def _check_scales(instrument: Instrument) -> None:
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


def _check_bands(instrument: Instrument) -> None:
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


def _check_flags(instrument: Instrument) -> None:
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
