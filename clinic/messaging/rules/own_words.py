"""A clinic's own words for a text: what they must keep, what they may not say, how long they may be."""

from string import Formatter

from clinic.messaging.rules import gsm7
from clinic.messaging.rules.templates import SEGMENT, Words

TOKEN = "x" * 22  # as long as the token of a link (P4.1)
STOP = "STOP"  # how to end it stands in every text that says so as shipped (P5.1)


def longest(words: Words, template_id: str, host: str) -> dict[str, str]:
    """The longest fill-ins a text can get; `host` is the address before the path of a link."""
    path = words.templates[template_id].link or ""
    return {**words.longest, "link": host + path + (TOKEN if path.endswith("/") else "")}


def problem(words: Words, template_id: str, language: str, text: str, host: str) -> str | None:
    """What is wrong with own words, as what to do; None if nothing (P4.1, P5.1)."""
    shipped = words.templates[template_id].texts[language]
    wanted, found = _fill_ins(shipped), _fill_ins(text)
    if found is None:
        return "Enter fill-ins in braces, like {time}, and no other braces"
    if extra := sorted(found - (wanted or set())):
        return f"Take out {{{extra[0]}}}. This text has no such fill-in"
    if missing := sorted((wanted or set()) - found):
        return f"Keep {{{missing[0]}}} in the text"
    if STOP in shipped and STOP not in text:
        return f"Keep the word {STOP}: it says how to end the texts"
    if forbidden := words.found_in(text):
        return f"Take out “{forbidden[0]}”. It would tell a stranger who writes"
    if (size := septets(words, template_id, language, text, host)) > SEGMENT:
        greeting = ", with the greeting" if words.templates[template_id].greets else ""
        return f"Shorten the text: one message holds {SEGMENT} characters{greeting}. It has {size}"
    return None


def septets(words: Words, template_id: str, language: str, text: str, host: str) -> int:
    """How long the longest message gets by these words, greeting and all."""
    fill_ins = longest(words, template_id, host)
    greeting = words.greeting[language] if words.templates[template_id].greets else ""
    return gsm7.septets(gsm7.turn((greeting + text).format_map(fill_ins)))


def _fill_ins(text: str) -> set[str] | None:
    """The names in braces; None where braces hold anything else."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    plain = all(name and name.isidentifier() and not spec and not turned for _, name, spec, turned in parts)
    return {str(name) for _, name, _, _ in parts} if plain else None
