"""From the TOML of a file to an Instrument, or a sentence that says what is wrong with the file."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from clinic.instruments.rules.instrument import (
    Band,
    Condition,
    Exclusion,
    Flag,
    Instrument,
    Item,
    Malformed,
    Measure,
    Option,
    Scale,
    Skip,
    Stem,
    Step,
    Topic,
)
from clinic.instruments.rules.soundness import check

Table = Mapping[str, Any]
STEM = re.compile(r"Stem( for [^:]*)?: (.+?(?:\?|\.\.\.))")
READING = re.compile(r"From ([^:]+): ([^.]+)\.")
STEP = re.compile(r"(?:<=(\d+)|(\d+)-(\d+)|>(\d+)) -> (\d+)")


def parse(text: str) -> Instrument:
    """Read and check one instrument file. Raises Malformed."""
    try:
        table = tomllib.loads(text)
        instrument = _instrument(table)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"not TOML: {error}") from error
    except KeyError as error:
        raise Malformed(f"{error} is left out") from error
    check(instrument)
    return instrument


def _instrument(table: Table) -> Instrument:
    licence = table["licence"]
    skips = tuple(Skip(s["item"], s["code"], tuple(s["items"])) for s in table.get("skip", ()))
    return Instrument(
        id=table["id"],
        title=table["title"],
        short_title=table["short_title"],
        version=table["version"],
        purpose=table["purpose"],
        self_report=table["respondent"] == "self",
        recall_period=table["recall_period"],
        stem=_stem(table, skips),
        about=tuple(_topics(table)),
        meaningful_change=table.get("scoring", {}).get("change", ""),
        citation=table["source"]["citation"],
        may_ship_item_text=licence["may_ship_item_text"],
        attribution=licence.get("attribution", ""),
        items=tuple(_item(item) for item in table["item"]),
        skips=skips,
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
        window=table.get("window", ""),
        measure=_measure(table["id"], table["derive"]) if "derive" in table else None,
    )


def _measure(item_id: str, text: str) -> Measure:
    """A reading from the file's sentence "From beats per minute: <=80 -> 0, 81-100 -> 1, >100 -> 2."."""
    found = READING.match(text)
    steps = [STEP.fullmatch(part) for part in found[2].split(", ")] if found else [None]
    if found is None or not all(steps):
        raise Malformed(f"derive of {item_id} is not like: From UNIT: <=80 -> 0, 81-100 -> 1, >100 -> 2.")
    return Measure(found[1], tuple(_step(step) for step in steps if step))


def _step(found: re.Match[str]) -> Step:
    up_to, low, high, above, points = found.groups()
    if above:
        return Step(int(above) + 1, None, int(points))
    return Step(int(low or 0), int(high or up_to), int(points))


def _stem(table: Table, skips: tuple[Skip, ...]) -> Stem | None:
    """What the notes give as stem; one "for" some questions stands before those that may be left out."""
    found = STEM.search(table.get("notes", ""))
    if not found:
        return None
    part = found[1] and skips
    return Stem(found[2], skips[0].items[0] if part else table["item"][0]["id"])


def _topics(table: Table) -> Iterator[Topic]:
    """What the file tells people and no scorer reads, in the order of interest."""
    scoring, loinc = table.get("scoring", {}), table.get("loinc", {})
    plain = {
        "How it is given": table.get("administration"),
        "Notes": table.get("notes"),
        "Scoring": scoring.get("rule"),
        "Missing answers": scoring.get("missing"),
        "Change": scoring.get("change"),
    }
    yield from (Topic(heading, text) for heading, text in plain.items() if text)
    for rule in (*table.get("diagnostic_rule", ()), *table.get("specifier", ())):
        yield Topic(rule.get("label", rule["id"].replace("_", " ").capitalize()), rule["rule"])
    for other in table.get("alternative_band", ()):
        yield Topic(f"Other bands: {other['set']}", ", ".join(other["ranges"]))
    for difference in table.get("difference", ()):
        yield Topic(f"Sources differ: {difference['topic']}", difference["text"])
    codes = ", ".join(f"{part} {loinc[part]}" for part in ("panel", "total") if loinc.get(part))
    if codes:
        yield Topic("LOINC", codes)
    if checked := table["source"].get("checked_against"):
        yield Topic("Checked against", "; ".join(checked))


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
