"""What a check-in asks: the pages of C8.5 as data, one tap each, and what each tap says about the items."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

RATHER_NOT = "rather_not"


class Item(enum.StrEnum):
    """The items 1 to 11 of C8.5."""

    TODAY = "today"
    PULL = "pull"
    USED = "used"
    MEDICINE = "medicine"
    SLEEP = "sleep"
    SAFE_PLACE = "safe_place"
    SUPPORT = "support"
    HARM = "harm"
    OVERDOSE = "overdose"
    CALL = "call"
    ENERGY = "energy"


class PageCode(enum.StrEnum):
    """One question on one page; the value stands in the form and in the answer's row."""

    TODAY = "1"
    SLEEP = "2"
    PULL = "3"
    HAPPENED = "4"
    MEDICINE = "4b"
    TONIGHT = "5"
    HARM = "5b"
    SUPPORT = "W"


Items = Mapping[Item, str]  # an item that is not in it is unknown, never "no"
Answers = Mapping[PageCode, str]


@dataclass(frozen=True)
class Choice:
    """One button: its value, its words, and what it says. What it does not say stays unknown."""

    value: str
    label: str
    says: Items = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Page:
    """One question. `scale` pages are answered by 0 to 10 on a grid."""

    code: PageCode
    question: str
    hint: str
    choices: tuple[Choice, ...]
    scale: bool = False

    def choice(self, value: str) -> Choice:
        """The choice of that value. Raises KeyError where the page has none."""
        return {choice.value: choice for choice in self.choices}[value]


def _scale(item: Item) -> tuple[Choice, ...]:
    return (*(Choice(str(n), str(n), {item: str(n)}) for n in range(11)), _NOT_SAID)


_NOT_SAID = Choice(RATHER_NOT, "I would rather not say")

PAGES = {
    page.code: page
    for page in (
        Page(
            PageCode.TODAY,
            "How are you today?",
            "0 is very bad, 10 is very good.",
            _scale(Item.TODAY),
            scale=True,
        ),
        Page(
            PageCode.SLEEP,
            "How were sleep and energy?",
            "Choose what is nearest.",
            (
                Choice("both_good", "Both good", {Item.SLEEP: "good", Item.ENERGY: "good"}),
                Choice("low_energy", "Good sleep, little energy", {Item.SLEEP: "good", Item.ENERGY: "low"}),
                Choice("low_sleep", "Slept badly, enough energy", {Item.SLEEP: "poor", Item.ENERGY: "good"}),
                Choice("both_poor", "Both poor", {Item.SLEEP: "poor", Item.ENERGY: "low"}),
                Choice("hardly_slept", "Hardly slept at all", {Item.SLEEP: "very_poor"}),
                _NOT_SAID,
            ),
        ),
        Page(
            PageCode.PULL,
            "How strong was the pull?",
            "In the past days. 0 is none, 10 is very strong.",
            _scale(Item.PULL),
            scale=True,
        ),
        Page(
            PageCode.HAPPENED,
            "Did anything happen that you did not want?",
            "Choose the last line that is true.",
            (
                Choice("nothing", "Nothing", {Item.USED: "no", Item.OVERDOSE: "no"}),
                Choice("something", "Something", {Item.USED: "other", Item.OVERDOSE: "no"}),
                Choice("main_thing", "The main thing", {Item.USED: "opioid", Item.OVERDOSE: "no"}),
                Choice("nearly_died", "I nearly lost my life", {Item.OVERDOSE: "yes"}),
                _NOT_SAID,
            ),
        ),
        Page(
            PageCode.MEDICINE,
            "Did you keep to the daily plan we agreed?",
            "Choose what is nearest.",
            (
                Choice("yes", "Yes", {Item.MEDICINE: "yes"}),
                Choice("missed_once", "Missed once", {Item.MEDICINE: "missed_once"}),
                Choice("missed_more", "Missed more", {Item.MEDICINE: "missed_more"}),
                Choice("stopped", "Stopped", {Item.MEDICINE: "stopped"}),
                _NOT_SAID,
            ),
        ),
        Page(
            PageCode.TONIGHT,
            "Tonight",
            "Choose what is nearest.",
            (
                Choice(
                    "safe",
                    "I am safe, no thoughts of harming myself, no call needed",
                    {Item.SAFE_PLACE: "yes", Item.HARM: "no", Item.CALL: "no"},
                ),
                Choice(
                    "safe_call",
                    "I am safe and would like a call",
                    {Item.SAFE_PLACE: "yes", Item.CALL: "yes"},
                ),
                Choice("unsure", "I am not sure that I am safe", {Item.SAFE_PLACE: "unsure"}),
                Choice("no_place", "I have no safe place", {Item.SAFE_PLACE: "no"}),
                Choice("call_soon", "I need a call soon", {Item.CALL: "urgent"}),
                Choice("thoughts", "I have thoughts of harming myself", {Item.HARM: "yes_now"}),
                _NOT_SAID,
            ),
        ),
        Page(
            PageCode.HARM,
            "Thoughts of harming yourself?",
            "",
            (
                Choice("no", "No", {Item.HARM: "no"}),
                Choice("not_now", "Yes, not now", {Item.HARM: "yes_not_now"}),
                Choice("now", "Yes, now", {Item.HARM: "yes_now"}),
                _NOT_SAID,
            ),
        ),
        Page(
            PageCode.SUPPORT,
            "Were you in touch with someone who supports you this week?",
            "",
            (
                Choice("yes", "Yes", {Item.SUPPORT: "yes"}),
                Choice("no", "No", {Item.SUPPORT: "no"}),
                _NOT_SAID,
            ),
        ),
    )
}

# After "I have thoughts of harming myself" the page asks only this, and until it is answered "now" counts.
IS_IT_NOW = Page(
    PageCode.HARM,
    "Is it now?",
    "",
    (
        Choice("now", "Yes, now", {Item.HARM: "yes_now"}),
        Choice("not_now", "No, not now", {Item.HARM: "yes_not_now"}),
        _NOT_SAID,
    ),
)


@dataclass(frozen=True)
class Asked:
    """Which follow-ups this check-in has: on a medicine (4b); a week since W was asked last."""

    on_medicine: bool = False
    support: bool = False


def page(code: PageCode, answers: Answers) -> Page:
    """The page of that code as it reads after these answers."""
    if code is PageCode.HARM and answers.get(PageCode.TONIGHT) == "thoughts":
        return IS_IT_NOW
    return PAGES[code]


def path(answers: Answers, asked: Asked) -> list[PageCode]:
    """The pages of this check-in in order, as far as the answers decide them."""
    tonight = answers.get(PageCode.TONIGHT)
    shown = {
        PageCode.MEDICINE: asked.on_medicine,
        PageCode.HARM: tonight is not None and tonight != "safe",
        PageCode.SUPPORT: asked.support,
    }
    return [code for code in PageCode if shown.get(code, True)]


def next_page(answers: Answers, asked: Asked) -> PageCode | None:
    """The first page without an answer; None when the check-in is complete."""
    return next((code for code in path(answers, asked) if _chosen(code, answers) is None), None)


def page_before(code: PageCode, answers: Answers, asked: Asked) -> PageCode | None:
    """Where "Back" leads; None on the first page."""
    pages = path(answers, asked)
    position = pages.index(code)
    return pages[position - 1] if position else None


def items(answers: Answers, asked: Asked) -> dict[Item, str]:
    """What all taps together say. An item that no tap speaks of is absent: unknown, never "no"."""
    said: dict[Item, str] = {}
    for code in path(answers, asked):
        if chosen := _chosen(code, answers):
            said.update(chosen.says)
    return said


def _chosen(code: PageCode, answers: Answers) -> Choice | None:
    """The choice made; an answer to the other wording of 5b, kept from before Back, is none."""
    return next((choice for choice in page(code, answers).choices if choice.value == answers.get(code)), None)


def asked_items(answers: Answers, asked: Asked) -> set[Item]:
    """The items that this check-in can know of; those of its pages."""
    return {item for code in path(answers, asked) for choice in PAGES[code].choices for item in choice.says}
