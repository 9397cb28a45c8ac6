"""Dated facts: their kinds, the answers each may have, and how the banner tells them (C5.2, C5.3)."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


class FactKind(enum.StrEnum):
    """What a fact of history is about."""

    PREGNANCY = "pregnancy"
    ALLERGY = "allergy"
    NALOXONE = "naloxone"
    SEIZURE_HISTORY = "seizure_history"

    @property
    def label(self) -> str:
        """In words for people."""
        return _FACTS[self]


_FACTS = {
    FactKind.PREGNANCY: "Pregnancy",
    FactKind.ALLERGY: "Allergies",
    FactKind.NALOXONE: "Naloxone",
    FactKind.SEIZURE_HISTORY: "Seizure or delirium in an earlier withdrawal",
}

# The codes each kind may have; unknown is a code and never read as no (C5.2, C5.3).
_ASKED = ("yes", "no", "not_known", "declined")
CODES: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.PREGNANCY: (*_ASKED, "not_applicable"),
    FactKind.ALLERGY: ("known", "none_known", "not_known", "declined"),
    FactKind.NALOXONE: ("given", "declined", "has"),
    FactKind.SEIZURE_HISTORY: _ASKED,
}


CODE_LABELS: Mapping[str, str] = {
    "yes": "Yes",
    "no": "No",
    "not_known": "Not known",
    "declined": "Declined",
    "not_applicable": "Cannot be pregnant",
    "known": "Known",
    "none_known": "None known",
    "given": "Given",
    "has": "Already has it",
}


def allergies(facts: Sequence[tuple[str, str | None]]) -> str:
    """One line from (code, detail) of allergy facts, newest first. A known one stays until corrected."""
    known = [detail for code, detail in facts if code == "known" and detail]
    if known:
        return ", ".join(known)
    return CODE_LABELS[facts[0][0]] if facts else "Not asked"


def naloxone(code: str | None, expires_on: date | None, today: date) -> str:
    """One line: given, declined, at home, expired, or that nobody asked (C5.2)."""
    if code is None:
        return "Not asked"
    if expires_on and expires_on < today:
        return "Expired, offer it again"
    return CODE_LABELS[code]


@dataclass(frozen=True)
class NewFact:
    """A fact as it was learned. `detail` is free text (which allergy); `on` the day it holds for."""

    kind: FactKind
    code: str
    on: date
    detail: str | None = None
    expires_on: date | None = None
    source_kind: str = "told"


def fact_problem(fact: NewFact, today: date) -> tuple[str, str] | None:
    """Field and words of what is wrong with a fact; None if it can be."""
    if fact.code not in CODES[fact.kind]:
        return "code", "Choose one of the answers"
    if fact.on > today:
        return "on", "Enter a date that is not in the future"
    if fact.kind is FactKind.NALOXONE and fact.code in ("given", "has") and fact.expires_on is None:
        return "expires_on", "Enter when the naloxone expires; the date is on the package"
    if fact.code == "known" and not fact.detail:
        return "detail", "Enter what the person is allergic to"
    return None
