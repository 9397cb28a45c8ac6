"""The words of every text, read from data and checked when they are read (P4.1, P5.1)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Any

from clinic.messaging.rules import gsm7
from clinic.messaging.rules.words import plain

LANGUAGES = ("en", "es")
LONGEST_NAME = 20  # septets
SEGMENT = 160  # septets


def spoken(language: str) -> str:
    """The language in which somebody of this language is written to: English where we have no other."""
    return language if language in LANGUAGES else "en"


class WrongTemplate(Exception):
    """A text that may not be sent; says which and why."""


@dataclass(frozen=True)
class Template:
    """One text in its languages. `link` is the path before a token (or of a page, without one)."""

    id: str
    version: int
    texts: Mapping[str, str]
    greets: bool
    link: str | None


@dataclass(frozen=True)
class Words:
    """All templates with the words around them."""

    templates: Mapping[str, Template]
    greeting: Mapping[str, str]
    longest: Mapping[str, str]
    forbidden: tuple[str, ...]
    day_data: Mapping[str, Any]

    def day(self, here: datetime, language: str) -> str:
        """A local day in words of GSM-7: "Tue Nov 24"."""
        names = self.day_data
        return str(names["day"][language]).format(
            weekday=names["days"][language][here.weekday()],
            month=names["months"][language][here.month - 1],
            day=here.day,
        )

    def render(
        self, template_id: str, language: str, fill_ins: Mapping[str, str], own: str | None = None
    ) -> str:
        """The text in GSM-7, `own` words in the place of those shipped.

        The greeting is left out whole where it does not fit, never cut.

        Raises KeyError for an unknown template or a fill-in that is missing. An unknown language is English.
        """
        template = self.templates[template_id]
        language = spoken(language)
        text = gsm7.turn((own or template.texts[language]).format_map(fill_ins))
        name = gsm7.turn(fill_ins.get("name", "")).strip()
        if not template.greets or not name or gsm7.septets(name) > LONGEST_NAME:
            return text
        greeted = gsm7.turn(self.greeting[language].format(name=name)) + text
        return greeted if gsm7.septets(greeted) <= SEGMENT else text

    def found_in(self, text: str) -> list[str]:
        """The forbidden words that a text, a sender's name or a host holds."""
        return [word for word in self.forbidden if word in plain(text)]


def load(file: Path) -> Words:
    """Read the words. Raises WrongTemplate for a text that names the clinic's field or lacks a language."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    words = Words(
        templates={id_: _template(id_, given) for id_, given in data["templates"].items()},
        greeting=data["greeting"],
        longest=data["longest"],
        forbidden=tuple(data["forbidden"]["words"]),
        day_data={name: data[name] for name in ("day", "days", "months")},
    )
    for template in words.templates.values():
        _check(template, words)
    return words


def _template(id_: str, given: Mapping[str, Any]) -> Template:
    if missing := [language for language in LANGUAGES if language not in given]:
        raise WrongTemplate(f"{id_} has no text in {missing[0]}")
    texts = {language: given[language] for language in LANGUAGES}
    return Template(id_, given["version"], texts, given.get("greets", False), given.get("link"))


def _check(template: Template, words: Words) -> None:
    known = {*words.longest, "link"}
    for language, text in template.texts.items():
        if wrong := {name for _, name, _, _ in Formatter().parse(text) if name} - known:
            raise WrongTemplate(f"{template.id} in {language} has an unknown fill-in {sorted(wrong)[0]}")
        if found := words.found_in(text):
            raise WrongTemplate(f"{template.id} in {language} holds the word {found[0]}")


WORDS = load(Path(__file__).parent.parent / "data" / "templates.toml")
