"""Answers in words, to read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clinic.core.rules import local
from clinic.history.rules import Precision, Substance
from clinic.intake.rules.sections import SAFETY, Ask, Question
from clinic.web.filters import day

ANSWERS = {"yes": "Yes", "no": "No", "not_known": "Not known", "declined": "Declined to answer"}


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


def use_words(use: Mapping[str, Any], zone: str) -> str:
    """One substance with its last use."""
    name = Substance(use["substance"]).label
    if not use["at"]:
        return f"{name}, last use not known"
    there = local(datetime.fromisoformat(use["at"]), zone)
    about = "about " if use["precision"] == Precision.ABOUT else ""
    return f"{name}, {about}{day(there.date())} {there:%H:%M}"
