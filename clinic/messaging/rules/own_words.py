"""A clinic's own words for a message: what they must keep, what they may not say, how long they may be."""

from collections.abc import Mapping
from string import Formatter
from typing import NamedTuple

from clinic.messaging.rules import gsm7
from clinic.messaging.rules.mails import MAILS, Letter, MailTemplate, Rendered
from clinic.messaging.rules.templates import SEGMENT, WORDS, Template
from clinic.patients.rules import Channel

TOKEN = "x" * 22  # as long as the token of a link (P4.1)
STOP = "STOP"  # how to end it stands in every text that says so as shipped (P5.1)
LONGEST = {"subject": 60, "text": 600, "link_words": 40}  # characters of a letter, filled in (our choice)
TEMPLATES: Mapping[Channel, Mapping[str, Template | MailTemplate]] = {
    Channel.SMS: WORDS.templates,
    Channel.EMAIL: MAILS.templates,
}


class Which(NamedTuple):
    """Which words: of a text or a letter, in one language."""

    channel: Channel
    template: str
    language: str


class Wording(NamedTuple):
    """What a message says. Only a letter has a subject, and words for its link where it has one.

    Paragraphs of a letter stand apart by an empty line.
    """

    text: str
    subject: str | None = None
    link_words: str | None = None

    def letter(self) -> Letter:
        """The letter that these words are."""
        lines = tuple(" ".join(part.split()) for part in self.text.split("\n\n") if part.strip())
        return Letter(self.subject or "", lines, self.link_words)


def shipped(which: Which) -> Wording:
    """The words that came with this version of the program. Raises KeyError where there are none."""
    if which.channel is Channel.SMS:
        return Wording(WORDS.templates[which.template].texts[which.language])
    letter = MAILS.templates[which.template].letters[which.language]
    return Wording("\n\n".join(letter.lines), letter.subject, letter.link_words)


def fill_ins(text: str) -> set[str] | None:
    """The names in braces; None where braces hold anything else."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    plain = all(name and name.isidentifier() and not spec and not turned for _, name, spec, turned in parts)
    return {str(name) for _, name, _, _ in parts} if plain else None


def problem(which: Which, own: Wording, host: str) -> tuple[str, str] | None:
    """The part of own words that is wrong, and what to do; None if nothing (P4.1, P5.1, P5.2)."""
    for part, words, model in zip(Wording._fields, own, shipped(which), strict=True):
        if model is not None and (why := _part_problem(part, words or "", model)):
            return part, why
    if which.channel is Channel.SMS:
        why = _text_problem(which, own.text, host)
        return ("text", why) if why else None
    return _letter_problem(own)


def longest(which: Which, host: str) -> dict[str, str]:
    """The longest fill-ins a message can get; `host` is the address before the path of a link."""
    path = TEMPLATES[which.channel][which.template].link or ""
    return {**WORDS.longest, "link": host + path + (TOKEN if path.endswith("/") else "")}


def longest_text(which: Which, text: str, host: str) -> str:
    """The longest text message by these words, greeting and all."""
    return WORDS.render(which.template, which.language, longest(which, host), text)


def longest_letter(which: Which, own: Wording, host: str) -> Rendered:
    """The longest letter by these words, with all that stands around them."""
    stop = f"{host}/m/{TOKEN}"
    given = longest(which, host)
    return MAILS.render(which.template, which.language, given, stop_link=stop, own=own.letter())


def _part_problem(part: str, words: str, model: str) -> str | None:
    wanted, found = fill_ins(model) or set(), fill_ins(words)
    if not words.strip():
        return f"Enter {part.replace('_', ' ')}"
    if found is None:
        return "Enter fill-ins in braces, like {time}, and no other braces"
    if extra := sorted(found - wanted):
        return f"Take out {{{extra[0]}}}. These words have no such fill-in"
    if part != "subject" and (missing := sorted(wanted - found)):
        return f"Keep {{{missing[0]}}} in the text"
    if forbidden := WORDS.found_in(words):
        return f"Take out “{forbidden[0]}”. It would tell a stranger who writes"
    if "://" in words:
        return "Take out the address. A message leads nowhere but to its own link"
    return None


def _text_problem(which: Which, text: str, host: str) -> str | None:
    template = WORDS.templates[which.template]
    if STOP in template.texts[which.language] and STOP not in text:
        return f"Keep the word {STOP}: it says how to end the texts"
    greeting = WORDS.greeting[which.language] if template.greets else ""
    size = gsm7.septets(gsm7.turn((greeting + text).format_map(longest(which, host))))
    if size > SEGMENT:
        around = ", with the greeting" if template.greets else ""
        return f"Shorten the text: one message holds {SEGMENT} characters{around}. It has {size}"
    return None


def _letter_problem(own: Wording) -> tuple[str, str] | None:
    for part, most in LONGEST.items():
        size = len((getattr(own, part) or "").format_map(WORDS.longest))
        if size > most:
            return part, f"Shorten {part.replace('_', ' ')} to {most} characters. Filled in it has {size}"
    if any(part.splitlines() not in ([], [part]) for part in (own.subject or "", own.link_words or "")):
        return "subject", "Enter subject and link words on one line each"
    return None
