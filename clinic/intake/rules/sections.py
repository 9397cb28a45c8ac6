"""The assessment: its sections, the questions of 'Safety and circumstances' (C4.4), and what they find.

Answers are plain data as saved: codes (`yes`, `no`, `not_known`, `declined`, or a choice) and numbers.
Everything but a clear yes, no, choice or number is unknown.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clinic.history.rules import LastUse, hours_since
from clinic.intake.rules.findings import KEYS, Findings, Use, missing


class Section(enum.StrEnum):
    """A part of the assessment that is saved by itself, in the order of the page."""

    SAFETY = "safety"
    SUBSTANCES = "substances"
    COWS = "cows"
    PHQ9 = "phq9"

    @property
    def label(self) -> str:
        """As the list of sections names it."""
        return _SECTIONS[self]

    @property
    def instrument(self) -> str | None:
        """The scale that the section is; None for one of ours."""
        return self.value if self in (Section.COWS, Section.PHQ9) else None


_SECTIONS = {
    Section.SAFETY: "Safety and circumstances",
    Section.SUBSTANCES: "Substances and last use",
    Section.COWS: "COWS",
    Section.PHQ9: "PHQ-9",
}


class Ask(enum.StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Question:
    """One question; `key` is its key of C4.6. A number is in low..high; a choice has (code, label) pairs."""

    key: str
    label: str
    ask: Ask = Ask.YES_NO
    low: int = 0
    high: int = 0
    unit: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """Questions under one heading."""

    title: str
    questions: tuple[Question, ...]


def _number(key: str, label: str, low: int, high: int, unit: str, hint: str = "") -> Question:
    return Question(key, label, Ask.NUMBER, low, high, unit, hint)


_UNKNOWN = (("not_known", "Not known"), ("declined", "Declined to answer"))
SAFETY: tuple[Part, ...] = (
    Part("Now", (
        Question("conscious", "Awake and answering"),
        _number("respiratory_rate", "Breathing rate", 0, 80, "a minute", "Where measured."),
        _number("spo2", "Oxygen saturation", 0, 100, "% on air", "Where measured."),
        Question("chest_pain", "Chest pain"),
        Question("seizure_now", "Seizure now"),
        Question("vomiting_or_dehydrated", "Vomiting or dried out"),
        Question("unstable_illness", "Unstable illness",
                 hint="Bleeding in pregnancy, fever with injecting, or other illness not under control."),
    )),
    Part("Mind", (
        Question("suicidal_ideation", "Thoughts of suicide"),
        Question("suicide_plan_or_intent", "A plan, intent or means"),
        Question("suicide_attempt_3_months", "A suicide attempt in the last 3 months"),
        Question("psychosis", "Voices or confusion", hint="Psychosis or delirium."),
        Question("violent_intent", "Intent to harm others"),
        Question("psychiatric_severity", "How heavy psychiatric symptoms are", Ask.CHOICE, choices=(
            ("none", "None"), ("mild", "Mild"), ("moderate", "Moderate"), ("severe", "Severe"), *_UNKNOWN)),
    )),
    Part("Alcohol and sedatives", (
        Question("alcohol_daily", "Alcohol every day"),
        _number("drinks_per_day", "Drinks a day", 0, 100, "US drinks", "Daily alcohol: this or CIWA-Ar."),
        _number("ciwa", "CIWA-Ar total", 0, 67, "of 67", "If taken."),
        Question("benzodiazepine_daily", "Benzodiazepines every day"),
        Question("withdrawal_seizure_history", "Seizure or delirium in an earlier withdrawal"),
    )),
    Part("Body", (Question("pregnant", "Pregnant", hint="No also for who cannot be."),)),
    Part("Place and people", (
        Question("safe_housing", "A safe place to stay",
                 hint="No for homeless, unsafe, or living with active use or violence."),
        Question("sober_support", "A sober person who supports"),
        Question("failed_outpatient_start", "An outpatient start that did not hold"),
        _number("returns_to_use_12_months", "Returns to use in outpatient care, 12 months", 0, 100, "times"),
        Question("overdose_12_months", "Overdose in the last 12 months"),
        Question("released_4_weeks", "Left jail, hospital or detox within 4 weeks"),
    )),
    Part("Wishes", (
        Question("wants_medication", "Wants medication", hint="Methadone or buprenorphine."),
        Question("wants_naltrexone", "Wants naltrexone"),
        Question("preference", "Preferred track", Ask.CHOICE, choices=(
            ("detox", "Detox"), ("inpatient", "Inpatient"), ("outpatient", "Outpatient"),
            ("none", "No preference"), *_UNKNOWN)),
    )),
)  # fmt: skip
QUESTIONS: Mapping[str, Question] = {question.key: question for part in SAFETY for question in part.questions}
_KNOWN = {"yes": True, "no": False, "not_known": None, "declined": None}


def progress(answers: Mapping[str, Any]) -> tuple[int, int]:
    """Of the safety questions that the minimum data asks for (C4.6), how many have any answer, of how many.

    "Not known" and "declined" are answers here: it was asked. Plan and attempt need not be asked where
    thoughts of suicide were denied; with daily alcohol drinks or CIWA-Ar are one question.
    """
    asked = [key for key in missing(Findings()) if key in QUESTIONS]
    if answers.get("suicidal_ideation") == "no":
        asked = [key for key in asked if key not in ("suicide_plan_or_intent", "suicide_attempt_3_months")]
    answered, of = sum(key in answers for key in asked), len(asked)
    if answers.get("alcohol_daily") == "yes":
        answered, of = answered + bool({"drinks_per_day", "ciwa"} & answers.keys()), of + 1
    return answered, of


def findings_of(
    safety: Mapping[str, Any],
    uses: Iterable[LastUse] | None,
    cows: int | None,
    cows_not_done: str | None,
    *,
    at: datetime,
) -> Findings:
    """What the saved sections say at a moment. `uses` None: the section of substances was never saved."""
    known = {key: _value(QUESTIONS[key], answer) for key, answer in safety.items()}
    taken = None if uses is None else tuple(_use(use, at) for use in uses)
    return Findings(substances=taken, cows=cows, cows_not_done=cows_not_done, **known)


def _value(question: Question, answer: Any) -> Any:
    if question.ask is Ask.YES_NO:
        return _KNOWN[answer]
    return answer if KEYS[question.key].fits(answer) else None


def _use(use: LastUse, at: datetime) -> Use:
    return Use(use.substance.value, None if use.at is None else max(hours_since(use.at, at), 0))


def source_of(key: str) -> Section:
    """The section in which a finding was recorded, for links from reasons to their answers."""
    return {"substances": Section.SUBSTANCES, "cows": Section.COWS, "cows_not_done": Section.COWS}.get(
        key, Section.SAFETY
    )


def label_of(key: str) -> str:
    """What is asked under a key, in words for who must ask it."""
    named = {"substances": "Substances, each with last use", "cows": "COWS, or why it was not taken"}
    return named.get(key) or QUESTIONS[key].label
