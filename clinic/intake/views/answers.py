"""Answers in words: to read, and side by side when two people saved the same section."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from clinic.core.rules import local
from clinic.history.rules import Precision, Substance
from clinic.intake.forms.assessment import SubstancesForm
from clinic.intake.rules.sections import QUESTIONS, SAFETY, Ask, Question
from clinic.web.filters import day

ANSWERS = {"yes": "Yes", "no": "No", "not_known": "Not known", "declined": "Declined to answer"}


class Difference(NamedTuple):
    """One question that was answered in two ways."""

    label: str
    mine: str
    theirs: str


def safety_differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """Questions of the safety section with two answers."""
    return [
        Difference(
            question.label, answer_words(question, mine.get(key)), answer_words(question, theirs.get(key))
        )
        for key, question in QUESTIONS.items()
        if mine.get(key) != theirs.get(key)
    ]


def answer_words(question: Question, answer: Any) -> str:
    """An answer as a page says it."""
    if answer is None:
        return "Not asked"
    if question.ask is Ask.NUMBER:
        return f"{answer} {question.unit}"
    return dict(question.choices).get(answer) or ANSWERS[answer]


def parts_in_words(answers: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The safety section to read: (part, [(question, answer)])."""
    return [
        (
            part.title,
            [
                (question.label, answer_words(question, answers.get(question.key)))
                for question in part.questions
            ],
        )
        for part in SAFETY
    ]


def substance_differences(form: SubstancesForm, theirs: Mapping[str, Any], zone: str) -> list[Difference]:
    """Both lists, side by side."""
    typed = [row.answer(zone) for row in form.filled()]
    return [Difference("Substances", _list(typed, zone), _list(theirs.get("uses", ()), zone))]


def _list(uses: Any, zone: str) -> str:
    return "; ".join(use_words(use, zone) for use in uses) or "None"


def use_words(use: Mapping[str, Any], zone: str) -> str:
    """One substance with its last use."""
    name = Substance(use["substance"]).label
    if not use["at"]:
        return f"{name}, last use not known"
    there = local(datetime.fromisoformat(use["at"]), zone)
    about = "about " if use["precision"] == Precision.ABOUT else ""
    return f"{name}, {about}{day(there.date())} {there:%H:%M}"
