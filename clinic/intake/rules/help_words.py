"""The words of the public page in each language, read from data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class HelpWords:
    """One language. `text` is that of the page; the rest, by field, is empty for the form's own language."""

    text: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_FILE = Path(__file__).parent.parent / "data" / "help.toml"
HELP_WORDS: Mapping[str, HelpWords] = {
    language: HelpWords(**parts) for language, parts in tomllib.loads(_FILE.read_text("utf-8")).items()
}
