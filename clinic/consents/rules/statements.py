"""The words that stand on a consent and on what is disclosed with it (P1.2, P1.5). Pure.

Ours, but for the short notice; a clinic's counsel reads them before use. They stand in this one place.
"""

from dataclasses import dataclass

WORDS_VERSION = "2026-11"
RIGHT_TO_REVOKE = (
    "I can take this consent back at any time, in writing: I give or send a note to anybody who works here. "
    "If I say it by word, sharing stops at once and I am asked for the note. What was shared before, in "
    "reliance on this consent, cannot be called back."
)
REDISCLOSURE = (
    "A provider, a health plan or their business associate who gets my records for treatment, payment or "
    "health care operations may share them further as HIPAA allows, except in civil, criminal, "
    "administrative and legislative proceedings against me."
)
TPO_REDISCLOSURE = (
    "What is shared may be shared again by whoever gets it, and may then no longer be protected by "
    "42 CFR Part 2."
)
TPO_REFUSAL = (
    "I may refuse to sign. Then other providers and payers do not learn what they may need, and my care may "
    "have to be arranged or paid in another way."
)


class NoNotice(Exception):
    """The long notice is wanted and its slot is empty; the text says what to do."""


@dataclass(frozen=True)
class Notice:
    """What every disclosure made with consent carries (2.32), with where the words come from."""

    version: str
    words: str


SHORT = Notice(
    "short, 42 CFR 2.32(a)(2), 89 FR 12472 of Feb 16, 2024",
    "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
)


def notice(*, long: bool, long_words: str | None, long_source: str | None) -> Notice:
    """The notice that the clinic has chosen. Raises NoNotice while the long one is chosen and not loaded."""
    if not long:
        return SHORT
    if not long_words or not long_source:
        raise NoNotice(
            "Nothing was shared: the clinic has chosen the long notice of 42 CFR 2.32, and its words are not "
            "loaded. An administrator enters them with their source on the settings page"
        )
    return Notice(f"long, {long_source}", long_words)
