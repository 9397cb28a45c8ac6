"""Answers in words, to read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clinic.accounts import queries as accounts
from clinic.core.rules import local
from clinic.history.rules import Precision, Substance
from clinic.intake.queries.assessments import Sheet
from clinic.intake.rules.sections import QUESTIONS, SAFETY, Ask, Question, Section
from clinic.web.amendments import Amendment, changed
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


def amendment(now: Sheet, before: Sheet, zone: str) -> Amendment:
    """What an assessment changed in the signed one that it amends."""
    old, new = before.saved(Section.SAFETY).answers, now.saved(Section.SAFETY).answers
    questions = [
        (question.label, answer_words(question, old.get(key)), answer_words(question, new.get(key)))
        for key, question in QUESTIONS.items()
    ]
    who = accounts.names([now.started_by])[now.started_by]
    uses = (Section.SUBSTANCES.label, _uses_words(before, zone), _uses_words(now, zone))
    changes = changed([*questions, uses])
    return Amendment(now.started_at, who, now.reason or "", changes)


def _uses_words(sheet: Sheet, zone: str) -> str:
    uses = sheet.saved(Section.SUBSTANCES).answers.get("uses", ())
    return "\n".join(use_words(use, zone) for use in uses) or "None"
