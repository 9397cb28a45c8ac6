"""The words of every e-mail, as text and neutral HTML, read from data and checked then (P5.1, P5.2)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Formatter
from typing import Any

from clinic.messaging.rules.templates import LANGUAGES, WORDS, Words, WrongTemplate

FILL_INS = frozenset({"emergency", "phone", "day", "time", "name"})


@dataclass(frozen=True)
class Letter:
    """One mail in one language: a subject, paragraphs, and the words of its link."""

    subject: str
    lines: tuple[str, ...]
    link_words: str | None


@dataclass(frozen=True)
class MailTemplate:
    """One mail in its languages. `link` is the path before a token."""

    id: str
    version: int
    letters: Mapping[str, Letter]
    link: str | None


@dataclass(frozen=True)
class Rendered:
    """A mail ready to go out."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Mails:
    """All mails with the words around them, by language."""

    templates: Mapping[str, MailTemplate]
    greeting: Mapping[str, str]
    foot: Mapping[str, tuple[str, ...]]
    stop: Mapping[str, str]

    def render(
        self,
        template_id: str,
        language: str,
        fill_ins: Mapping[str, str],
        *,
        stop_link: str,
        own: Letter | None = None,
    ) -> Rendered:
        """The mail, `own` words in the place of those shipped. `fill_ins["link"]` is where its link leads.

        An unknown language is English.

        Raises KeyError for an unknown template or a fill-in that is missing.
        """
        template = self.templates[template_id]
        language = language if language in template.letters else "en"
        shipped = template.letters[language]
        letter = own or shipped
        greeting = [self.greeting[language]] if fill_ins.get("name") else []
        before = [line.format_map(fill_ins) for line in (*greeting, *letter.lines)]
        after = [line.format_map(fill_ins) for line in self.foot[language]]
        # Own words may be older than the link: the letter leads where the shipped one does, all the same.
        led = shipped.link_words and (letter.link_words or shipped.link_words)
        links = [(led, fill_ins["link"])] if led else []
        stop = (self.stop[language], stop_link)
        subject = letter.subject.format_map(fill_ins)
        return Rendered(
            subject, _text(before, links, after, stop), _html(language, subject, before, links, after, stop)
        )


Link = tuple[str, str]


def _text(before: list[str], links: list[Link], after: list[str], stop: Link) -> str:
    led = [f"{words}:\n{address}" for words, address in links]
    return "\n\n".join([*before, *led, *after, f"{stop[0]}:\n{stop[1]}"]) + "\n"


def _html(
    language: str, subject: str, before: list[str], links: list[Link], after: list[str], stop: Link
) -> str:
    """Paragraphs and links, nothing else: no picture, no style, nothing that is fetched when it is opened."""
    paragraphs = [
        *(escape(line) for line in before),
        *(_anchor(link) for link in links),
        *(escape(line) for line in after),
        _anchor(stop),
    ]
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'
    )


def _anchor(link: Link) -> str:
    return f'<a href="{escape(link[1])}" rel="noreferrer">{escape(link[0])}</a>'


def load(file: Path, words: Words) -> Mails:
    """Read the mails. Raises WrongTemplate for one that names the clinic's field or lacks a language."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    mails = Mails(
        templates={id_: _template(id_, given) for id_, given in data["templates"].items()},
        greeting=data["greeting"],
        foot={language: tuple(lines) for language, lines in data["foot"].items()},
        stop=data["stop"],
    )
    for template in mails.templates.values():
        for language, letter in template.letters.items():
            around = (mails.greeting[language], *mails.foot[language], mails.stop[language])
            told = (letter.subject, *letter.lines, letter.link_words or "", *around)
            _check(f"{template.id} in {language}", told, words)
    return mails


def _template(id_: str, given: Mapping[str, Any]) -> MailTemplate:
    if missing := [language for language in LANGUAGES if language not in given]:
        raise WrongTemplate(f"{id_} has no mail in {missing[0]}")
    letters = {
        language: Letter(each["subject"], tuple(each["lines"]), each.get("link_words"))
        for language, each in ((language, given[language]) for language in LANGUAGES)
    }
    return MailTemplate(id_, given["version"], letters, given.get("link"))


def _check(which: str, told: tuple[str, ...], words: Words) -> None:
    for text in told:
        if wrong := {name for _, name, _, _ in Formatter().parse(text) if name} - FILL_INS:
            raise WrongTemplate(f"{which} has an unknown fill-in {sorted(wrong)[0]}")
        if found := words.found_in(text):
            raise WrongTemplate(f"{which} holds the word {found[0]}")


MAILS = load(Path(__file__).parent.parent / "data" / "mails.toml", WORDS)
