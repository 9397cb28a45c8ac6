"""The clinic's own wording of an instrument: a file of ids and texts. Points and cut-offs stay the file's."""

import dataclasses
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.instruments.rules.instrument import Instrument, Item, Stem

MOST_CHARACTERS = 2000
TEXTS_ONLY = "A wording file holds ids and texts only; points and cut-offs stay those of the instrument."


class Unusable(ValueError):
    """One sentence for who wrote the wording file: the line or key, and what to do."""


@dataclass(frozen=True)
class Wording:
    """Texts by the ids of an instrument. `options` holds the labels that replace those of the file."""

    instrument_id: str
    stem: str
    attribution: str
    items: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


def read_wording(text: str, instruments: Mapping[str, Instrument]) -> Wording:
    """Read and check a whole wording file. Raises Unusable."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unusable(f"The file is not TOML: {error}.") from None
    _only(table, "", ("id", "stem", "attribution", "item"))
    instrument = instruments.get(_text(table, "id", ""))
    if instrument is None:
        raise Unusable(f"id: there is no instrument {table['id']}; `flask instruments list` prints the ids.")
    items: dict[str, str] = {}
    options: dict[str, dict[str, str]] = {}
    for row in _rows(table, "item", ""):
        item = _item(row, instrument, items)
        items[item.id] = _text(row, "text", f"item {item.id}: ")
        options[item.id] = dict(_labels(row, item))
    for item in instrument.items:
        if item.id not in items:
            raise Unusable(f"item {item.id} is left out. Give the text of every item of {instrument.id}.")
    stem, attribution = (_text(table, key, "") if key in table else "" for key in ("stem", "attribution"))
    return Wording(
        instrument.id, stem, attribution, items, {name: own for name, own in options.items() if own}
    )


def _item(row: Mapping[str, Any], instrument: Instrument, seen: Mapping[str, str]) -> Item:
    item_id = _text(row, "id", "item: ")
    _only(row, f"item {item_id}: ", ("id", "text", "option"))
    if item_id in seen:
        raise Unusable(f"item {item_id} is there twice. Give each item once.")
    found = next((item for item in instrument.items if item.id == item_id), None)
    if found is None:
        raise Unusable(f"item {item_id}: {instrument.id} has no such item. Use the ids of its file.")
    return found


def _labels(row: Mapping[str, Any], item: Item) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for option in _rows(row, "option", f"item {item.id}: "):
        code = _text(option, "code", f"item {item.id}, option: ")
        where = f"item {item.id}, option {code}: "
        _only(option, where, ("code", "label"))
        if code not in {known.code for known in item.options} or code in seen:
            raise Unusable(f"{where}the item has no such code, or it is there twice. Use each code once.")
        seen.add(code)
        yield code, _text(option, "label", where)


def _only(table: Mapping[str, Any], where: str, known: Sequence[str]) -> None:
    for key in table:
        if key not in known:
            raise Unusable(f"{where}`{key}` cannot be given here. {TEXTS_ONLY}")


def _rows(table: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unusable(f"{where}`{key}` must be written as [[{key}]] tables. {TEXTS_ONLY}")
    return rows


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    text = table.get(key)
    if not isinstance(text, str) or not text.strip():
        raise Unusable(f"{where}`{key}` needs a text.")
    if len(text) > MOST_CHARACTERS:
        raise Unusable(f"{where}`{key}` has {len(text):,} characters. Shorten it to {MOST_CHARACTERS:,}.")
    if any(unicodedata.category(character) == "Cc" and character != "\n" for character in text):
        raise Unusable(f"{where}`{key}` holds a control character. Take it out.")
    return text.strip()


def worded(instrument: Instrument, wording: Wording, version: int) -> Instrument:
    """The instrument with the clinic's texts; what scores it is untouched."""
    stem = instrument.stem
    if wording.stem:
        stem = Stem(wording.stem, stem.before if stem else instrument.items[0].id)
    return dataclasses.replace(
        instrument,
        items=tuple(_worded(item, wording) for item in instrument.items),
        stem=stem,
        attribution=wording.attribution or instrument.attribution,
        wording=version,
    )


def _worded(item: Item, wording: Wording) -> Item:
    labels = wording.options.get(item.id, {})
    return dataclasses.replace(
        item,
        text=wording.items.get(item.id, item.text),
        paraphrase=item.paraphrase and item.id not in wording.items,
        options=tuple(dataclasses.replace(o, label=labels.get(o.code, o.label)) for o in item.options),
    )
