"""What the settings stand on, with source and confidence, read from data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fact:
    """One fact by its id, in one sentence; the whole of it stands in docs/facts/`file`.

    `places`: other pages of administration that stand on it, as (label, endpoint).
    """

    id: str
    title: str
    says: str
    source: str
    confidence: str
    file: str
    places: tuple[tuple[str, str], ...] = ()


def _load(file: Path) -> Mapping[str, Fact]:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    places = {id_: tuple(map(tuple, given.pop("places", ()))) for id_, given in data.items()}
    return {id_: Fact(id_, **given, places=places[id_]) for id_, given in data.items()}


FACTS = _load(Path(__file__).parent.parent / "data" / "facts.toml")
